"""The loop: it is woken by a new job, and goes on at once while there is more."""

from __future__ import annotations

import asyncio

from penstock.workers.jobs import JobWorker
from tests.support.waiting import CEILING_S


class Counted:
    """A runner that has more to do for a few steps after each start."""

    def __init__(self) -> None:
        self.left, self.steps = 2, 0
        self.idle = asyncio.Event()

    async def step(self) -> bool:
        self.steps += 1
        self.left -= 1
        if self.left <= 0:
            self.idle.set()
        return self.left > 0


async def test_it_goes_on_until_there_is_no_more_and_then_waits_to_be_woken() -> None:
    runner = Counted()
    worker = JobWorker(runner, "jobs_delayed")
    loop = asyncio.create_task(worker.run())
    async with asyncio.timeout(CEILING_S):
        await runner.idle.wait()
        assert runner.steps == 2
        runner.left = 3
        runner.idle.clear()
        worker.wake()
        await runner.idle.wait()
    assert runner.steps == 5
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)
