"""Builds the services for billing: the current bill, and the statements that are frozen at the end of the month."""

from __future__ import annotations

import msgspec

from penstock.adapters.documents.statement import PdfStatements
from penstock.adapters.documents.typesetting import Typesetter
from penstock.api.v2.billing.routes import BillingEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.billing.closing import MonthCloser
from penstock.core.billing.ports import StatementPrinter
from penstock.core.billing.service import BillingService
from penstock.settings import Settings
from penstock.workers.statements import StatementsWorker


class Billing(msgspec.Struct, kw_only=True):
    """The services for billing."""

    service: BillingService
    closer: MonthCloser
    worker: StatementsWorker
    printer: StatementPrinter

    @property
    def part(self) -> Part:
        """Endpoints and loop for billing."""
        return Part(endpoints=(BillingEndpoints(self.service, self.printer),), loops={"statements": self.worker.run})


def build_billing(services: Services, settings: Settings, typesetter: Typesetter) -> Billing:
    """Build the services for billing. Their loop is not running yet."""
    database, settled, config = services.database, services.settled, settings.billing
    closer = MonthCloser(
        database=database,
        plans=services.plans,
        trail=services.trail,
        ids=services.ids,
        clock=settled,
        delay_s=config.statement_delay_s,
    )
    return Billing(
        service=BillingService(database=database, plans=services.plans, clock=services.clock),
        closer=closer,
        worker=StatementsWorker(closer=closer, database=database, log=services.log, clock=settled, interval_s=config.interval_s),
        printer=PdfStatements(typesetter),
    )
