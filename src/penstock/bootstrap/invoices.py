"""Builds the services for tariffs and invoices, and the worker that closes periods."""

from __future__ import annotations

import asyncio

import msgspec

from penstock.api.v2.invoices.closing_routes import ClosingEndpoints
from penstock.api.v2.invoices.routes import InvoiceEndpoints
from penstock.api.v2.invoices.setup_routes import InvoicingEndpoints
from penstock.api.v2.tariffs.routes import TariffEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.database import repeated_after_commit
from penstock.core.invoices.closing import PeriodCloser
from penstock.core.invoices.drafting import Drafter
from penstock.core.invoices.invoicing_service import InvoicingService
from penstock.core.invoices.rechecking import InvoiceRechecks
from penstock.core.invoices.run_service import InvoiceRunService
from penstock.core.invoices.sellers import Sellers
from penstock.core.invoices.service import InvoiceService
from penstock.core.meters.accounts import AccountUsage
from penstock.core.tariffs.service import TariffService
from penstock.settings import Settings
from penstock.workers.invoices import InvoicesWorker


class Invoices(msgspec.Struct, kw_only=True):
    """The services for tariffs and invoices."""

    tariffs: TariffService
    service: InvoiceService
    invoicing: InvoicingService
    runs: InvoiceRunService
    worker: InvoicesWorker

    @property
    def part(self) -> Part:
        """Endpoints and loop for tariffs and invoices."""
        return Part(
            endpoints=(
                TariffEndpoints(self.tariffs),
                InvoicingEndpoints(self.invoicing),
                InvoiceEndpoints(self.service),
                ClosingEndpoints(self.runs, self.invoicing),
            ),
            loops={"invoices": self.worker.run},
        )


def build_invoices(services: Services, settings: Settings, usage: AccountUsage) -> Invoices:
    """Build the services for tariffs and invoices. Their loop is not running yet."""
    database, trail, ids, clock, settled = services.database, services.trail, services.ids, services.clock, services.settled
    news = asyncio.Event()
    on_run = repeated_after_commit(news.set)
    drafter = Drafter(usage)
    sellers = Sellers(database=database, plans=services.plans, clock=clock)
    rechecks = InvoiceRechecks(database, services.log, services.store, usage)
    runs = InvoiceRunService(database=database, trail=trail, ids=ids, clock=clock, settled=settled, on_run=on_run)
    closer = PeriodCloser(
        database=database, drafter=drafter, rechecks=rechecks, sellers=sellers, trail=trail, ids=ids, clock=settled
    )
    return Invoices(
        tariffs=TariffService(database=database, trail=trail, ids=ids, clock=clock),
        service=InvoiceService(database=database, drafter=drafter, sellers=sellers, trail=trail, ids=ids, clock=clock),
        invoicing=InvoicingService(database=database, trail=trail, ids=ids, clock=clock, on_run=on_run),
        runs=runs,
        worker=InvoicesWorker(
            runs=runs,
            closer=closer,
            rechecks=rechecks,
            database=database,
            interval_s=settings.invoices.interval_s,
            news=news,
        ),
    )
