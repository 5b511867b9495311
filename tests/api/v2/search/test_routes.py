"""Search over HTTP: what the caller may read, and nothing of others."""

from __future__ import annotations

import secrets
from typing import Any

import httpx
import pytest

from tests.support.server import Org, RunningServer

PATH = "/api/v2/search"


@pytest.fixture
def mark(api: httpx.Client) -> str:
    """A word in the names of a device, an alert, a webhook and a customer."""
    word = f"w{secrets.token_hex(5)}"
    made = api.post("/api/v2/devices", json={"name": f"{word} pump"})
    device_id = made.json()["device"]["id"]
    condition = {"type": "no_data", "after_s": 60}
    wanted = {"name": f"Dry {word}", "target": {"devices": [device_id]}, "condition": condition}
    assert api.post("/api/v2/alerts", json=wanted).status_code == 201
    assert api.post("/api/v2/webhooks", json={"name": f"Hook {word}", "url": "https://example.org", "topics": ["*"]}).is_success
    customer = {"name": f"{word} mill", "admin_email": "ada@example.org", "tenant_name": word}
    assert api.post("/api/v2/customers", json=customer).status_code == 201
    assert api.post("/api/v2/dashboards", json={"name": f"Wall {word}"}).status_code == 201
    return word


def found(api: httpx.Client, **query: Any) -> list[tuple[str, str]]:
    answer = api.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    return [(one["type"], one["name"]) for one in answer.json()["data"]]


def test_the_best_of_all_types(api: httpx.Client, other_api: httpx.Client, mark: str) -> None:
    hits = found(api, q=mark.upper())
    assert hits[:2] == [("device", f"{mark} pump"), ("customer", f"{mark} mill")]
    assert {("alert", f"Dry {mark}"), ("dashboard", f"Wall {mark}")} <= set(hits)
    assert found(api, q=mark, types=["alert", "customer"]) == [("customer", f"{mark} mill"), ("alert", f"Dry {mark}")]
    assert len(found(api, q=mark, limit=1)) == 1
    assert found(other_api, q=mark) == []


def test_an_id_is_found_by_its_beginning(api: httpx.Client, other_api: httpx.Client) -> None:
    device = api.post("/api/v2/devices", json={"name": "By id"}).json()["device"]
    assert ("device", "By id") in found(api, q=device["id"])
    assert api.get(PATH, params={"q": device["id"]}).json()["data"][0]["id"] == device["id"]
    assert found(other_api, q=device["id"]) == []


def test_each_type_needs_its_scope(server: RunningServer, acme: Org, api: httpx.Client, mark: str) -> None:
    def searched(*scopes: str) -> list[tuple[str, str]]:
        key = api.post("/api/v2/keys", json={"name": "seeker", "scopes": list(scopes)}).json()["value"]
        with server.client(acme) as client:
            client.headers["X-API-Key"] = key
            return found(client, q=mark)

    assert searched("profile:read") == []
    assert searched("profile:read", "alerts:read") == [("alert", f"Dry {mark}")]


@pytest.mark.parametrize(
    "query", [{}, {"q": ""}, {"q": "x" * 101}, {"q": "a", "types": "secret"}, {"q": "a", "limit": "51"}, {"q": "a", "sort": "x"}]
)
def test_a_wrong_field_is_named(api: httpx.Client, query: dict[str, str]) -> None:
    answer = api.get(PATH, params=query)
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["field"] in ("q", "types", "types[0]", "limit", "sort")
