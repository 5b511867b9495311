"""Where devices stand, over HTTP: assigned, taken away, and marked by hand."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.in_process import InProcessServer


@pytest.fixture
def api(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.client(in_process.new_org()) as client:
        yield client


@pytest.fixture
def path(api: httpx.Client) -> str:
    return f"/api/v2/devices/{api.post('/api/v2/devices', json={'name': 'Meter'}).json()['device']['id']}"


@pytest.fixture
def customer(api: httpx.Client) -> str:
    body = {"name": "House", "admin_email": "a@example.org", "tenant_name": "house"}
    return str(api.post("/api/v2/customers", json=body).json()["id"])


def test_a_device_of_a_resident_is_their_customers(api: httpx.Client, path: str, customer: str) -> None:
    nowhere = api.get(f"{path}/placement").json()
    assert (nowhere["customer_id"], nowhere["resident_id"], nowhere["status"]) == (None, None, "online")
    person = {"name": "Grace", "email": "g@example.org"}
    resident = api.post(f"/api/v2/customers/{customer}/residents", json=person).json()["id"]
    placed = api.put(f"{path}/placement", json={"resident_id": resident}).json()
    assert (placed["customer_id"], placed["resident_id"]) == (customer, resident)
    moved = api.put(f"{path}/placement", json={"customer_id": customer}).json()
    assert (moved["customer_id"], moved["resident_id"]) == (customer, None)
    assert api.delete(f"{path}/placement").status_code == 204
    assert api.get(f"{path}/placement").json() == nowhere


def test_a_standing_stays_until_it_is_taken_back(api: httpx.Client, path: str) -> None:
    for status in ("maintenance", "offline", "online"):
        assert api.put(f"{path}/standing", json={"status": status}).json()["status"] == status
        assert api.get(f"{path}/placement").json()["status"] == status
    assert api.put(f"{path}/standing", json={"status": "lost"}).status_code == 400


def test_strangers_and_those_who_are_nowhere(in_process: InProcessServer, api: httpx.Client, path: str, customer: str) -> None:
    for body, field in (({"customer_id": "nonsense"}, "customer_id"), ({"resident_id": customer}, "resident_id")):
        refused = api.put(f"{path}/placement", json=body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)
    with in_process.client(in_process.orgs["Other"]) as stranger:
        for answer in (stranger.get(f"{path}/placement"), stranger.put(f"{path}/standing", json={"status": "offline"})):
            assert answer.status_code == 404
        own = stranger.post("/api/v2/devices", json={"name": "Own"}).json()["device"]["id"]
        assert stranger.put(f"/api/v2/devices/{own}/placement", json={"customer_id": customer}).status_code == 404
