"""A resident from the invitation to the end of their access, by real mail."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import httpx
import pytest

from tests.security.table import plain_reads
from tests.support.mailbox import Mailbox, smtp_server
from tests.support.server import RunningServer, running_server

PASSWORD = "a long enough passphrase 7"
HISTORY = ("telemetry/latest", "telemetry", "consumption")


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with smtp_server() as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[RunningServer]:
    environment = {
        **mailbox.settings,
        "PENSTOCK_MAIL_SENDER": "Penstock <iot@example.org>",
    }
    with running_server(tmp_path_factory.mktemp("residents") / "data", environment=environment) as running:
        yield running


@pytest.fixture
def owner(house: RunningServer) -> Iterator[httpx.Client]:
    with house.client(next(iter(house.orgs.values()))) as client:
        yield client


@pytest.fixture
def resident(house: RunningServer, owner: httpx.Client, mailbox: Mailbox) -> Iterator[tuple[str, str, httpx.Client]]:
    """The path of a resident, a device of theirs, and their own client."""
    body = {"name": "House", "admin_email": "ada@example.org", "tenant_name": f"t-{secrets.token_hex(6)}"}
    customer = owner.post("/api/v2/customers", json=body).json()["id"]
    residents = f"/api/v2/customers/{customer}/residents"
    email = f"grace-{secrets.token_hex(4)}@example.org"
    made = owner.post(residents, json={"name": "Grace", "email": email}).json()["id"]
    device = owner.post("/api/v2/devices", json={"name": "Flat 12"}).json()["device"]["id"]
    owner.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"consumption_m3": 4.5}})
    assert owner.put(f"/api/v2/devices/{device}/placement", json={"resident_id": made}).status_code == 200
    invited = owner.post(f"{residents}/{made}/invitation")
    assert (invited.status_code, invited.json()["role"], invited.json()["email"]) == (201, "resident", email)
    again = owner.post(f"{residents}/{made}/invitation")
    assert (again.status_code, again.json()["code"]) == (409, "invitations.exists")
    with house.client() as client:
        joining = {"token": mailbox.token_for(email), "password": PASSWORD, "name": "Grace"}
        answer = client.post("/api/v2/auth/invitations/accept", json=joining)
        assert answer.status_code == 201, answer.text
        tokens = client.post("/api/v2/auth/sign-in", json={"email": email, "password": PASSWORD}).json()
        client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        client.headers["X-Organization-Id"] = owner.headers["X-Organization-Id"]
        yield f"{residents}/{made}", device, client


def test_a_resident_sees_their_devices_and_nothing_else(owner: httpx.Client, resident: tuple[str, str, httpx.Client]) -> None:
    _, device, client = resident
    assert [one["id"] for one in client.get("/api/v2/profile/devices").json()["data"]] == [device]
    assert owner.post("/api/v2/profile/devices").status_code == 405
    for what in HISTORY:
        assert client.get(f"/api/v2/devices/{device}/{what}").status_code == 200
    another = owner.post("/api/v2/devices", json={"name": "Flat 13"}).json()["device"]["id"]
    for what in HISTORY:
        assert client.get(f"/api/v2/devices/{another}/{what}").status_code == 404
    for path in ("/api/v2/devices", "/api/v2/members", "/api/v2/keys", "/api/v2/customers", f"/api/v2/devices/{device}"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "auth.resident_bound")
    assert {client.get(path).status_code for path in plain_reads().values()} == {403}
    assert client.get("/api/v2/profile").json()["role"] == "resident"
    assert client.patch("/api/v2/profile", json={"name": "Grace H."}).status_code == 200
    owner.delete(f"/api/v2/devices/{device}/placement")
    assert client.get("/api/v2/profile/devices").json()["data"] == []
    assert client.get(f"/api/v2/devices/{device}/telemetry").status_code == 404


def test_a_resident_sees_what_follows_their_moving_in(owner: httpx.Client, resident: tuple[str, str, httpx.Client]) -> None:
    path, device, client = resident
    telemetry = f"/api/v2/devices/{device}/telemetry"
    for by in ("event", "arrival"):
        assert client.get(f"{telemetry}/latest", params={"by": by}).json() == {"data": None}, "it is the previous household's"
    assert client.get(telemetry).json()["data"] == []
    assert client.get("/api/v2/profile/devices").json()["data"][0]["last_seen_at"] is None
    owner.post(telemetry, json={"data": {"consumption_m3": 5.5}})
    owner.post(telemetry, json={"data": {"consumption_m3": 1.5}, "time": "2026-01-01T00:00:00Z"})
    for by in ("event", "arrival"):
        assert client.get(f"{telemetry}/latest", params={"by": by}).json()["data"]["data"] == {"consumption_m3": 5.5}
    assert len(client.get(telemetry, params={"from": "2025-01-01T00:00:00Z"}).json()["data"]) == 1
    place = {"resident_id": path.split("/")[-1], "from": "2025-12-31T00:00:00Z"}
    assert owner.put(f"/api/v2/devices/{device}/placement", json=place).status_code == 200
    assert len(client.get(telemetry, params={"from": "2025-01-01T00:00:00Z"}).json()["data"]) == 3


@pytest.mark.parametrize("what", ["resident", "customer", "member"])
def test_off_boarding_ends_the_access_at_once(owner: httpx.Client, resident: tuple[str, str, httpx.Client], what: str) -> None:
    path, device, client = resident
    user = client.get("/api/v2/profile").json()["user_id"]
    assert client.get(f"/api/v2/devices/{device}/telemetry").status_code == 200
    ways = {"resident": path, "customer": path.split("/residents")[0], "member": f"/api/v2/members/{user}"}
    assert owner.delete(ways[what]).is_success
    assert client.get(f"/api/v2/devices/{device}/telemetry").status_code == 401
    assert client.get("/api/v2/profile/devices").status_code == 401
