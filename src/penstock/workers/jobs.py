"""The loop of long jobs that are worked on in batches, such as imports and re-decodes."""

from __future__ import annotations

import asyncio
from typing import Protocol

from penstock.core.database import repeated_after_commit
from penstock.workers.loop import run_loop

IDLE_S = 60.0


class JobRunner(Protocol):
    """Works on the jobs of all organisations."""

    async def step(self) -> bool:
        """Work on a part of each organisation's next job. Returns whether there is more."""


class JobWorker:
    """The worker of one kind of job. `delayed` is the event that is logged while it fails."""

    def __init__(self, runner: JobRunner, delayed: str) -> None:
        self._runner = runner
        self._delayed = delayed
        self._news = asyncio.Event()
        self._has_more = False

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, self._pause, self._delayed, self._news)

    async def step(self) -> None:
        """Work on a batch of each organisation. A step never counts as unfinished: a job that takes long is not late."""
        self._has_more = await self._runner.step()

    @repeated_after_commit
    def wake(self) -> None:
        """A job was created."""
        self._news.set()

    async def _pause(self) -> float:
        return 0.0 if self._has_more else IDLE_S
