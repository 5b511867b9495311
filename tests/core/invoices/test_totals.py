"""Totals in the order of EN 16931: lines, VAT per rate, and their sum."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from penstock.core.invoices.models import Line, LineKind
from penstock.core.invoices.totals import totals_of
from penstock.core.tariffs.amounts import sum_of


def line(net: str, rate: str = "19") -> Line:
    return Line(
        kind=LineKind.USAGE,
        begin_us=0,
        end_us=1,
        quantity=Decimal(1),
        unit="m3",
        price=Decimal(net),
        net=Decimal(net),
        vat_rate=Decimal(rate),
    )


def test_vat_is_rounded_once_per_rate() -> None:
    found = totals_of([line("0.13")] * 3 + [line("10.00", "7")], 2)
    assert [(str(one.rate), str(one.net), str(one.vat)) for one in found.vat] == [("7", "10.00", "0.70"), ("19", "0.39", "0.07")]
    assert (str(found.net), str(found.vat_total), str(found.gross)) == ("10.39", "0.77", "11.16")


def test_no_lines_are_nothing() -> None:
    found = totals_of([], 2)
    assert (found.vat, str(found.gross)) == ((), "0.00")


NETS = st.integers(-(10**12), 10**12).map(lambda cents: str(Decimal(cents).scaleb(-2)))


@given(st.lists(st.builds(line, NETS, st.sampled_from(["0", "7", "19", "25.5"])), max_size=12))
def test_lines_add_up_to_the_total(lines: list[Line]) -> None:
    found = totals_of(lines, 2)
    assert found.net == sum_of(one.net for one in lines) == sum_of(one.net for one in found.vat)
    assert found.vat_total == sum_of(one.vat for one in found.vat)
    assert found.gross == found.net + found.vat_total
    for one in found.vat:
        assert abs(one.vat - one.net * one.rate / 100) <= Decimal("0.005")
