"""Restrictions are handed down: nothing that a restricted key makes can do more than the key.

Which operations answer with a credential is read from the table: the answer holds a struct that hides its secret. Each is put
down below with whose credential it is, so that a new one is a decision.
"""

from __future__ import annotations

import secrets
import typing
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest

from penstock.core.tenancy.models import KeyRequest
from penstock.core.tenancy.scopes import ALL
from penstock.kit.clock import DAY_US, SystemClock, format_time
from penstock.kit.operation import Operation
from tests.security.calls import request_for, send
from tests.security.dialects import CREDENTIALS
from tests.security.holding import Holding
from tests.security.people import Registry
from tests.security.table import name_of, operations
from tests.support.cases import for_each
from tests.support.in_process import InProcessServer
from tests.support.server import Org

NATIVE = {
    "POST /api/v2/keys": "key",
    "POST /api/v2/keys/{key_id}/rotate": "key",
    "POST /api/v2/streams/tickets": "ticket",
    "POST /api/v2/dashboards/{dashboard_id}/shares": "ticket",
    "POST /api/v2/devices": "thing",
    "POST /api/v2/devices/bulk": "thing",
    "POST /api/v2/devices/{device_id}/token": "thing",
    "POST /api/v2/devices/{device_id}/pair-code": "thing",
    "POST /api/v2/agents/provision": "thing",
    "POST /api/v2/connections": "thing",
    "POST /api/v2/connections/{connection_id}/secret": "thing",
    "POST /api/v2/rules/{rule_id}/hook": "thing",
    "GET /api/v2/secrets/{secret_id}/value": "stored",
    "POST /api/v2/webhooks": "receiver",
    "POST /api/v2/webhooks/{webhook_id}/rotate-secret": "receiver",
    "GET /api/v2/tokens/{token}/code": "shared",
    "GET /api/v2/tokens/{token}/seed": "shared",
    "POST /api/v2/tokens/{token}/seed/rotate": "shared",
    "GET /api/v2/inbox/messages/next": "shared",
    "GET /api/v2/inbox/messages/{inbox_message_id}": "shared",
    "POST /api/v2/inbox/messages/{inbox_message_id}/read": "shared",
    "POST /api/v2/auth/sign-in": "person",
    "POST /api/v2/auth/sign-in/code": "person",
    "POST /api/v2/auth/link": "person",
    "POST /api/v2/auth/refresh": "person",
    "POST /api/v2/auth/switch": "person",
    "POST /api/v2/profile/mfa": "person",
    "POST /api/v2/profile/mfa/confirm": "person",
    "POST /api/v2/setup": "person",
}
WHOSE = NATIVE | CREDENTIALS
"""A `key` is within the restrictions of the key that made or rotated it; a `ticket` works while and where its key does, and so
does a share link, which shows one dashboard besides (`tests/api/v2/dashboards/test_share_routes.py`). The
credential of a `thing` lets one device, connection or hook send for itself, wherever it is, and a key that is bound to a project
makes only those of its project (`test_bound_project.py`). What is `shared` is of another service, and what is `stored` was given
to the server for another one. A `receiver` checks signatures by it, which lets nobody in. What belongs to a `person` takes the
person's own proof, never a key; of the first person it is the link that the server printed."""


NOW_US = SystemClock().now_us()
LATER, LATEST = (format_time(NOW_US + days * DAY_US) for days in (1, 2))
RESTRICTIONS: dict[str, tuple[Any, Any, Any]] = {
    "expires_at": (LATER, LATER, LATEST),
    "allowed_cidrs": (["127.0.0.0/8"], ["127.0.0.1/32"], ["126.0.0.0/7"]),
    "single_use": ("bind", "spend", None),
    "calls_per_minute": (1_000, 999, 1_001),
}
"""Field of a key → the restriction of the key that calls, one that is within it, and one that is wider; None where none is. The
project is not here: a key that is bound to one makes no keys at all. That a key reaches only what is granted cannot be
asked for: the first grant does it (`tests/api/v2/grants/test_routes.py`)."""


def has_secret(wanted: Any, seen: frozenset[Any] = frozenset()) -> bool:
    """Whether an answer's type holds a struct with a hidden field."""
    if wanted in seen:
        return False
    here = typing.get_origin(wanted) or wanted
    if isinstance(here, type) and issubclass(here, msgspec.Struct):
        if "hides.<locals>" in here.__repr__.__qualname__:
            return True
        return any(has_secret(field.type, seen | {wanted}) for field in msgspec.structs.fields(here))
    return any(has_secret(part, seen | {wanted}) for part in typing.get_args(wanted))


def test_every_credential_that_is_given_out_is_put_down() -> None:
    found = {name_of(one) for one in operations() if has_secret(one.answer)}
    assert found == set(WHOSE)


def test_every_restriction_is_tried() -> None:
    wire = {"expires_us": "expires_at", "cidrs": "allowed_cidrs", "per_minute": "calls_per_minute", "single_use": "single_use"}
    restricting = set(KeyRequest.__struct_fields__) - {"name", "scopes", "style", "project_id", "granted_only"}
    assert {wire[field] for field in restricting} == set(RESTRICTIONS)


@pytest.fixture
def org(server: InProcessServer) -> Org:
    return server.new_org()


def made(client: httpx.Client, **fields: Any) -> Any:
    answer = client.post("/api/v2/keys", json={"name": "test", "scopes": sorted(ALL)} | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def restricted(server: InProcessServer, org: Org, request: pytest.FixtureRequest) -> Iterator[tuple[httpx.Client, Any]]:
    """A client with a key that carries one restriction, over a socket, and the key."""
    field, value = request.param
    with server.socket_client(org) as owner:
        new = made(owner, **{field: value})
    with server.socket_client(org) as client:
        client.headers["X-API-Key"] = new["value"]
        yield client, new["key"]


one_restriction = pytest.mark.parametrize(
    "restricted", [(field, own) for field, (own, _, _) in RESTRICTIONS.items()], indirect=True, ids=list(RESTRICTIONS)
)


@one_restriction
def test_a_key_that_it_makes_is_restricted_as_it_is(restricted: tuple[httpx.Client, Any], request: Any) -> None:
    client, own = restricted
    for field, (value, within, wider) in RESTRICTIONS.items():
        if own[field] != value:
            continue
        assert made(client)["key"][field] == value, "what is left open is handed down"
        assert made(client, **{field: within})["key"][field] == within
        if wider is not None:
            refused = client.post("/api/v2/keys", json={"name": "test", "scopes": ["profile:read"], field: wider})
            assert (refused.status_code, refused.json()["code"]) == (403, "keys.restriction_not_yours"), refused.text
            assert field in refused.json()["detail"]


@one_restriction
def test_a_key_that_it_rotates_is_restricted_as_it_is(
    restricted: tuple[httpx.Client, Any], server: InProcessServer, org: Org
) -> None:
    client, own = restricted
    field = next(field for field, (value, _, _) in RESTRICTIONS.items() if own[field] == value)
    with server.socket_client(org) as owner:
        free, alike = made(owner)["key"]["id"], made(client)["key"]["id"]
    refused = client.post(f"/api/v2/keys/{free}/rotate", json={})
    assert (refused.status_code, refused.json()["code"]) == (403, "keys.restriction_not_yours"), refused.text
    with server.socket_client(org) as owner:
        assert owner.get(f"/api/v2/keys/{free}").json()["status"] == "active"
    for key_id in (alike, own["id"]):
        rotated = client.post(f"/api/v2/keys/{key_id}/rotate", json={})
        assert rotated.status_code == 201, rotated.text
        assert rotated.json()["key"][field] == RESTRICTIONS[field][0]


def test_a_key_for_one_call_makes_keys_for_one_call(server: InProcessServer, org: Org) -> None:
    with server.socket_client(org) as owner, server.socket_client(org) as client:
        for wanted, status in ({}, 201), ({"single_use": "spend"}, 201), ({"single_use": "bind"}, 403):
            client.headers["X-API-Key"] = made(owner, single_use="spend")["value"]
            answer = client.post("/api/v2/keys", json={"name": "test", "scopes": ["profile:read"], **wanted})
            assert answer.status_code == status, answer.text
            if status == 201:
                assert answer.json()["key"]["single_use"] == "spend"


def test_a_key_that_is_bound_to_an_address_stays_bound_whatever_comes_of_it(server: InProcessServer, org: Org) -> None:
    with server.socket_client(org) as owner, server.socket_client(org) as client:
        bound = made(owner, single_use="bind")
        client.headers["X-API-Key"] = bound["value"]
        child = made(client)
        rotated = owner.post(f"/api/v2/keys/{bound['key']['id']}/rotate", json={}).json()
        assert child["key"]["allowed_cidrs"] == ["127.0.0.1/32"]
        assert rotated["key"]["used_from"] == "127.0.0.1"
    with server.socket_client(org, transport=httpx.HTTPTransport(local_address="127.0.0.2")) as elsewhere:
        for value in (bound["value"], child["value"], rotated["value"]):
            answer = elsewhere.get("/api/v2/keys", headers={"X-API-Key": value})
            assert answer.status_code in (401, 403), answer.text


def test_an_overlap_gives_no_second_call(server: InProcessServer, org: Org) -> None:
    with server.socket_client(org) as owner:
        key_id = made(owner, single_use="spend")["key"]["id"]
        refused = owner.post(f"/api/v2/keys/{key_id}/rotate", json={"overlap_s": 60})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "overlap_s")
        assert owner.post(f"/api/v2/keys/{key_id}/rotate", json={}).status_code == 201


@for_each([one for one in operations() if WHOSE.get(name_of(one)) == "person" and one.scope is not None], name_of)
def test_what_belongs_to_a_person_takes_no_key(operation: Operation, client: httpx.Client, theirs: Holding) -> None:
    request = request_for(operation, theirs)
    headers = {"X-API-Key": theirs.org.api_key, "X-Organization-Id": theirs.org.organization_id}
    answer = send(client, msgspec.structs.replace(request, headers=headers))
    assert (answer.status, answer.json()["code"]) == (403, "auth.session_required")


@one_restriction
def test_it_makes_no_member_and_raises_none(restricted: tuple[httpx.Client, Any], server: InProcessServer, org: Org) -> None:
    client, own = restricted
    field = next(field for field, (value, _, _) in RESTRICTIONS.items() if own[field] == value)
    (person,) = Registry(server.data_dir, org.organization_id, server.run).members(secrets.token_hex(4), "viewer")
    wanted = {"email": f"{secrets.token_hex(6)}@example.org", "role": "viewer"}
    with server.socket_client(org) as owner:
        sent = owner.post("/api/v2/invitations", json=wanted | {"email": f"{secrets.token_hex(6)}@example.org"}).json()["id"]
    answers = [
        client.post("/api/v2/invitations", json=wanted),
        client.post(f"/api/v2/invitations/{sent}/resend"),
        client.patch(f"/api/v2/members/{person.user_id}", json={"role": "owner"}),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "keys.restricted")] * len(answers)
    assert all(field in answer.json()["detail"] for answer in answers)
    with server.socket_client(org) as owner:
        assert owner.get(f"/api/v2/members/{person.user_id}").json()["role"] == "viewer"
        assert owner.post("/api/v2/invitations", json=wanted).status_code == 201, "a key without restrictions may"
