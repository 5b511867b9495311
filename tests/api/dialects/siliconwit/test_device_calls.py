"""SiliconWit's device call: a token speaks for its own device, whatever the body names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.in_process import InProcessServer

INGEST = "/api/devices/ingest"
Made = dict[str, Any]


@pytest.fixture
def api(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.client(in_process.orgs["Acme"]) as client:
        yield client


@pytest.fixture
def pump(api: httpx.Client) -> Made:
    return dict(api.post("/api/v2/devices", json={"name": "Pump"}).raise_for_status().json())


def values(api: httpx.Client, made: Made) -> list[Any]:
    rows = api.get(f"/api/v2/devices/{made['device']['id']}/telemetry").raise_for_status().json()["data"]
    return [row["data"] for row in rows]


@pytest.mark.parametrize("as_bearer", [False, True])
def test_a_token_is_good_under_its_device_s_name_alone(
    in_process: InProcessServer, api: httpx.Client, pump: Made, *, as_bearer: bool
) -> None:
    sibling = api.post("/api/v2/devices", json={"name": "Sibling"}).raise_for_status().json()
    token = {} if as_bearer else {"access_token": pump["access_token"]}
    headers = {"Authorization": f"Bearer {pump['access_token']}"} if as_bearer else {}
    with in_process.client() as device:
        for name in (sibling["device"]["id"], "dev_0000000000001", "Pump"):
            refused = device.post(INGEST, json=token | {"device_id": name, "data": {"n": 1}}, headers=headers)
            assert refused.status_code == 401, name
            assert refused.json().keys() == {"error"}
        taken = device.post(INGEST, json=token | {"device_id": pump["device"]["id"], "data": {"n": 2}}, headers=headers)
    assert (taken.status_code, taken.json()["success"]) == (200, True)
    assert (values(api, pump), values(api, sibling)) == ([{"n": 2}], [])
