"""Decodes stored uplinks again, in the background. Codecs of arriving uplinks run before those of this worker."""

from __future__ import annotations

import asyncio

from penstock.core.database import repeated_after_commit
from penstock.workers.loop import run_loop
from penstock.workers.redecode_runs import RedecodeRunner

IDLE_S = 60.0


class RedecodeWorker:
    """The worker."""

    def __init__(self, runner: RedecodeRunner) -> None:
        self._runner = runner
        self._news = asyncio.Event()
        self._has_more = False

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, self._pause, "redecodes_delayed", self._news)

    async def step(self) -> None:
        """Work on a batch of each organisation. A step never counts as unfinished: a re-decode that takes long is not late."""
        self._has_more = await self._runner.step()

    @repeated_after_commit
    def wake(self) -> None:
        """A re-decode was created."""
        self._news.set()

    async def _pause(self) -> float:
        return 0.0 if self._has_more else IDLE_S
