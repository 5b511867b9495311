"""The outbox: each event to its follower and to whoever watches all, in order; removed when they are done and not before."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
import pytest

from penstock.core.outbox import OutboxEntry
from penstock.kit.errors import Unavailable
from penstock.kit.ids import OrgId
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


class Locked(Follower):
    """Fails for one organisation, as if its key could not be used."""

    org_id: OrgId | None = None

    async def __call__(self, entry: OutboxEntry) -> None:
        if entry.org_id == self.org_id:
            raise Unavailable(reason="the key does not answer")
        await super().__call__(entry)


async def test_events_apart_hold_up_neither_other_events_nor_other_organisations(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    await emptied(shelf)
    monkeypatch.setattr("penstock.workers.outbox.RETRY_S", 0.0)
    follower, watcher = Locked(), Follower()
    await tell(shelf, ("text", 1), ("a", 2), ("text", 3), ("text", -4), ("text", -5))
    worker = OutboxWorker(shelf.database, {"text": follower}, [watcher], apart={"text"})
    assert (await worker.step(), await worker.step()) == (5, 0)
    assert (follower.seen, watcher.seen) == ([], [("a", 2)])
    async with shelf.system() as tx:
        follower.org_id = (await tx.outbox.next(1))[0].org_id
    assert not await worker.step_apart()
    assert follower.seen == [("text", -4), ("text", -5)]
    assert await waiting(shelf) == [("text", 1), ("text", 3)]
    follower.org_id = None
    assert not await worker.step_apart()
    assert follower.seen[2:] == [("text", 1), ("text", 3)]
    assert watcher.seen[1:] == follower.seen
    assert await waiting(shelf) == []


async def test_a_failed_event_apart_is_repeated_after_a_pause_and_after_a_restart(shelf: Shelf) -> None:
    await emptied(shelf)
    follower = Locked()
    await tell(shelf, ("text", 1))
    worker = OutboxWorker(shelf.database, {"text": follower}, apart={"text"})
    await worker.step()
    async with shelf.system() as tx:
        follower.org_id = (await tx.outbox.next(1))[0].org_id
    assert not await worker.step_apart()
    follower.org_id = None
    assert not await worker.step_apart(), "a second has not passed"
    assert follower.seen == []
    again = OutboxWorker(shelf.database, {"text": follower}, apart={"text"})
    await again.step()
    await again.step_apart()
    assert (follower.seen, await waiting(shelf)) == ([("text", 1)], [])


async def test_news_wake_the_loop_of_events_apart(shelf: Shelf) -> None:
    await emptied(shelf)
    follower = Follower()
    worker = OutboxWorker(shelf.database, {"text": follower}, apart={"text"})
    running = [asyncio.create_task(one()) for one in (worker.run, worker.run_apart)]
    await tell(shelf, ("text", 1))
    async with asyncio.timeout(CEILING_S):
        while await waiting(shelf):
            await asyncio.sleep(0.01)
    assert follower.seen == [("text", 1)]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
