"""Creates the statements of completed months."""

from __future__ import annotations

import structlog

from penstock.core.billing.closing import MonthCloser
from penstock.core.database import SystemDatabase
from penstock.core.limits.periods import month_of
from penstock.core.telemetry.store import HasCursors, ReadingLog
from penstock.kit.clock import Clock
from penstock.kit.ids import Seq
from penstock.workers.loop import run_loop
from penstock.workers.observer import CONSUMER

_log = structlog.get_logger()


class StatementsWorker:
    """The worker. Each month of an organisation has a separate transaction."""

    def __init__(
        self, *, closer: MonthCloser, database: SystemDatabase[HasCursors], log: ReadingLog, clock: Clock, interval_s: float
    ) -> None:
        self._closer = closer
        self._database = database
        self._log = log
        self._clock = clock
        self._interval_s = interval_s

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, self._interval_s, "statements_delayed")

    async def step(self) -> int:
        """Close the due months. Returns how many. None is closed before all its readings have been counted."""
        due = await self._closer.due()
        if not due or not await self._is_counted():
            return 0
        closed = 0
        for organization in due:
            while await self._closer.close_next(organization):
                closed += 1
        if closed:
            _log.info("months_closed", months=closed)
        return closed

    async def _is_counted(self) -> bool:
        async with self._database.system_snapshot() as tx:
            counted = Seq(await tx.cursor(CONSUMER))
        # Readings are counted in the order of arrival: if the next one is from this month, all earlier months are counted.
        following = await self._log.read_after(counted, 1)
        return not following or following[0].received_us >= month_of(self._clock.now_us())[0]
