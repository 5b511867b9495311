"""T1: what belongs to another organisation looks like what does not exist, for every operation and every id it takes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from penstock.kit.operation import Operation
from tests.security.calls import Request, changed, from_the_beginning, request_for, send, streamed
from tests.security.holding import Holding, MakeHolding
from tests.security.matrix import asking, callers, cases, leaks, moves, shared, twins, values_of
from tests.security.table import name_of, operations, references, wire_names
from tests.support.server import Org

per_operation = pytest.mark.parametrize("operation", operations(), ids=name_of)
RESUMED = [operation for operation in operations() if "cursor" in wire_names(operation.query)]
PAGED = [operation for operation in RESUMED if "next_cursor" in wire_names(operation.answer)]
STREAMED = [operation for operation in RESUMED if operation not in PAGED]
GROWN_BY_TIME = ("/api/v2/limits/refusals", "/api/v2/keys/{key_id}/usage")
GROWN_BY_TIME += ("/api/v2/webhook-messages/{message_id}/attempts",)
"""Lists that have a second page only after an hour or a day, or after another attempt."""


@pytest.fixture(scope="session")
def read_only(other: Org, new_holding: MakeHolding) -> Holding:
    """What the caller has and nothing changes."""
    return new_holding(other, "other")


@pytest.fixture
def mine(operation: Operation, other: Org, read_only: Holding, new_holding: MakeHolding) -> Holding:
    """What the caller has; what is only read can be read again."""
    return read_only if operation.method == "GET" else new_holding(other, "other", operation)


@pytest.fixture
def owned(operation: Operation, acme: Org, theirs: Holding, new_holding: MakeHolding) -> Holding:
    """What another has. A call may take the other's identifier for a device of its own."""
    return new_holding(acme, "acme", operation) if references(operation.body) else theirs


@per_operation
def test_foreign_is_like_unknown(
    operation: Operation, client: httpx.Client, other: Org, owned: Holding, read_only: Holding, new_holding: MakeHolding
) -> None:
    """Refused calls change nothing of the caller's, and what the caller has itself is not deleted here."""
    mine = read_only if operation.method in ("GET", "DELETE") else new_holding(other, "other", operation)
    assert list(leaks(client, operation, mine, owned)) == []


@per_operation
def test_own_is_answered(operation: Operation, client: httpx.Client, other: Org, mine: Holding, new_holding: MakeHolding) -> None:
    """Without this a matrix whose calls all fail for another reason would look like one that finds nothing."""
    for with_token in callers(operation):
        answer = send(client, request_for(operation, mine, with_token=with_token))
        assert answer.status < 300, answer
    for case in cases(operation):
        if case.place != "path":
            mine = new_holding(other, "other", operation)
            values = values_of(case.name, mine, mine)
            assert values is not None, case
            value: Any = values.unknown if case.name == "identifiers" else values.own
            answer = send(client, asking(case, mine, value))
            assert answer.status < 300, (case, answer)


OF_ONE_PLACE = (
    "/api/v2/customers/{customer_id}/consumption/devices",
    "/api/v2/customers/{customer_id}/leak-hints",
    "/api/v2/profile/devices",
)
"""Their pages hold the devices of one customer or resident, and what an organisation holds here is placed nowhere."""


@pytest.mark.parametrize("operation", [one for one in PAGED if one.path not in (*GROWN_BY_TIME, *OF_ONE_PLACE)], ids=name_of)
def test_a_foreign_cursor_only_chooses_a_position(
    operation: Operation, client: httpx.Client, acme: Org, other: Org, new_holding: MakeHolding
) -> None:
    # Made in turns, so that each organisation has something before and behind every position of the other.
    holdings = [new_holding(org, f"cursor{turn}", operation) for turn in range(2) for org in (other, acme)]
    mine, theirs = holdings[2], holdings[1]
    cursors = list(cursors_of(client, operation, theirs))
    assert cursors, "the owner needs at least two pages for this test to mean anything"
    marks = frozenset().union(*(one.marks for one in holdings if one.org is acme))
    for cursor in cursors:
        request = request_for(operation, mine)
        answer = send(client, changed(request, query=request.query | {"cursor": cursor, "limit": "1000"}))
        assert answer.status == 200, answer
        assert not [mark for mark in marks if mark in answer.text]
    own = send(client, first_page(operation, mine))
    assert own.json()["next_cursor"], "the caller has pages too"


@pytest.mark.parametrize("operation", STREAMED, ids=name_of)
def test_a_stream_from_the_beginning_shows_only_own_readings(
    operation: Operation, client: httpx.Client, acme: Org, other: Org, new_holding: MakeHolding
) -> None:
    theirs, mine = new_holding(acme, "acme", operation), new_holding(other, "other", operation)
    text = streamed(client, from_the_beginning(operation, mine), until=mine.device_id)
    assert not [mark for mark in theirs.marks if mark in text]


def test_what_others_do_moves_nothing(client: httpx.Client, acme: Org, other: Org, new_holding: MakeHolding) -> None:
    mine = new_holding(other, "other")
    assert list(moves(client, mine, lambda: new_holding(acme, "acme"))) == []


def test_each_is_led_to_its_own_twin(client: httpx.Client, acme: Org, other: Org, new_holding: MakeHolding) -> None:
    assert list(twins(client, new_holding(other, "other"), new_holding(acme, "acme"))) == []


def test_what_is_done_to_somebody_stays_in_the_organisation(
    client: httpx.Client, acme: Org, other: Org, new_holding: MakeHolding
) -> None:
    assert list(shared(client, new_holding(other, "other"), new_holding(acme, "acme"))) == []


def first_page(operation: Operation, holding: Holding) -> Request:
    request = request_for(operation, holding)
    return changed(request, query=request.query | {"limit": "1"})


def cursors_of(client: httpx.Client, operation: Operation, holding: Holding) -> Any:
    """The cursors of a list's first pages, one item each."""
    request = first_page(operation, holding)
    for _ in range(3):
        cursor = send(client, request).json()["next_cursor"]
        if cursor is None:
            return
        yield cursor
        request = changed(request, query=request.query | {"cursor": cursor})


def test_an_operation_that_the_matrix_does_not_know_is_found(client: httpx.Client, theirs: Holding) -> None:
    strange = Operation(method="GET", path="/api/v2/gateways/{gateway_id}", surface="v2", tag="", summary="", scope="x:read")
    with pytest.raises(AssertionError, match="gateway_id"):
        list(leaks(client, strange, theirs, theirs))
