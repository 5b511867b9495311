"""Calls with the credential of a request, and which operations it can call."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.api.mcp.calling import OwnCalls, can_call, with_scopes
from penstock.api.shared.in_process import InProcess
from penstock.core.actor import Actor, ActorKind
from penstock.core.people.roles import OWN_CUSTOMER, OWN_DEVICES
from penstock.kit.http import Receive, Scope, Send, send_json
from penstock.kit.ids import CustomerId, OrgId, ProjectId, ResidentId
from penstock.kit.operation import Operation


def operation(**fields: Any) -> Operation:
    return Operation(method="GET", path="/x", surface="v2", tag="", summary="", **{"scope": "devices:read", **fields})


def actor(*scopes: str, **fields: Any) -> Actor:
    return Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1, scopes=frozenset(scopes), **fields)


async def test_a_call_has_the_credential_and_not_the_rest() -> None:
    seen: list[Any] = []

    async def api(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)
        await send_json(send, 200, b"{}")

    headers = [(b"x-api-key", b"k"), (b"x-organization-id", b"org_1"), (b"cookie", b"c"), (b"idempotency-key", b"i")]
    outer = {"headers": headers, "client": ("192.0.2.1", 1), "query_string": b"tools=a"}
    calls = OwnCalls(InProcess(api), outer, actor("devices:read"))
    assert (await calls.call("GET", "/api/v2/me", "a=1")).ok
    assert seen[0]["headers"] == [(b"x-api-key", b"k"), (b"x-organization-id", b"own")]
    assert (seen[0]["query_string"], seen[0]["client"]) == (b"a=1", ("192.0.2.1", 1))
    assert (await calls.allowed())(operation())


@pytest.mark.parametrize(
    ("caller", "called", "wanted"),
    [
        (actor("devices:read"), operation(), True),
        (actor("devices:write"), operation(), False),
        (actor("devices:read"), operation(scope=None), False),
        (actor("devices:read", project_id=ProjectId(1)), operation(), False),
        (actor("devices:read", project_id=ProjectId(1)), operation(of_project=True), True),
        (actor(OWN_DEVICES, resident_id=ResidentId(1)), operation(), False),
        (actor(OWN_DEVICES, resident_id=ResidentId(1)), operation(of_resident=True), True),
        (actor(OWN_CUSTOMER, customer_id=CustomerId(1)), operation(of_customer=True), True),
        (actor("devices:read", customer_id=CustomerId(1)), operation(), False),
    ],
)
def test_what_a_caller_can_call(caller: Actor, called: Operation, wanted: bool) -> None:
    assert can_call(caller, called) is wanted


def test_what_a_key_at_a_distance_can_call() -> None:
    assert with_scopes(["devices:read"])(operation())
    assert not with_scopes([])(operation())
