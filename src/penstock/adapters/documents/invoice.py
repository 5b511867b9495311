"""Prints invoices: PDF, XML, and the mail that carries them."""

from __future__ import annotations

import base64
import io
from decimal import Decimal

from penstock.adapters.documents.e_invoice import attached, xml_of
from penstock.adapters.documents.sheet import Sheet
from penstock.adapters.documents.typesetting import Typesetter
from penstock.adapters.documents.wording import sentences
from penstock.core.invoices.documents import DocumentForm, Letter, Logo
from penstock.core.invoices.models import Invoice, InvoiceKind

MIN_TRANSFER, MAX_TRANSFER = Decimal("0.01"), Decimal("999999999.99")
MAX_NAME = 70
"""The limits of the code for a transfer. Source: EPC069-12, version 3.1."""


class PrintedInvoices:
    """Implements `InvoicePrinter`."""

    def __init__(self, typesetter: Typesetter) -> None:
        self._typesetter = typesetter

    async def document(self, invoice: Invoice, form: DocumentForm, logo: Logo | None) -> bytes:
        return await self._typesetter.in_thread(lambda: self._made(invoice, form, logo))

    def letter(self, invoice: Invoice) -> Letter:
        sheet = Sheet(invoice)
        words = sheet.words
        facts = {
            "number": invoice.number,
            "period": sheet.period,
            "total": sheet.formats.money(abs(invoice.gross)),
            "due": sheet.due,
        }
        if invoice.kind is InvoiceKind.CREDIT_NOTE:
            template = words.mail_credit_note
        else:
            template = words.mail_invoice if invoice.due_on else words.mail_invoice_at_once
        seller, buyer = invoice.seller.name, invoice.buyer.name or invoice.account
        greeting = words.mail_greeting.format(buyer=buyer)
        text = f"{greeting}\n\n{sentences(template, **facts)}\n\n{words.mail_regards}\n{seller}\n"
        return Letter(subject=words.mail_subject.format(title=sheet.kind, number=invoice.number, seller=seller), text=text)

    def _made(self, invoice: Invoice, form: DocumentForm, logo: Logo | None) -> bytes:
        if form is DocumentForm.PDF:
            return self._pdf(invoice, logo)
        if form is not DocumentForm.FACTURX:
            return xml_of(invoice, form)
        return attached(self._pdf(invoice, logo), xml_of(invoice, DocumentForm.CII), Sheet(invoice))

    def _pdf(self, invoice: Invoice, logo: Logo | None) -> bytes:
        drawings = {}
        if logo is not None:
            drawings["logo"] = _framed(logo)
        code = transfer_code(invoice)
        if code:
            drawings["code"] = code
        values = Sheet(invoice).values() | {"logo": "logo" in drawings, "code": "code" in drawings}
        return self._typesetter.pdf("invoice", values, invoice.issued_us, drawings)


def transfer_code(invoice: Invoice) -> str:
    """The QR code with which banking apps fill in a transfer in euros, as SVG; empty if there is none."""
    seller = invoice.seller
    if invoice.currency != "EUR" or not seller.iban or not MIN_TRANSFER <= invoice.gross <= MAX_TRANSFER:
        return ""
    from segno.helpers import make_epc_qr

    try:
        code = make_epc_qr(
            name=seller.name[:MAX_NAME],
            iban=seller.iban.replace(" ", ""),
            amount=invoice.gross,
            text=invoice.number,
            bic=seller.bic or None,
        )
    except ValueError:  # a name or IBAN that the standard does not allow: the account is printed all the same
        return ""
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", border=0)
    return drawn.getvalue().decode()


def _framed(logo: Logo) -> str:
    """The logo as SVG, because the compiler takes files only as text."""
    content, size = base64.b64encode(logo.content).decode(), f'width="{logo.width}" height="{logo.height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="data:{logo.media_type};base64,{content}"/></svg>'
