"""Numbers and credit notes."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from penstock.core.invoices.issuing import credit_note_of, number_of, series_of
from penstock.core.invoices.models import InvoiceKind
from penstock.core.invoices.totals import totals_of
from penstock.kit.ids import InvoiceId
from tests.core.invoices.billed import us
from tests.core.invoices.test_corrections import invoice, lines


def test_a_series_is_of_the_year_in_the_time_zone() -> None:
    new_year_us = us("2026-12-31T23:30:00")
    assert series_of("", "UTC", new_year_us) == "2026"
    assert series_of("RIV-", "Europe/Berlin", new_year_us) == "RIV-2027"
    assert (number_of("RIV-2027", 12), number_of("2026", 1_234_567)) == ("RIV-2027-000012", "2026-1234567")


def test_a_credit_note_takes_back_every_sum() -> None:
    found = lines("12", "3")
    totals = totals_of(found, 2)
    billed = msgspec.structs.replace(
        invoice(found), vat=totals.vat, net=totals.net, vat_total=totals.vat_total, gross=totals.gross
    )
    note = credit_note_of(billed, InvoiceId(8), "2026-000008", "wrong", us("2026-06-10T00:00:00"))
    again = totals_of(note.lines, 2)
    assert (note.vat, note.net, note.vat_total, note.gross) == (again.vat, again.net, again.vat_total, again.gross)
    assert note.gross + billed.gross == Decimal(0)
    assert (note.kind, note.reason, note.due_on, note.applied) == (InvoiceKind.CREDIT_NOTE, "wrong", None, ())
    assert note.cancels is not None
    assert note.cancels.number == billed.number
