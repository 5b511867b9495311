"""Checks the disk every second, so that readings are rejected before it is completely full, and accepted soon afterwards."""

from __future__ import annotations

from typing import Protocol

from penstock.workers.loop import run_loop

INTERVAL_S = 1.0


class Disk(Protocol):
    """The disk with the data directory."""

    def check(self) -> bool:
        """Check whether it is full now."""


class DiskWatch:
    """The worker."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, INTERVAL_S, "disk_unseen")

    async def step(self) -> None:
        """Check once."""
        self._disk.check()
