"""Tariffs that are refused, with the field that is wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from penstock.core.registers.models import RegisterKind
from penstock.core.tariffs.checks import check_assignments, check_currency, check_prices
from penstock.core.tariffs.models import Assignment, Charge, Item, Prices, Tier
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import CustomerId, TariffId

ITEM = Item(kind=RegisterKind.VOLUME, unit="m3", tiers=(Tier(price=Decimal(1)),))
GOOD = Prices(begin=date(2026, 1, 1), usage=(ITEM,), standing=(Charge(amount=Decimal(5)),))


def tiers(*pairs: tuple[str | None, str]) -> Prices:
    found = tuple(Tier(up_to=None if up_to is None else Decimal(up_to), price=Decimal(price)) for up_to, price in pairs)
    return changed(usage=(msgspec.structs.replace(ITEM, tiers=found),))


def changed(**fields: object) -> Prices:
    return msgspec.structs.replace(GOOD, **fields)


def item(**fields: object) -> Prices:
    return changed(usage=(msgspec.structs.replace(ITEM, **fields),))


@pytest.mark.parametrize(
    ("prices", "field"),
    [
        (changed(end=date(2026, 1, 1)), "to"),
        (changed(usage=(), standing=()), "items"),
        (changed(usage=(ITEM, ITEM)), "items[1].kind"),
        (item(unit="kWh"), "items[0].unit"),
        (item(kind=RegisterKind.ENERGY), "items[0].unit"),
        (item(vat_rate=Decimal(101)), "items[0].vat_rate"),
        (item(vat_rate=Decimal("NaN")), "items[0].vat_rate"),
        (item(tiers=()), "items[0].tiers"),
        (tiers(("10", "1")), "items[0].tiers[0].up_to"),
        (tiers((None, "1"), (None, "2")), "items[0].tiers[0].up_to"),
        (tiers(("10", "1"), ("10", "2"), (None, "3")), "items[0].tiers[1].up_to"),
        (tiers(("0", "1"), (None, "2")), "items[0].tiers[0].up_to"),
        (tiers((None, "0.0000001")), "items[0].price"),
        (tiers((None, "1E+20")), "items[0].price"),
        (tiers((None, "Infinity")), "items[0].price"),
        (changed(standing=(Charge(amount=Decimal(-1)),)), "standing[0].amount"),
        (changed(minimum=Charge(amount=Decimal(1), vat_rate=Decimal(-1))), "minimum.vat_rate"),
    ],
)
def test_the_field_that_is_wrong_is_named(prices: Prices, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_prices(prices)
    assert [one.field for one in refused.value.errors] == [field]


def test_prices_may_be_credits_and_have_six_places() -> None:
    check_prices(tiers((None, "-0.081234")))
    check_prices(GOOD)


def test_currencies_are_those_of_iso_4217() -> None:
    check_currency("EUR")
    for wrong in ("EUT", "eur", ""):
        with pytest.raises(InvalidInput):
            check_currency(wrong)


def assignment(begin: int | None, end: int | None) -> Assignment:
    days = [None if day is None else date(2026, 5, day) for day in (begin, end)]
    return Assignment(customer_id=CustomerId(1), tariff_id=TariffId(1), begin=days[0], end=days[1])


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ([(3, 3)], "tariffs[0].to"),
        ([(None, 5), (4, None)], "tariffs[1].from"),
        ([(1, None), (4, None)], "tariffs[1].from"),
        ([(1, 3), (None, 9)], "tariffs[1].from"),
    ],
)
def test_assignments_must_not_overlap(days: list[tuple[int | None, int | None]], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_assignments([assignment(*one) for one in days])
    assert [one.field for one in refused.value.errors] == [field]


def test_assignments_may_have_gaps() -> None:
    check_assignments([assignment(None, 3), assignment(3, 7), assignment(9, None)])
