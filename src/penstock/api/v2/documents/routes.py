"""Invoices as files and by mail over the native API."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.shared.call import Call, Stream
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.documents import examples
from penstock.api.v2.documents.csv_file import as_csv
from penstock.api.v2.documents.translate import from_core_mail
from penstock.api.v2.documents.wire import FileQuery, InvoiceMail, InvoiceSend
from penstock.api.v2.telemetry.export import file_writer
from penstock.api.v2.wire import ListOf, Page
from penstock.core.actor import Actor
from penstock.core.invoices.document_service import DocumentService
from penstock.core.invoices.documents import DocumentForm, file_name
from penstock.core.invoices.mailing import InvoiceMailer
from penstock.core.invoices.models import Invoice
from penstock.kit.ids import InvoiceId, Prefix
from penstock.kit.operation import Example

MEDIA_TYPES = {
    "pdf": b"application/pdf",
    "csv": b"text/csv; charset=utf-8",
    "xml": b"application/xml",
    "cii": b"application/xml",
    "facturx": b"application/pdf",
}
FILE = Example(path=examples.INVOICE_PATH, query={"format": "csv"}, answer=examples.ROWS)
OTHERS = ("text/csv", "application/xml")


class DocumentEndpoints:
    """Invoices as files and by mail."""

    routes = Routes("/api/v2/invoices/{invoice_id}", surface="v2", tag="Invoices")
    routes_oneself = Routes("/api/v2/profile/invoices/{invoice_id}", surface="v2", tag="Oneself")

    def __init__(self, documents: DocumentService, mailer: InvoiceMailer) -> None:
        self._documents = documents
        self._mailer = mailer

    @routes.get(
        "/file",
        scope="billing:read",
        of_customer=True,
        media_type="application/pdf",
        other_media_types=OTHERS,
        refuses=(409,),
        example=FILE,
    )
    async def file(self, call: Call[FileQuery, None]) -> Stream:
        """Get an invoice as a file.

        The PDF is in the language and with the formats of the invoice's locale. The XML formats are for other programs, according
        to EN 16931; they need the seller's name, country and VAT ID or registration.
        """
        return await self._file(call.actor, await self._documents.get(call.actor, _invoice_id(call)), call.query.format)

    @routes_oneself.get(
        "/file",
        scope="profile:read",
        session=True,
        of_resident=True,
        media_type="application/pdf",
        other_media_types=OTHERS,
        refuses=(409,),
        example=FILE,
    )
    async def own_file(self, call: Call[FileQuery, None]) -> Stream:
        """Get one of your invoices as a file.

        A caller who is not a resident needs the scope `billing:read`.
        """
        return await self._file(call.actor, await self._documents.get_own(call.actor, _invoice_id(call)), call.query.format)

    @routes.post(
        "/send",
        scope="billing:write",
        status=202,
        example=Example(path=examples.INVOICE_PATH, body={"to": "erika@example.org"}, answer=examples.QUEUED),
    )
    async def send(self, call: Call[None, InvoiceSend]) -> InvoiceMail:
        """Send an invoice by mail.

        To its buyer, or to the given address, with the PDF attached. Invoices are sent by themselves if the customer's settings
        have `send_by_mail`.
        """
        return from_core_mail(await self._mailer.send(call.actor, _invoice_id(call), call.body.to))

    @routes.get(
        "/mails",
        scope="billing:read",
        example=Example(path=examples.INVOICE_PATH, answer={"data": [examples.MAIL], "next_cursor": None}),
    )
    async def mails(self, call: Call[Page, None]) -> ListOf[InvoiceMail]:
        """List the mails of an invoice.

        Newest first, with the state of each.
        """
        page = await self._mailer.list(call.actor, _invoice_id(call), call.query.limit, call.query.cursor)
        return ListOf([from_core_mail(one) for one in page.items], page.next_cursor)

    async def _file(self, actor: Actor, invoice: Invoice, form: str) -> Stream:
        if form == "csv":
            content = await asyncio.to_thread(as_csv, invoice)
        else:
            content = await self._documents.document(actor, invoice, DocumentForm(form))
        ending = {"facturx": "pdf", "cii": "cii.xml"}.get(form, form)
        return Stream(write=file_writer(content, MEDIA_TYPES[form], file_name(invoice, ending)))


def _invoice_id(call: Call[Any, Any]) -> InvoiceId:
    return path_id(Prefix.INVOICE, call.path["invoice_id"])
