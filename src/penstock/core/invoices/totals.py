"""The sums of an invoice, in the order of EN 16931: lines, VAT per rate, total. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from penstock.core.invoices.models import Line, VatSum
from penstock.core.tariffs.amounts import EXACT, rounded, sum_of, times

PER_CENT = Decimal("0.01")


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The sums of some lines."""

    vat: tuple[VatSum, ...]
    net: Decimal
    vat_total: Decimal
    gross: Decimal


def totals_of(lines: Sequence[Line], places: int) -> Totals:
    """The sums of some lines. VAT is computed from the sum of each rate and not line by line, so that it is rounded once."""
    vat = tuple(_vat_of(rate, lines, places) for rate in sorted({line.vat_rate for line in lines}))
    net, vat_total = rounded(sum_of(one.net for one in vat), places), rounded(sum_of(one.vat for one in vat), places)
    return Totals(vat=vat, net=net, vat_total=vat_total, gross=EXACT.add(net, vat_total))


def _vat_of(rate: Decimal, lines: Sequence[Line], places: int) -> VatSum:
    net = rounded(sum_of(line.net for line in lines if line.vat_rate == rate), places)
    return VatSum(rate=rate, net=net, vat=rounded(times(times(net, rate), PER_CENT), places))
