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


def test_placements_have_a_history(api: httpx.Client, path: str, customer: str) -> None:
    body = {"name": "Other house", "admin_email": "a@example.org", "tenant_name": "other"}
    other = api.post("/api/v2/customers", json=body).json()["id"]
    assert api.get(f"{path}/placements").json() == {"data": [], "next_cursor": None}
    first = api.put(f"{path}/placement", json={"customer_id": customer}).json()
    assert first["from"] is None, "the first customer has what was measured before"
    moved = api.put(f"{path}/placement", json={"customer_id": other, "from": "2026-11-01T00:00:00+01:00"}).json()
    assert (moved["customer_id"], moved["from"]) == (other, "2026-10-31T23:00:00Z")
    assert api.get(f"{path}/placement").json() == moved
    periods = [
        {"customer_id": other, "resident_id": None, "from": moved["from"], "to": None},
        {"customer_id": customer, "resident_id": None, "from": None, "to": moved["from"]},
    ]
    page = api.get(f"{path}/placements", params={"limit": 1}).json()
    assert page["data"] == periods[:1]
    page = api.get(f"{path}/placements", params={"limit": 1, "cursor": page["next_cursor"]}).json()
    assert page == {"data": periods[1:], "next_cursor": None}
    api.put(f"{path}/placement", json={"customer_id": other, "from": "2026-09-01T00:00:00Z"})
    assert [one["from"] for one in api.get(f"{path}/placements").json()["data"]] == ["2026-09-01T00:00:00Z", None]
    entry = api.get("/api/v2/logs", params={"action": "device.place"}).json()["data"][0]
    assert (entry["details"]["before"]["from"], entry["details"]["after"]["from"]) == (moved["from"], "2026-09-01T00:00:00Z")


def test_a_placement_begins_neither_in_the_future_nor_at_no_time(api: httpx.Client, path: str, customer: str) -> None:
    for text in ("2099-01-01T00:00:00Z", "yesterday", "", "2026-11-01T00:00:00"):
        refused = api.put(f"{path}/placement", json={"customer_id": customer, "from": text})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "from"), text
    assert api.get(f"{path}/placements").json()["data"] == []


def test_the_history_ends_with_the_customer_or_resident_and_is_kept(api: httpx.Client, path: str, customer: str) -> None:
    residents = f"/api/v2/customers/{customer}/residents"
    resident = api.post(residents, json={"name": "Grace", "email": "g@example.org"}).json()["id"]
    api.put(f"{path}/placement", json={"resident_id": resident, "from": "2026-10-01T00:00:00Z"})
    assert api.delete(f"{residents}/{resident}").status_code == 204
    later, before = api.get(f"{path}/placements").json()["data"]
    assert (later["resident_id"], later["from"], later["to"]) == (None, before["to"], None)
    assert (before["resident_id"], before["from"]) == (resident, "2026-10-01T00:00:00Z")
    assert api.delete(f"/api/v2/customers/{customer}").status_code == 204
    (ended, same) = api.get(f"{path}/placements").json()["data"]
    assert ended["to"] is not None
    assert same == before
    assert api.get(f"{path}/placement").json()["from"] is None
