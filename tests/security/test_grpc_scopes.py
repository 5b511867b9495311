"""K4 for gRPC: every call asks for its scope and for nothing less.

Generated from the table of operations and the calls that are declared beside it, as `test_scopes.py` is.
"""

from __future__ import annotations

from typing import Any

import grpc
import httpx
import pytest

from penstock.api.grpc.contract import DECLARED, FOLLOW, HISTORY, SEND, STREAM, UPLOAD, call_name, is_call
from penstock.core.tenancy.scopes import ALL
from penstock.kit.operation import Operation
from penstock.kit.secret import new_credential
from tests.security.by_message import message_of, route
from tests.security.calls import is_for_devices, request_for
from tests.security.holding import Holding
from tests.security.table import answered, name_of, operations
from tests.security.test_scopes import OPEN
from tests.security.worn import Worn, sparing
from tests.support.cases import for_each
from tests.support.grpc_calls import GrpcClient, Reply, rpcs
from tests.support.in_process import InProcessServer
from tests.support.server import Org

from .conftest import MakeKeys

OPERATIONS = {call_name(one): one for one in operations() if is_call(one)}
SCOPES_OF_DECLARED = {rpc.full_name: "telemetry:write" for rpc in (SEND, STREAM, UPLOAD)}
SCOPES_OF_DECLARED |= {rpc.full_name: "telemetry:read" for rpc in (HISTORY, FOLLOW)}
SCOPES = {name: one.scope for name, one in OPERATIONS.items() if one.scope and not one.session} | SCOPES_OF_DECLARED
"""The scope of each call that takes a key."""
PERSONAL = [name for name, one in OPERATIONS.items() if one.scope and one.session]
NEEDING = [*SCOPES, *PERSONAL]
"""The calls that need a credential of somebody."""
FOR_DEVICES = [name for name, one in OPERATIONS.items() if is_for_devices(one)]


def good(name: str, holding: Holding) -> Any:
    """What a good call of somebody sends who holds this, in a stream if the call takes one."""
    if name in SCOPES_OF_DECLARED:
        batch = {"readings": [{"device_id": holding.device_id, "numbers": {"temperature": 21.5}}]}
        sent: dict[str, Any] = {
            HISTORY.full_name: {"device_id": holding.device_id},
            FOLLOW.full_name: {"devices": [holding.device_id]},
            SEND.full_name: batch,
        }
        return sent.get(name, [batch])
    request = request_for(OPERATIONS[name], holding)
    found = route(request.method, request.path)
    assert found is not None
    assert found[0].full_name == name
    query, body = request.target.partition("?")[2], request.body or b""
    return message_of(found[0], found[1], query, body, request.headers.get("Content-Type", "application/json"))


def key_of(org: Org, key: str) -> dict[str, str]:
    return {"x-api-key": key, "x-organization-id": org.organization_id}


@pytest.fixture(scope="module")
def lacking(acme: Org, make_keys: MakeKeys) -> dict[str, str]:
    """A key per scope that carries every other."""
    wanted = sorted(set(SCOPES.values()))
    return dict(zip(wanted, make_keys(acme, [ALL - {scope} for scope in wanted]), strict=True))


@pytest.fixture(scope="module")
def wrong_keys(acme: Org, make_keys: MakeKeys, theirs: Holding) -> list[str]:
    """Keys that let nobody in: unknown, expired, revoked, nonsense, a device's token."""
    expired = make_keys(acme, [ALL], expires_us=1_700_000_000_000_000)
    return [new_credential("psk_"), *expired, *make_keys(acme, [ALL], revoked=True), "nonsense", new_credential("tok_")]


def refused(reply: Reply, *reasons: str) -> None:
    assert reply.code is grpc.StatusCode.UNAUTHENTICATED, reply
    assert reply.reason in reasons
    assert reply.request_id.startswith("req_")
    assert reply.told("x-request-id") == [reply.request_id]


def test_the_server_has_exactly_the_calls_of_the_table(server: InProcessServer) -> None:
    async def names(running: Any) -> list[str]:
        found: list[str] = running.calls_of_grpc().names
        return found

    assert server.call(names) == sorted(rpcs()) == sorted([*OPERATIONS, *(rpc.full_name for rpc in DECLARED)])


def test_calls_without_a_scope_are_those_that_are_open_over_http() -> None:
    assert {name_of(one) for one in OPERATIONS.values() if one.scope is None} - OPEN.keys() == set()
    assert {rpc.full_name for rpc in DECLARED} == SCOPES_OF_DECLARED.keys()
    assert len(SCOPES) > 300


@for_each(SCOPES)
def test_without_its_scope_a_call_is_denied(
    name: str, grpc_client: GrpcClient, acme: Org, theirs: Holding, lacking: dict[str, str]
) -> None:
    reply = grpc_client.call(rpcs()[name], good(name, theirs), headers=key_of(acme, lacking[SCOPES[name]]))
    assert (reply.code, reply.reason) == (grpc.StatusCode.PERMISSION_DENIED, "auth.scope_missing"), reply
    assert SCOPES[name] in reply.text


@for_each(PERSONAL)
def test_a_key_is_nobody_s_self_in_a_call(name: str, grpc_client: GrpcClient, acme: Org, theirs: Holding) -> None:
    reply = grpc_client.call(rpcs()[name], good(name, theirs), headers=acme.headers())
    assert (reply.code, reply.reason) == (grpc.StatusCode.PERMISSION_DENIED, "auth.session_required"), reply


@for_each(NEEDING)
def test_without_a_key_a_call_is_refused(name: str, grpc_client: GrpcClient, acme: Org, theirs: Holding) -> None:
    sent = good(name, theirs)
    for headers in ({}, {"x-organization-id": acme.organization_id}):
        refused(grpc_client.call(rpcs()[name], sent, headers=headers), "auth.credential_missing")


@for_each(NEEDING)
def test_a_wrong_key_is_refused_in_a_call(
    name: str, grpc_client: GrpcClient, acme: Org, theirs: Holding, wrong_keys: list[str]
) -> None:
    sent = good(name, theirs)
    at = NEEDING.index(name) % len(wrong_keys)
    for key in wrong_keys if name in SCOPES_OF_DECLARED else wrong_keys[at : at + 1]:
        reply = grpc_client.call(rpcs()[name], sent, headers=key_of(acme, key))
        refused(reply, "auth.credential_invalid", "auth.key_not_active", "devices.token_invalid")


@for_each(SCOPES)
def test_a_call_names_its_organisation(name: str, grpc_client: GrpcClient, acme: Org, other: Org, theirs: Holding) -> None:
    sent = good(name, theirs)
    reply = grpc_client.call(rpcs()[name], sent, headers={"x-api-key": acme.api_key})
    assert (reply.code, reply.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "auth.organization_required"), reply
    reply = grpc_client.call(rpcs()[name], sent, headers=key_of(other, acme.api_key))
    assert (reply.code, reply.reason) == (grpc.StatusCode.PERMISSION_DENIED, "auth.organization_mismatch"), reply


@for_each(FOR_DEVICES)
def test_a_call_for_devices_takes_only_a_device_s_token(name: str, grpc_client: GrpcClient, acme: Org, theirs: Holding) -> None:
    sent = good(name, theirs)
    refused(grpc_client.call(rpcs()[name], sent, headers={}), "auth.credential_missing")
    for headers in (acme.headers(), {"authorization": f"Bearer {new_credential('tok_')}"}):
        refused(grpc_client.call(rpcs()[name], sent, headers=headers), "devices.token_invalid")


@pytest.fixture
def own_by_message(client: httpx.Client, by_message: httpx.Client, acme: Org) -> Worn:
    """What Acme has for calls of its own, which are those of gRPC."""
    return Worn(client, acme, by_message)


@for_each(sparing(answered(OPERATIONS.values())), name_of)
def test_a_good_call_is_answered(operation: Operation, own_by_message: Worn) -> None:
    """Without this, calls that all fail for another reason would look like ones that are refused."""
    answer = own_by_message.answer(operation)
    assert answer.status < 300, answer


@for_each(SCOPES_OF_DECLARED)
def test_the_one_scope_is_enough_for_a_stream(
    name: str, grpc_client: GrpcClient, acme: Org, theirs: Holding, make_keys: MakeKeys
) -> None:
    (key,) = make_keys(acme, [[SCOPES[name]]])
    call = grpc_client.open if name == FOLLOW.full_name else grpc_client.call
    found = call(rpcs()[name], good(name, theirs), headers=key_of(acme, key))
    if isinstance(found, Reply):
        assert found.ok, found
    else:
        assert next(found)
        found.cancel()
