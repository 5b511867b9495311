"""Ends snoozes of alerts whose time is over."""

from __future__ import annotations

from typing import Protocol

from penstock.core.alerts.snooze_store import HasSystemSnoozes
from penstock.core.alerts.snoozes import SnoozeService
from penstock.core.database import SystemDatabase
from penstock.kit.clock import Clock
from penstock.workers.loop import run_loop

INTERVAL_S = 1.0
AT_ONCE = 100


class SnoozeTransaction(HasSystemSnoozes, Protocol):
    """The stores of the worker."""


class SnoozeWorker:
    """The worker."""

    def __init__(self, database: SystemDatabase[SnoozeTransaction], snoozes: SnoozeService, settled: Clock) -> None:
        self._database = database
        self._snoozes = snoozes
        self._settled = settled

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, INTERVAL_S, "alert_snoozes_delayed")

    async def step(self) -> bool:
        """End what is over, a limited number at a time. Returns whether there is more."""
        now_us = self._settled.now_us()
        async with self._database.system_snapshot() as tx:
            due = await tx.snoozes.due(now_us, AT_ONCE)
        for org_id, snooze in due:
            await self._snoozes.end_due(org_id, snooze, now_us)
        return len(due) == AT_ONCE
