"""The devices of a customer or a resident in the list of all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.in_process import InProcessServer

DEVICES, CUSTOMERS = "/api/v2/devices", "/api/v2/customers"


@pytest.fixture
def api(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.client(in_process.new_org()) as client:
        yield client


def names(api: httpx.Client, **query: Any) -> list[str]:
    return [one["name"] for one in api.get(DEVICES, params=query).raise_for_status().json()["data"]]


def add_customer(api: httpx.Client, tenant: str) -> str:
    body = {"name": tenant, "admin_email": "a@example.org", "tenant_name": tenant}
    return str(api.post(CUSTOMERS, json=body).raise_for_status().json()["id"])


def test_devices_are_listed_by_where_they_are_now(in_process: InProcessServer, api: httpx.Client) -> None:
    north, south = add_customer(api, "north"), add_customer(api, "south")
    person = {"name": "Grace", "email": "g@example.org"}
    grace = api.post(f"{CUSTOMERS}/{north}/residents", json=person).raise_for_status().json()["id"]
    paths = {name: f"{DEVICES}/{api.post(DEVICES, json={'name': name}).json()['device']['id']}" for name in "abcd"}
    for name, place in {"a": {"customer_id": north}, "b": {"resident_id": grace}, "c": {"customer_id": south}}.items():
        api.put(f"{paths[name]}/placement", json=place).raise_for_status()
    for sort in ("name", "-created_at", "created_at", "last_seen_at", "-last_seen_at", "-name"):
        assert sorted(names(api, customer_id=north, sort=sort)) == ["a", "b"], sort
    assert names(api, resident_id=grace) == ["b"]
    assert names(api, customer_id=south, resident_id=grace) == []
    assert names(api, customer_id=north, q="a") == ["a"]
    first = api.get(DEVICES, params={"customer_id": north, "limit": 1}).json()
    assert names(api, customer_id=north, cursor=first["next_cursor"]) == ["a"]
    api.put(f"{paths['a']}/placement", json={"customer_id": south}).raise_for_status()
    api.delete(f"{CUSTOMERS}/{north}/residents/{grace}").raise_for_status()
    assert (names(api, customer_id=north), names(api, customer_id=south, sort="name")) == (["b"], ["a", "c"])
    # As for other filters: what does not exist has no devices, and what is no id is an error.
    assert names(api, customer_id="cus_0000000000000") == names(api, resident_id=grace) == []
    refused = api.get(DEVICES, params={"customer_id": grace})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "customer_id")
    with in_process.client(in_process.orgs["Other"]) as stranger:
        assert names(stranger, customer_id=south) == []
