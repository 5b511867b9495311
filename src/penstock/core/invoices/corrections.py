"""Corrections: the differences between an earlier invoice and the one that would be issued now. Pure.

Quantities are compared and not sums, for each part of the period, meter, register, price and rate: the difference is a line at
the price of that time. Once it is billed nothing is left to correct, as the corrections of later invoices count as billed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from penstock.core.invoices.models import Invoice, IssuedInvoice, Line, LineKind, Reference
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


def corrections_of(invoice: Invoice, corrected: Sequence[Line], now: Sequence[Line], reason: str, places: int) -> list[Line]:
    """The lines that correct an invoice. `corrected` are those that later invoices have for it, `now` what it would have."""
    begins = [part.begin_us for part in invoice.applied]
    billed = [line for line in invoice.lines if line.kind is not LineKind.CORRECTION]  # those are of invoices before this one
    change: dict[_Key, Decimal] = defaultdict(Decimal)
    for sign, lines in ((-1, billed), (-1, corrected), (1, now)):
        for line in lines:
            key = _key_of(line, begins)
            change[key] = EXACT.add(change[key], EXACT.multiply(Decimal(sign), _quantity_of(line)))
    shown = _shown(billed, begins) | _shown(corrected, begins) | _shown(now, begins)
    return [
        _correction(invoice, key, difference, shown[key], reason, places)
        for key, difference in sorted(change.items(), key=lambda one: one[0])
        if difference
    ]


def _shown(lines: Sequence[Line], begins: Sequence[int]) -> dict[_Key, Line]:
    """The days and the meter of the lines with one key."""
    found: dict[_Key, Line] = {}
    for line in lines:
        key = _key_of(line, begins)
        found[key] = _joined(found[key], line) if key in found else line
    return found


def _joined(one: Line, other: Line) -> Line:
    """Two lines as one: of a meter that was replaced, or that the account had twice, no counters are those of all their days."""
    begin_us, end_us = min(one.begin_us, other.begin_us), max(one.end_us, other.end_us)
    meter = other.meter
    if meter is not None and (one.begin_us, one.end_us) != (other.begin_us, other.end_us):
        meter = msgspec.structs.replace(meter, serial=None, first=None, last=None)
    return msgspec.structs.replace(other, begin_us=begin_us, end_us=end_us, meter=meter)


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


def _correction(invoice: Invoice, key: _Key, difference: Decimal, shown: Line, reason: str, places: int) -> Line:
    is_minimum = key.kind == LineKind.MINIMUM
    quantity, price = (Decimal(1), difference) if is_minimum else (difference, key.price)
    return Line(
        kind=LineKind.CORRECTION,
        text=key.text,
        begin_us=shown.begin_us,
        end_us=shown.end_us,
        quantity=shortest(quantity),
        unit=key.unit,
        price=price,
        net=rounded(times(quantity, price), places),
        vat_rate=key.vat_rate,
        tier=None if key.tier < 0 else key.tier,
        meter=shown.meter,
        corrects=reference_to(invoice),
        corrected=LineKind(key.kind),
        reason=reason[:MAX_REASON],
    )
