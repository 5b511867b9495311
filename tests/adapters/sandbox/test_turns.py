"""FairQueue of organisations, and what makes a batch."""

from __future__ import annotations

import asyncio

from penstock.adapters.sandbox.turns import BATCH_US, BATCHES_BEFORE_LATER, MAX_BATCH, FairQueue, Waiting
from penstock.core.codecs.ports import Call, RunOutcome, Script
from tests.support.sandbox import HONEST

LOOP = "function decodeUplink() { for (;;) {} }"


def waiting(org: int, script: str = HONEST, *, later: bool = False) -> Waiting:
    done: asyncio.Future[RunOutcome] = asyncio.get_running_loop().create_future()
    return Waiting(org, Script.from_text(script), Call.DECODE_UPLINK, "{}", done, later=later)


async def test_turns_go_round_and_batches_hold_what_is_quick() -> None:
    turns = FairQueue()
    turns.took(Script.from_text(HONEST), 100)
    for org in (1, 1, 1, 2, 3):
        turns.add(waiting(org))
    assert [one.org_id for one in turns.take()] == [1, 2, 3, 1, 1]
    for _ in range(MAX_BATCH + 5):
        turns.add(waiting(1))
    assert [len(turns.take()) for _ in range(3)] == [MAX_BATCH, 5, 0]


async def test_what_is_slow_or_not_known_goes_alone() -> None:
    turns = FairQueue()
    turns.took(Script.from_text(HONEST), 100)
    turns.took(Script.from_text(LOOP), 5 * BATCH_US)
    for org, script in ((1, LOOP), (1, HONEST), (2, "new"), (2, HONEST), (3, HONEST)):
        turns.add(waiting(org, script))
    assert [(one.org_id, one.script.text) for one in turns.take()] == [(1, LOOP)]
    assert [(one.org_id, one.script.text) for one in turns.take()] == [(2, "new")]
    assert {one.org_id for one in turns.take()} == {1, 2, 3}


async def test_what_nobody_waits_for_is_dropped_and_what_was_not_begun_comes_first() -> None:
    turns = FairQueue()
    gone, kept = waiting(1), waiting(1)
    gone.done.cancel()
    turns.add(gone)
    turns.add(kept)
    assert turns.take() == [kept]
    turns.add(waiting(1))
    turns.put_back([kept])
    assert (turns.length, turns.length_of(1)) == (2, 2)
    assert turns.take()[0] is kept


async def test_what_gives_way_runs_when_nothing_else_waits_and_now_and_then_under_load() -> None:
    turns = FairQueue()
    turns.took(Script.from_text(HONEST), 100)
    given_way = [waiting(1, later=True) for _ in range(MAX_BATCH + 1)]
    for one in given_way:
        turns.add(one)
    live = waiting(2)
    turns.add(live)
    assert (turns.length, turns.length_of(1), turns.is_empty) == (1, 0, False), "it does not count against the limits"
    assert turns.take() == [live]
    assert turns.take() == given_way[:MAX_BATCH]
    for _ in range((BATCHES_BEFORE_LATER + 1) * MAX_BATCH):
        turns.add(waiting(2))
    batches = [turns.take() for _ in range(BATCHES_BEFORE_LATER + 1)]
    assert [one[0].later for one in batches] == [False] * BATCHES_BEFORE_LATER + [True]
    turns.put_back(batches[-1])
    assert turns.length == MAX_BATCH
    turns.take()
    assert turns.take() == given_way[MAX_BATCH:]
    assert turns.is_empty
