"""An invoice as CSV: one row per line, with exact decimals. The same invoice produces the same bytes."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from penstock.api.shared.cells import cell
from penstock.core.invoices.models import Invoice, Line, LineMeter
from penstock.kit.clock import SECOND_US

_OF_METER = ("meter", "eui", "serial", "register", "first", "last", "estimated", "meter_unit")
COLUMNS = (
    *("number", "kind", "issued_on", "due_on", "line", "line_kind", "text", "tier", "begin", "end"),
    *_OF_METER,
    *("quantity", "unit", "price", "net", "vat_rate", "currency", "corrects", "reason"),
)


def as_csv(invoice: Invoice) -> bytes:
    """The lines of an invoice. `end` is the last day; tiers are counted from 1."""
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(COLUMNS)
    for number, line in enumerate(invoice.lines, 1):
        out.writerow([cell(value) for value in _row(invoice, number, line)])
    return text.getvalue().encode()


def _row(invoice: Invoice, number: int, line: Line) -> list[object]:
    zone = ZoneInfo(invoice.timezone)
    return [
        *(invoice.number, invoice.kind.value, invoice.issued_on, invoice.due_on or "", number, line.kind.value, line.text),
        *("" if line.tier is None else line.tier + 1, _day(line.begin_us, zone), _day(line.end_us - 1, zone)),
        *(_meter(line.meter) if line.meter else [""] * len(_OF_METER)),
        *(_Exact(line.quantity), line.unit, _Exact(line.price), _Exact(line.net), _Exact(line.vat_rate), invoice.currency),
        *(line.corrects.number if line.corrects else "", line.reason),
    ]


def _meter(meter: LineMeter) -> list[object]:
    ends = ["" if value is None else _Exact(value) for value in (meter.first, meter.last)]
    return [meter.name, meter.eui or "", meter.serial or "", meter.register, *ends, _Exact(meter.estimated), meter.unit]


def _day(time_us: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(time_us // SECOND_US, UTC).astimezone(zone).date().isoformat()


class _Exact:
    """A decimal that is written in digits, never in exponents; as no string, it needs no quote mark if it is negative."""

    def __init__(self, value: Decimal) -> None:
        self._value = value

    def __str__(self) -> str:
        return f"{self._value:f}"
