"""FairQueue of organisations, and what makes a batch."""

from __future__ import annotations

import asyncio

from penstock.adapters.sandbox.turns import BATCH_US, MAX_BATCH, FairQueue, Waiting
from penstock.core.codecs.ports import Call, RunOutcome, Script
from tests.support.sandbox import HONEST

LOOP = "function decodeUplink() { for (;;) {} }"


def waiting(org: int, script: str = HONEST) -> Waiting:
    done: asyncio.Future[RunOutcome] = asyncio.get_running_loop().create_future()
    return Waiting(org, Script.from_text(script), Call.DECODE_UPLINK, "{}", done)


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
