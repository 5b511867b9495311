"""The manager of a customer from the invitation to the end of their access, by real mail."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import httpx
import pytest

from tests.support.mailbox import Mailbox, smtp_server
from tests.support.server import RunningServer, running_server

PASSWORD = "a long enough passphrase 7"
CUSTOMERS = "/api/v2/customers"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with smtp_server() as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[RunningServer]:
    environment = {**mailbox.settings, "PENSTOCK_MAIL_SENDER": "Penstock <iot@example.org>"}
    with running_server(tmp_path_factory.mktemp("managers") / "data", environment=environment) as running:
        yield running


@pytest.fixture
def owner(house: RunningServer) -> Iterator[httpx.Client]:
    with house.client(next(iter(house.orgs.values()))) as client:
        yield client


def add_customer(owner: httpx.Client) -> str:
    body = {"name": "House", "admin_email": "ada@example.org", "tenant_name": f"t-{secrets.token_hex(6)}"}
    return str(owner.post(CUSTOMERS, json=body).raise_for_status().json()["id"])


def test_a_manager_sees_and_manages_their_customer(house: RunningServer, owner: httpx.Client, mailbox: Mailbox) -> None:
    customer, other = add_customer(owner), add_customer(owner)
    email = f"board-{secrets.token_hex(4)}@example.org"
    invited = owner.post(f"{CUSTOMERS}/{customer}/managers/invitation", json={"email": email})
    assert (invited.status_code, invited.json()["role"]) == (201, "customer_manager")
    device = owner.post("/api/v2/devices", json={"name": "Flat 12"}).json()["device"]["id"]
    owner.put(f"/api/v2/devices/{device}/placement", json={"customer_id": customer}).raise_for_status()
    owner.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"consumption_m3": 4.5}}).raise_for_status()
    with house.client() as client:
        joining = {"token": mailbox.token_for(email), "password": PASSWORD, "name": "Grace"}
        client.post("/api/v2/auth/invitations/accept", json=joining).raise_for_status()
        tokens = client.post("/api/v2/auth/sign-in", json={"email": email, "password": PASSWORD}).json()
        client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        client.headers["X-Organization-Id"] = owner.headers["X-Organization-Id"]
        assert (tokens["role"], client.get("/api/v2/profile").json()["role"]) == ("customer_manager", "customer_manager")
        assert [one["id"] for one in client.get(CUSTOMERS).json()["data"]] == [customer]
        assert [one["name"] for one in client.get("/api/v2/devices").json()["data"]] == ["Flat 12"]
        assert client.get(f"/api/v2/devices/{device}/telemetry/latest").json()["data"]["data"] == {"consumption_m3": 4.5}
        person = {"name": "Erika", "email": "erika@example.org"}
        resident = client.post(f"{CUSTOMERS}/{customer}/residents", json=person).raise_for_status().json()["id"]
        assert client.delete(f"{CUSTOMERS}/{customer}/residents/{resident}").status_code == 204
        assert client.post(f"{CUSTOMERS}/{other}/residents", json=person).status_code == 404
        for method, path in (
            ("GET", "keys"),
            ("POST", "keys"),
            ("GET", "members"),
            ("GET", "billing/statements"),
            ("GET", "logs"),
        ):
            refused = client.request(method, f"/api/v2/{path}")
            assert (refused.status_code, refused.json()["code"]) == (403, "auth.customer_bound"), path
        owner.delete(f"{CUSTOMERS}/{customer}").raise_for_status()
        assert client.get(CUSTOMERS).status_code == 401


def test_an_invitation_ends_with_the_customer_and_needs_what_it_grants(
    house: RunningServer, owner: httpx.Client, mailbox: Mailbox
) -> None:
    customer = add_customer(owner)
    path = f"{CUSTOMERS}/{customer}/managers/invitation"
    scopes = ["customers:read", "customers:write", "devices:read", "telemetry:read"]
    key = owner.post("/api/v2/keys", json={"name": "narrow", "scopes": scopes}).raise_for_status().json()["value"]
    refused = owner.post(path, json={"email": "x@example.org"}, headers={"x-api-key": key})
    assert (refused.status_code, refused.json()["detail"]) == (403, "the scope billing:read is required")
    email = f"late-{secrets.token_hex(4)}@example.org"
    owner.post(path, json={"email": email}).raise_for_status()
    owner.delete(f"{CUSTOMERS}/{customer}").raise_for_status()
    joining = {"token": mailbox.token_for(email), "password": PASSWORD, "name": "Late"}
    with house.client() as client:
        assert client.post("/api/v2/auth/invitations/accept", json=joining).status_code in (400, 401)
    assert owner.post(path, json={"email": email}).status_code == 404
