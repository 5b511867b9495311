"""Corrections: the differences between an earlier invoice and the one that would be issued now. Pure.

Quantities are compared and not sums, for each part of the period, meter, register, price and rate: the difference is a line at
the price of that time. Once it is billed nothing is left to correct, as the corrections of later invoices count as billed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from penstock.core.invoices.models import Applied, Invoice, IssuedInvoice, Line, LineKind, LineMeter, Reference
from penstock.core.tariffs.amounts import EXACT, rounded, shortest, times
from penstock.kit.ids import DeviceId, InvoiceId

MAX_REASON = 200


class _Key(msgspec.Struct, frozen=True, order=True):
    """What must be equal for quantities to be comparable. A minimum has no price of its own, as its sum is the difference."""

    part: int
    kind: str
    device_id: DeviceId
    register: str
    tier: int
    text: str
    unit: str
    price: Decimal
    vat_rate: Decimal


def reference_to(invoice: Invoice) -> Reference:
    """An invoice as another one refers to it."""
    return Reference(
        id=invoice.id,
        number=invoice.number,
        issued_on=invoice.issued_on,
        period=invoice.period,
        begin_us=invoice.begin_us,
        end_us=invoice.end_us,
    )


def corrections_in(invoices: Sequence[IssuedInvoice], invoice_id: InvoiceId) -> list[Line]:
    """The lines of some invoices that correct one."""
    return [
        line for one in invoices for line in one.invoice.lines if line.corrects is not None and line.corrects.id == invoice_id
    ]


def corrections_of(invoice: Invoice, corrected: Iterable[Line], now: Sequence[Line], reason: str, places: int) -> list[Line]:
    """The lines that correct an invoice. `corrected` are those that later invoices have for it, `now` what it would have."""
    begins = [part.begin_us for part in invoice.applied]
    change: dict[_Key, Decimal] = defaultdict(Decimal)
    meters: dict[_Key, LineMeter | None] = {}
    for sign, lines in ((-1, invoice.lines), (-1, corrected), (1, now)):
        for line in lines:
            if sign < 0 and line.kind is LineKind.CORRECTION and (line.corrects is None or line.corrects.id != invoice.id):
                continue  # this invoice's own correction of one before it
            key = _key_of(line, begins)
            change[key] = EXACT.add(change[key], EXACT.multiply(Decimal(sign), _quantity_of(line)))
            meters[key] = line.meter or meters.get(key)
    return [
        _correction(invoice, key, difference, meters[key], reason, places)
        for key, difference in sorted(change.items(), key=lambda one: one[0])
        if difference
    ]


def _kind_of(line: Line) -> LineKind:
    return line.corrected or line.kind


def _quantity_of(line: Line) -> Decimal:
    return line.net if _kind_of(line) is LineKind.MINIMUM else line.quantity


def _key_of(line: Line, begins: Sequence[int]) -> _Key:
    kind = _kind_of(line)
    return _Key(
        part=max(bisect_right(begins, line.begin_us) - 1, 0),
        kind=kind.value,
        device_id=line.meter.device_id if line.meter else DeviceId(0),
        register=line.meter.register if line.meter else "",
        tier=-1 if line.tier is None else line.tier,
        text=line.text,
        unit=line.unit,
        price=Decimal(0) if kind is LineKind.MINIMUM else line.price,
        vat_rate=line.vat_rate,
    )


def _correction(invoice: Invoice, key: _Key, difference: Decimal, meter: LineMeter | None, reason: str, places: int) -> Line:
    part: Applied = invoice.applied[key.part]
    is_minimum = key.kind == LineKind.MINIMUM
    quantity, price = (Decimal(1), difference) if is_minimum else (difference, key.price)
    return Line(
        kind=LineKind.CORRECTION,
        text=key.text,
        begin_us=part.begin_us,
        end_us=part.end_us,
        quantity=shortest(quantity),
        unit=key.unit,
        price=price,
        net=rounded(times(quantity, price), places),
        vat_rate=key.vat_rate,
        tier=None if key.tier < 0 else key.tier,
        meter=meter,
        corrects=reference_to(invoice),
        corrected=LineKind(key.kind),
        reason=reason[:MAX_REASON],
    )
