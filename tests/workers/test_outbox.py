"""The outbox: each event to its follower and to whoever watches all, in order; removed when they are done and not before."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
import pytest

from penstock.core.outbox import OutboxEntry
from penstock.workers.outbox import OutboxWorker
from tests.support.shelf import Shelf
from tests.support.waiting import CEILING_S


class Told(msgspec.Struct):
    """An event of no consequence."""

    n: int


class Follower:
    """Keeps what it is passed, and fails as long as it is told so."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int]] = []
        self.broken = False

    async def __call__(self, entry: OutboxEntry) -> None:
        if self.broken:
            raise RuntimeError("broken")
        self.seen.append((entry.topic, entry.subject_id))


async def tell(shelf: Shelf, *events: tuple[str, int]) -> None:
    for topic, subject_id in events:
        async with shelf.strange() if subject_id < 0 else shelf.own() as tx:
            await tx.outbox.add(topic, subject_id, Told(1))


async def waiting(shelf: Shelf) -> list[tuple[str, int]]:
    async with shelf.system() as tx:
        return [(entry.topic, entry.subject_id) for entry in await tx.outbox.next(100)]


async def emptied(shelf: Shelf) -> None:
    """Without what came with the organisations."""
    await OutboxWorker(shelf.database, {}).step()
    assert await waiting(shelf) == []


async def test_events_of_all_organisations_go_to_their_followers_in_order(shelf: Shelf) -> None:
    await emptied(shelf)
    follower, watcher = Follower(), Follower()
    await tell(shelf, ("a", 1), ("b", -2), ("a", 3))
    worker = OutboxWorker(shelf.database, {"a": follower}, [watcher])
    assert (await worker.step(), await worker.step()) == (3, 0)
    assert (follower.seen, watcher.seen) == ([("a", 1), ("a", 3)], [("a", 1), ("b", -2), ("a", 3)])
    assert await waiting(shelf) == []


@pytest.mark.parametrize("who", ["follower", "watcher"])
async def test_nothing_is_removed_before_everybody_is_done(who: str, shelf: Shelf) -> None:
    await emptied(shelf)
    follower, watcher = Follower(), Follower()
    worker = OutboxWorker(shelf.database, {"a": follower}, [watcher])
    await tell(shelf, ("a", 1), ("a", 2))
    broken = follower if who == "follower" else watcher
    broken.broken = True
    with pytest.raises(RuntimeError):
        await worker.step()
    assert await waiting(shelf) == [("a", 1), ("a", 2)]
    broken.broken = False
    await worker.step()
    assert broken.seen == [("a", 1), ("a", 2)]
    assert await waiting(shelf) == []


async def test_the_events_of_a_step_are_gathered_also_if_a_later_one_fails(shelf: Shelf) -> None:
    await emptied(shelf)
    gathered: list[list[int]] = []

    async def gather(entries: Sequence[OutboxEntry]) -> None:
        gathered.append([entry.subject_id for entry in entries])

    broken = Follower()
    worker = OutboxWorker(shelf.database, {"b": broken}, gatherers=(gather,))
    await tell(shelf, ("a", 1), ("a", 2), ("b", 3))
    broken.broken = True
    with pytest.raises(RuntimeError):
        await worker.step()
    broken.broken = False
    await worker.step()
    assert gathered == [[1, 2], [1, 2, 3]]
    assert await waiting(shelf) == []


async def test_news_wake_the_worker(shelf: Shelf) -> None:
    await emptied(shelf)
    follower = Follower()
    running = asyncio.create_task(OutboxWorker(shelf.database, {"a": follower}).run())
    for subject_id in (1, 2):
        await tell(shelf, ("a", subject_id))
        async with asyncio.timeout(CEILING_S):
            while ("a", subject_id) not in follower.seen:
                await asyncio.sleep(0.001)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_no_event_waits_for_a_follower_in_the_background(shelf: Shelf) -> None:
    await emptied(shelf)
    follower, slow = Follower(), Follower()
    await tell(shelf, ("a", 1), ("b", 2))
    worker = OutboxWorker(shelf.database, {"a": follower, "b": follower}, background={"a": slow})
    slow.broken = True
    assert (await worker.step(), await worker.step()) == (2, 0)
    with pytest.raises(RuntimeError):
        await worker.step_background()
    await tell(shelf, ("b", 3), ("a", 4))
    assert (await worker.step(), await worker.step()) == (2, 0)
    assert follower.seen == [("a", 1), ("b", 2), ("b", 3), ("a", 4)]
    assert await waiting(shelf) == [("a", 1), ("a", 4)]
    slow.broken = False
    assert (await worker.step_background(), await worker.step_background()) == (True, False)
    assert (slow.seen, await waiting(shelf)) == ([("a", 1), ("a", 4)], [])


async def test_what_was_not_done_in_the_background_is_passed_on_again_after_a_restart(shelf: Shelf) -> None:
    await emptied(shelf)
    await tell(shelf, ("a", 1))
    await OutboxWorker(shelf.database, {}, background={"a": Follower()}).step()
    slow = Follower()
    worker = OutboxWorker(shelf.database, {}, background={"a": slow})
    await worker.step()
    await worker.step_background()
    assert (slow.seen, await waiting(shelf)) == ([("a", 1)], [])
