"""Imports files, in the background."""

from __future__ import annotations

import asyncio

from penstock.core.database import repeated_after_commit
from penstock.workers.import_runs import ImportRunner
from penstock.workers.loop import run_loop

IDLE_S = 60.0


class ImportWorker:
    """The worker."""

    def __init__(self, runner: ImportRunner) -> None:
        self._runner = runner
        self._news = asyncio.Event()
        self._has_more = False

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, self._pause, "imports_delayed", self._news)

    async def step(self) -> None:
        """Work on a batch of each organisation. A step never counts as unfinished: an import that takes long is not late."""
        self._has_more = await self._runner.step()

    @repeated_after_commit
    def wake(self) -> None:
        """An import was created."""
        self._news.set()

    async def _pause(self) -> float:
        return 0.0 if self._has_more else IDLE_S
