"""T1: what belongs to another organisation looks like what does not exist, for every operation and every id it takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from penstock.kit.operation import Operation
from tests.security.calls import Request, changed, from_the_beginning, request_for, send, streamed
from tests.security.holding import Holding, MakeHolding
from tests.security.matrix import asking, callers, cases, leaks, leaks_of_all, moves, shared, twins, values_of
from tests.security.table import answered, name_of, operations, references, wire_names
from tests.security.worn import Worn, sparing
from tests.support.cases import for_each
from tests.support.in_process import InProcessServer
from tests.support.server import Org
from tests.support.waiting import awaited

TAKING_NAMES = [operation for operation in operations() if "identifiers" in references(operation.body)]
"""Such a call may take the other's identifier for a device of its own, and so is made by an organisation of its own."""
TAKING_IDS = [operation for operation in operations() if operation not in TAKING_NAMES]
RESUMED = [operation for operation in operations() if "cursor" in wire_names(operation.query)]
PAGED = [operation for operation in RESUMED if "next_cursor" in wire_names(operation.answer)]
STREAMED = [operation for operation in RESUMED if operation not in PAGED]
GROWN_BY_TIME = ("/api/v2/limits/refusals", "/api/v2/keys/{key_id}/usage")
GROWN_BY_TIME += ("/api/v2/webhook-messages/{message_id}/attempts",)
"""Lists that have a second page only after an hour or a day, or after another attempt."""


@pytest.fixture
def pair(server: InProcessServer) -> tuple[Org, Org]:
    """Two organisations in which nothing is but what a test puts there: whose things must stay hidden, and who looks."""
    return server.new_org(), server.new_org()


def test_foreign_is_like_unknown(client: httpx.Client, pair: tuple[Org, Org], new_holding: MakeHolding) -> None:
    """Refused calls change nothing of the caller's, and what the caller has itself is not deleted here."""
    theirs, mine = new_holding(pair[0], "theirs"), new_holding(pair[1], "mine")
    assert leaks_of_all(client, sparing(TAKING_IDS), lambda _: mine, theirs) == []


def test_a_foreign_name_is_like_an_unknown_one(
    client: httpx.Client, server: InProcessServer, pair: tuple[Org, Org], new_holding: MakeHolding
) -> None:
    theirs = new_holding(pair[0], "theirs")
    assert leaks_of_all(client, TAKING_NAMES, lambda one: new_holding(server.new_org(), "mine", one), theirs) == []


@pytest.mark.prove
@for_each(operations(), name_of)
def test_foreign_is_like_unknown_for_new_things(
    operation: Operation, client: httpx.Client, acme: Org, other: Org, new_holding: MakeHolding
) -> None:
    """The same with things that no other operation was called with before."""
    mine, theirs = new_holding(other, "other", operation), new_holding(acme, "acme", operation)
    assert list(leaks(client, operation, mine, theirs)) == []


@for_each(sparing(answered(operations())), name_of)
def test_own_is_answered(operation: Operation, own: Worn) -> None:
    """Without this a matrix whose calls all fail for another reason would look like one that finds nothing."""
    for with_token in callers(operation):
        answer = own.answer(operation, lambda one, mine, how=with_token: request_for(one, mine, with_token=how))
        assert answer.status < 300, answer
    for case in cases(operation):
        if case.place != "path":
            answer = own.answer(operation, lambda _, mine, case=case: asking(case, mine, _own_value(case.name, mine)))
            assert answer.status < 300, (case, answer)


def _own_value(name: str, mine: Holding) -> Any:
    values = values_of(name, mine, mine)
    assert values is not None, name
    return values.unknown if name == "identifiers" else values.own


OF_ONE_PLACE = (
    "/api/v2/customers/{customer_id}/consumption/devices",
    "/api/v2/customers/{customer_id}/leak-hints",
    "/api/v2/customers/{customer_id}/meter/values",
    "/api/v2/devices/{device_id}/placements",
    "/api/v2/profile/devices",
    "/api/v2/profile/meter-alarms",
    "/api/v2/profile/invoices",
)
"""Their pages hold the devices of one customer or resident, and what an organisation holds here is placed nowhere."""


OF_ONE_SECRET = ("/api/v2/secrets/{secret_id}/used-by",)
"""The secret that can be deleted here is used by nothing; `tests/api/v2/secrets` turns these pages."""


OF_ONE_PERSON = ("/api/v2/members/{user_id}/sessions", "/api/v2/profile/sessions")
"""Somebody in this test is signed in once; `tests/api/v2/people` turns these pages."""


OF_ONE_LOG = ("/api/v2/logs/verify",)
"""Its steps have thousands of entries, and no limit to choose."""


@pytest.fixture(scope="module")
def in_turns(server: InProcessServer, new_holding: MakeHolding) -> tuple[Holding, Holding, frozenset[str]]:
    """What two organisations hold, and all that is to be seen of the first's.

    Made in turns, so that each organisation has something before and behind every position of the other.
    """
    mine, theirs = server.new_org(), server.new_org()
    holdings = [new_holding(org, f"cursor{turn}") for turn in range(2) for org in (mine, theirs)]
    return holdings[1], holdings[2], holdings[1].marks | holdings[3].marks


@for_each(
    [one for one in PAGED if one.path not in (*GROWN_BY_TIME, *OF_ONE_PLACE, *OF_ONE_SECRET, *OF_ONE_PERSON, *OF_ONE_LOG)],
    name_of,
)
def test_a_foreign_cursor_only_chooses_a_position(
    operation: Operation, client: httpx.Client, in_turns: tuple[Holding, Holding, frozenset[str]]
) -> None:
    theirs, mine, marks = in_turns
    # Usage is counted a moment later. The owner needs at least two pages for this test to mean anything.
    cursors = awaited(lambda: list(cursors_of(client, operation, theirs)))
    for cursor in cursors:
        request = request_for(operation, mine)
        answer = send(client, changed(request, query=request.query | {"cursor": cursor, "limit": "1000"}))
        assert answer.status == 200, answer
        assert not [mark for mark in marks if mark in answer.text]
    own = send(client, first_page(operation, mine))
    assert own.json()["next_cursor"], "the caller has pages too"


@for_each(STREAMED, name_of)
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


def cursors_of(client: httpx.Client, operation: Operation, holding: Holding) -> Iterator[str]:
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
