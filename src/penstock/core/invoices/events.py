"""Events of invoices. Names on the wire are in the past tense; fields are only ever added."""

from __future__ import annotations

import msgspec

from penstock.core.invoices.models import Invoice
from penstock.core.invoices.runs import Hold
from penstock.kit.ids import CustomerId, InvoiceHoldId, InvoiceId, ResidentId

CREATED = "invoice.created"
CANCELLED = "invoice.cancelled"
PAID = "invoice.paid"
HELD = "invoice.held"


class InvoiceChanged(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice or credit note was created or paid, or an invoice cancelled. `kind` is `invoice` or `credit_note`."""

    invoice_id: InvoiceId
    number: str
    kind: str
    customer_id: CustomerId
    resident_id: ResidentId | None
    period: str
    gross: str
    currency: str
    at_us: int


class InvoiceHeld(msgspec.Struct, frozen=True, kw_only=True):
    """The invoice of an account was not issued, until a person decides. `code` says why."""

    hold_id: InvoiceHoldId
    customer_id: CustomerId
    resident_id: ResidentId | None
    period: str
    code: str
    reason: str
    at_us: int


def changed(invoice: Invoice, at_us: int) -> InvoiceChanged:
    """The event about an invoice."""
    return InvoiceChanged(
        invoice_id=invoice.id,
        number=invoice.number,
        kind=invoice.kind.value,
        customer_id=invoice.customer_id,
        resident_id=invoice.resident_id,
        period=invoice.period,
        gross=str(invoice.gross),
        currency=invoice.currency,
        at_us=at_us,
    )


def held(hold: Hold, at_us: int) -> InvoiceHeld:
    """The event about an account that is held."""
    return InvoiceHeld(
        hold_id=hold.id,
        customer_id=hold.customer_id,
        resident_id=hold.resident_id,
        period=hold.period,
        code=hold.code,
        reason=hold.reason,
        at_us=at_us,
    )
