"""Closes billing periods: starts the automatic runs that are due, and carries out all runs, one after the other."""

from __future__ import annotations

import asyncio

import structlog

from penstock.core.database import SystemDatabase
from penstock.core.invoices.closing import PeriodCloser
from penstock.core.invoices.rechecking import InvoiceRechecks
from penstock.core.invoices.run_service import InvoiceRunService
from penstock.core.invoices.store import InvoiceSystemTransaction
from penstock.workers.loop import run_loop

ORGANIZATIONS = 100
"""Looked at in one snapshot."""
_log = structlog.get_logger()


class InvoicesWorker:
    """The worker. A step is one group of a run; without a run, it marks invoices to compare again. `news`: a run was created."""

    def __init__(
        self,
        *,
        runs: InvoiceRunService,
        closer: PeriodCloser,
        rechecks: InvoiceRechecks,
        database: SystemDatabase[InvoiceSystemTransaction],
        interval_s: float,
        news: asyncio.Event,
    ) -> None:
        self._runs = runs
        self._closer = closer
        self._rechecks = rechecks
        self._database = database
        self._interval_s = interval_s
        self._news = news

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, self._interval_s, "invoices_delayed", self._news)

    async def step(self) -> bool:
        """Do the next part. Returns whether there is more immediately."""
        started = await self._runs.start_due()
        async with self._database.system_snapshot() as tx:
            running = await tx.invoices.running()
        if running is not None:
            if not await self._closer.advance(*running):
                _log.info("invoice_run_ended", run=running[1])
            return True
        if not started:
            await self._mark()
        return started > 0

    async def _mark(self) -> None:
        """Mark the invoices of every organisation whose consumption may have changed."""
        after_id = 0
        while True:
            async with self._database.system_snapshot() as tx:
                page = await tx.invoices.followed(after_id, ORGANIZATIONS)
            for org_id in page:
                await self._rechecks.update(org_id)
            if len(page) < ORGANIZATIONS:
                return
            after_id = page[-1]
