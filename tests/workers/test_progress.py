"""How far a worker is behind: since its first unfinished work, whatever keeps it from finishing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from penstock.core.telemetry.errors import DiskFull
from penstock.workers.loop import run_loop
from penstock.workers.progress import Behind, Followers, Queued
from penstock.workers.supervisor import Supervisor
from tests.support.days import HeldClock
from tests.support.waiting import CEILING_S

LONG_S = 3600.0


class Follower:
    """A worker whose steps end as the test says."""

    def __init__(self, *, lag: int = 0) -> None:
        self.lag = lag
        self.outcomes: asyncio.Queue[object] = asyncio.Queue()
        self.steps = 0

    async def run(self) -> None:
        await run_loop(self.step, 0.001, "delayed")

    async def step(self) -> object:
        self.steps += 1
        outcome = await self.outcomes.get()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(CEILING_S):
        while not condition():
            await asyncio.sleep(0)


async def test_the_seconds_run_from_the_first_unfinished_step() -> None:
    clock, worker = HeldClock(), Follower(lag=7)
    followers = Followers(clock)
    supervisor = Supervisor({"w": worker.run}, {"w": followers.add("w", worker.run)})
    supervisor.start()
    await until(lambda: worker.steps == 1)
    clock.s += 5
    assert followers.behind() == {"w": Behind(7, 5.0)}, "a step that does not end is unfinished work"
    for _ in range(2):
        before = worker.steps
        worker.outcomes.put_nowait(True)
        await until(lambda before=before: worker.steps > before)
        clock.s += 1
    assert followers.behind()["w"].seconds == 7.0
    worker.outcomes.put_nowait(DiskFull())
    await until(lambda: worker.steps == 4)
    assert followers.behind()["w"] == Behind(7, 7.0, DiskFull().detail)
    worker.lag = 0
    worker.outcomes.put_nowait(None)
    await until(lambda: worker.steps == 5)
    assert followers.behind()["w"] == Behind(0, 0.0)
    await supervisor.stop()


async def test_a_crash_is_unfinished_work_until_a_step_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("penstock.workers.supervisor.RESTART_S", 0.001)
    clock, worker = HeldClock(), Follower()
    followers = Followers(clock)
    supervisor = Supervisor({"w": worker.run}, {"w": followers.add("w", worker.run)})
    supervisor.start()
    for _ in range(3):
        worker.outcomes.put_nowait(KeyError("a bug"))
    await until(lambda: worker.steps == 4)
    clock.s += 2
    assert followers.behind()["w"] == Behind(0, 2.0, "KeyError")
    await supervisor.stop()


async def test_a_task_that_a_worker_starts_does_not_speak_for_it() -> None:
    clock = HeldClock()
    followers = Followers(clock)
    began = asyncio.Event()

    async def lane() -> None:
        async def step() -> None:
            began.set()
            await asyncio.Event().wait()

        await run_loop(step, LONG_S, "delayed")

    async def run() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(lane())

    supervisor = Supervisor({"w": run}, {"w": followers.add("w", run)})
    supervisor.start()
    await asyncio.wait_for(began.wait(), CEILING_S)
    clock.s += 60
    assert followers.behind()["w"] == Behind(None, 0.0)
    await supervisor.stop()


async def test_rows_that_wait_in_the_database_count_from_when_they_were_due() -> None:
    clock = HeldClock()
    followers = Followers(clock)
    followers.add("mail", _nothing)
    followers.queued = {"mail": Queued(3, clock.us - 90_000_000)}
    assert followers.behind()["mail"] == Behind(3, 90.0)
    followers.queued = {"mail": Queued()}
    assert followers.behind()["mail"] == Behind(0, 0.0)


async def _nothing() -> None:
    """A worker without a lag of its own."""
