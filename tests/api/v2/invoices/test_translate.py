"""Invoices on the wire: decimals as texts, ids and references."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from penstock.api.v2.invoices.translate import from_core_invoice, from_core_summary
from penstock.core.invoices.corrections import corrections_of
from penstock.core.invoices.models import IssuedInvoice
from tests.core.invoices.test_corrections import invoice, lines


def test_a_correction_refers_to_its_invoice() -> None:
    earlier = invoice(lines("12"))
    corrections = corrections_of(earlier, [], lines("1000012"), "late readings", 2)
    found = from_core_invoice(IssuedInvoice(invoice=msgspec.structs.replace(earlier, lines=tuple(corrections))))
    (line,) = [one for one in found.lines if one.tier == 2]
    assert (line.quantity, line.price, line.net) == ("1000000", "2", "2000000.00")
    assert (line.kind, line.corrected, line.reason) == ("correction", "usage", "late readings")
    assert line.corrects is not None
    assert (line.corrects.number, line.corrects.period) == ("2026-000007", "2026-05")
    assert line.meter is not None
    assert (line.meter.first, line.meter.last) == ("100", None)


def test_a_summary_has_the_sums() -> None:
    found = from_core_summary(IssuedInvoice(invoice=msgspec.structs.replace(invoice([]), gross=Decimal("1E+3"))))
    assert (found.gross, found.state, found.resident_id, found.cancels) == ("1000", "open", None, None)
