"""Stores every second which devices were seen without a new reading."""

from __future__ import annotations

from penstock.core.devices.seen import SeenDevices
from penstock.workers.loop import run_loop

INTERVAL_S = 1.0


class SeenWorker:
    """The worker. If the process is killed, up to a second's worth is lost."""

    def __init__(self, seen: SeenDevices) -> None:
        self._seen = seen

    async def run(self) -> None:
        """Run until cancelled, then write one last time."""
        await run_loop(self.step, INTERVAL_S, "seen_delayed", last=self.step)

    async def step(self) -> None:
        """Store what was noted since the last time."""
        await self._seen.flush()
