"""T1 for gRPC: what belongs to another organisation looks like what does not exist, in every call and for every id it takes.

The tables, the things and the judgement are those of the matrix over HTTP (`test_isolation.py`); the requests go out as messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import grpc
import httpx
import pytest

from penstock.api.grpc.contract import FOLLOW, HISTORY, SEND, STREAM, UPLOAD, is_call
from penstock.kit.ids import Prefix, encode
from penstock.kit.operation import Operation
from tests.security.holding import Holding, MakeHolding
from tests.security.matrix import leaks, leaks_of_all
from tests.security.table import name_of, operations
from tests.security.test_isolation import TAKING_NAMES
from tests.security.worn import sparing
from tests.support.cases import for_each
from tests.support.grpc_calls import GrpcClient, Reply, rpcs
from tests.support.in_process import InProcessServer
from tests.support.server import Org

CALLS = [operation for operation in operations() if is_call(operation)]
TAKING_IDS = [operation for operation in CALLS if operation not in TAKING_NAMES]
UNKNOWN = encode(Prefix.DEVICE, 2**59 + 7)


@pytest.fixture
def pair(server: InProcessServer) -> tuple[Org, Org]:
    """Two organisations in which nothing is but what a test puts there: whose things must stay hidden, and who looks."""
    return server.new_org(), server.new_org()


def test_foreign_is_like_unknown_in_calls(by_message: httpx.Client, pair: tuple[Org, Org], new_holding: MakeHolding) -> None:
    theirs, mine = new_holding(pair[0], "theirs"), new_holding(pair[1], "mine")
    assert leaks_of_all(by_message, sparing(TAKING_IDS), lambda _: mine, theirs) == []
    called = by_message._transport.called  # type: ignore[attr-defined]
    assert len(called) > len(CALLS) * 0.8, "the requests were calls"


def test_a_foreign_name_is_like_an_unknown_one_in_calls(
    by_message: httpx.Client, server: InProcessServer, pair: tuple[Org, Org], new_holding: MakeHolding
) -> None:
    theirs, chosen = new_holding(pair[0], "theirs"), [one for one in TAKING_NAMES if is_call(one)]
    assert leaks_of_all(by_message, chosen, lambda one: new_holding(server.new_org(), "mine", one), theirs) == []


@pytest.mark.prove
@for_each(CALLS, name_of)
def test_foreign_is_like_unknown_in_calls_for_new_things(
    operation: Operation, by_message: httpx.Client, acme: Org, other: Org, new_holding: MakeHolding
) -> None:
    mine, theirs = new_holding(other, "other", operation), new_holding(acme, "acme", operation)
    assert list(leaks(by_message, operation, mine, theirs)) == []


@pytest.fixture(scope="module")
def mine(new_holding: MakeHolding, other: Org) -> Holding:
    return new_holding(other, "mine")


def alike(foreign: Reply, unknown: Reply, sent: str) -> None:
    """Two replies that say the same but for the id that was asked for."""

    def shown(reply: Reply, asked: str) -> Any:
        messages = [str(one).replace(asked, "<id>") for one in reply.messages]
        told = [(name, text.replace(asked, "<id>")) for name, text in reply.fields.items()]
        return reply.code, reply.reason, reply.text.replace(asked, "<id>"), told, messages

    assert shown(foreign, sent) == shown(unknown, UNKNOWN)


@pytest.mark.parametrize("rpc", [HISTORY, FOLLOW], ids=["history", "follow"])
def test_nobody_reads_a_foreign_device_as_a_stream(rpc: Any, grpc_client: GrpcClient, other: Org, theirs: Holding) -> None:
    def asked(device_id: str) -> Reply:
        sent = {"device_id": device_id} if rpc is HISTORY else {"devices": [device_id]}
        return grpc_client.call(rpcs()[rpc.full_name], sent, headers=other.headers())

    foreign = asked(theirs.device_id)
    assert foreign.code is grpc.StatusCode.NOT_FOUND, foreign
    alike(foreign, asked(UNKNOWN), theirs.device_id)


@pytest.mark.parametrize("rpc", [SEND, STREAM, UPLOAD], ids=["send", "stream", "upload"])
def test_nobody_sends_readings_of_a_foreign_device(
    rpc: Any, grpc_client: GrpcClient, acme: Org, other: Org, theirs: Holding, mine: Holding
) -> None:
    def sent(*devices: str) -> Reply:
        batch = {"readings": [{"device_id": one, "numbers": {"temperature": -270.0}} for one in devices]}
        reading: Sequence[Any] | Any = batch if rpc is SEND else [batch]
        return grpc_client.call(rpcs()[rpc.full_name], reading, headers=other.headers())

    alike(sent(theirs.device_id), sent(UNKNOWN), theirs.device_id)
    found = sent(mine.device_id, theirs.device_id).message
    outcome = found if rpc is UPLOAD else found.outcome
    assert (outcome.accepted, outcome.rejected) == (1, 1)
    history = grpc_client.call("ReadHistory", {"device_id": theirs.device_id}, headers=acme.headers())
    values = [one.data.fields["temperature"].number_value for page in history.messages for one in page.readings]
    assert values
    assert -270.0 not in values


def test_a_stream_from_the_beginning_has_only_own_readings(
    grpc_client: GrpcClient, other: Org, theirs: Holding, mine: Holding
) -> None:
    call = grpc_client.open("Follow", {"cursor": 0}, headers=other.headers())
    said = b""
    for content in call:
        said += content
        if mine.device_id.encode() in content:
            break
    call.cancel()
    assert not [mark for mark in theirs.marks if mark.encode() in said]
