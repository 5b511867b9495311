"""Builds the services for documents: invoices as files and by mail, and the logo on them."""

from __future__ import annotations

import msgspec

from penstock.adapters.documents.invoice import PrintedInvoices
from penstock.adapters.documents.logo import PillowLogos
from penstock.adapters.documents.typesetting import Typesetter
from penstock.api.v2.documents.logo_routes import LogoEndpoints
from penstock.api.v2.documents.routes import DocumentEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.invoices import events
from penstock.core.invoices.document_service import DocumentService
from penstock.core.invoices.logos import LogoService
from penstock.core.invoices.mailing import InvoiceMailer
from penstock.core.invoices.service import InvoiceService


class Documents(msgspec.Struct, kw_only=True):
    """The services for documents."""

    service: DocumentService
    mailer: InvoiceMailer
    logos: LogoService

    @property
    def part(self) -> Part:
        """Endpoints and the follower that sends issued invoices."""
        return Part(
            endpoints=(DocumentEndpoints(self.service, self.mailer), LogoEndpoints(self.logos)),
            # In the background, because closing a period issues thousands at once.
            background={events.CREATED: self.mailer.follow},
        )


def build_documents(services: Services, typesetter: Typesetter, invoices: InvoiceService) -> Documents:
    """Build the services for documents."""
    database, trail, clock = services.database, services.trail, services.clock
    printer = PrintedInvoices(typesetter)
    return Documents(
        service=DocumentService(database, printer, invoices),
        mailer=InvoiceMailer(
            database=database, printer=printer, post=services.people.post, trail=trail, ids=services.ids, clock=clock
        ),
        logos=LogoService(database=database, reader=PillowLogos(typesetter), trail=trail, clock=clock),
    )
