"""Use cases on invoices as documents."""

from __future__ import annotations

from penstock.core.actor import Actor
from penstock.core.database import OrganizationDatabase
from penstock.core.invoices.document_store import SendingTransaction
from penstock.core.invoices.documents import DocumentForm, InvoicePrinter
from penstock.core.invoices.models import Invoice
from penstock.core.invoices.service import InvoiceService
from penstock.kit.ids import InvoiceId


class DocumentService:
    """Prints invoices."""

    def __init__(
        self, database: OrganizationDatabase[SendingTransaction], printer: InvoicePrinter, invoices: InvoiceService
    ) -> None:
        self._database = database
        self._printer = printer
        self._invoices = invoices

    async def get(self, actor: Actor, invoice_id: InvoiceId) -> Invoice:
        """One invoice.

        Raises:
            InvoiceNotFound.
        """
        return (await self._invoices.get(actor, invoice_id)).invoice

    async def get_own(self, actor: Actor, invoice_id: InvoiceId) -> Invoice:
        """One invoice of the resident who is the caller. Other users need the scope that reading invoices requires.

        Raises:
            InvoiceNotFound: also if it is another resident's.
            ScopeMissing.
        """
        return (await self._invoices.get_own(actor, invoice_id)).invoice

    async def document(self, actor: Actor, invoice: Invoice, form: DocumentForm) -> bytes:
        """An invoice in a form, with the organisation's logo.

        Raises:
            DocumentIncomplete: EN 16931 requires facts that the invoice does not have.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            logo = await tx.logo.find()
        return await self._printer.document(invoice, form, logo)
