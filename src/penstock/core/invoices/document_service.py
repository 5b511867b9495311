"""Use cases on invoices as documents."""

from __future__ import annotations

from penstock.core.actor import Actor
from penstock.core.database import OrganizationDatabase
from penstock.core.invoices.document_store import SendingTransaction
from penstock.core.invoices.documents import DocumentForm, InvoicePrinter
from penstock.core.invoices.errors import InvoiceNotFound
from penstock.core.invoices.models import Invoice
from penstock.kit.ids import InvoiceId, Prefix, encode


class DocumentService:
    """Prints invoices."""

    def __init__(self, database: OrganizationDatabase[SendingTransaction], printer: InvoicePrinter) -> None:
        self._database = database
        self._printer = printer

    async def get(self, actor: Actor, invoice_id: InvoiceId) -> Invoice:
        """One invoice.

        Raises:
            InvoiceNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.invoices.find(invoice_id)
        if found is None or actor.customer_id not in (None, found.invoice.customer_id):
            raise InvoiceNotFound(invoice_id=encode(Prefix.INVOICE, invoice_id))
        return found.invoice

    async def get_own(self, actor: Actor, invoice_id: InvoiceId) -> Invoice:
        """One invoice of the resident who is the caller.

        Raises:
            InvoiceNotFound: also if it is another's.
        """
        found = await self.get(actor, invoice_id)
        if not actor.resident_id or found.resident_id != actor.resident_id:
            raise InvoiceNotFound(invoice_id=encode(Prefix.INVOICE, invoice_id))
        return found

    async def document(self, actor: Actor, invoice: Invoice, form: DocumentForm) -> bytes:
        """An invoice in a form, with the organisation's logo.

        Raises:
            DocumentIncomplete: EN 16931 requires facts that the invoice does not have.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            logo = await tx.logo.find()
        return await self._printer.document(invoice, form, logo)
