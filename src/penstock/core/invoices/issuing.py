"""Issuing: a draft becomes an invoice with a number, and an invoice becomes a credit note. Pure."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from penstock.core.invoices.corrections import reference_to
from penstock.core.invoices.drafting import Draft
from penstock.core.invoices.models import Invoice, InvoiceKind, Line, VatSum
from penstock.core.invoices.periods import day_at
from penstock.core.invoices.totals import totals_of
from penstock.core.tariffs.currencies import places_of
from penstock.core.telemetry.buckets import parse_zone
from penstock.kit.ids import InvoiceId

NUMBER_DIGITS = 6
UNNUMBERED = ""
"""The number of a preview."""


def series_of(prefix: str, timezone: str, at_us: int) -> str:
    """The series of numbers for invoices that are issued at a time: a prefix and the year."""
    return f"{prefix}{day_at(at_us, parse_zone(timezone)).year}"


def number_of(series: str, count: int) -> str:
    """A number of a series, such as 2026-000123."""
    return f"{series}-{count:0{NUMBER_DIGITS}d}"


def invoice_of(draft: Draft, invoice_id: InvoiceId, number: str, now_us: int) -> Invoice:
    """A draft as an invoice."""
    facts = draft.facts
    customer = facts.account.customer
    totals = totals_of(draft.lines, places_of(draft.currency))
    issued_on = day_at(now_us, facts.zone)
    return Invoice(
        id=invoice_id,
        number=number,
        customer_id=customer.id,
        resident_id=facts.account.resident_id,
        customer=customer.name,
        account=facts.account.name,
        period=facts.period.name,
        begin_us=facts.begin_us,
        end_us=facts.end_us,
        timezone=customer.timezone,
        locale=facts.settings.locale,
        currency=draft.currency,
        issued_us=now_us,
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=facts.settings.due_days),
        seller=facts.seller,
        buyer=facts.buyer,
        lines=draft.lines,
        vat=totals.vat,
        net=totals.net,
        vat_total=totals.vat_total,
        gross=totals.gross,
        notes=draft.notes,
        applied=draft.applied,
    )


def credit_note_of(invoice: Invoice, invoice_id: InvoiceId, number: str, reason: str, now_us: int) -> Invoice:
    """The credit note of an invoice: the same with all sums negated."""
    return msgspec.structs.replace(
        invoice,
        id=invoice_id,
        number=number,
        kind=InvoiceKind.CREDIT_NOTE,
        issued_us=now_us,
        issued_on=day_at(now_us, parse_zone(invoice.timezone)),
        due_on=None,
        lines=tuple(_negated(line) for line in invoice.lines),
        vat=tuple(VatSum(rate=one.rate, net=-one.net, vat=-one.vat) for one in invoice.vat),
        net=-invoice.net,
        vat_total=-invoice.vat_total,
        gross=-invoice.gross,
        applied=(),
        cancels=reference_to(invoice),
        reason=reason,
    )


def _negated(line: Line) -> Line:
    return msgspec.structs.replace(line, quantity=-line.quantity, net=-line.net)
