"""Prices by day: versions, assignments, and residents' own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from penstock.core.registers.models import RegisterKind
from penstock.core.tariffs.models import Assignment, Item, Prices, Tariff, Tier
from penstock.core.tariffs.timeline import timeline_of, version_at
from penstock.kit.ids import CustomerId, ResidentId, TariffId

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def prices(begin: date, price: str, end: date | None = None) -> Prices:
    item = Item(kind=RegisterKind.VOLUME, unit="m3", tiers=(Tier(price=Decimal(price)),))
    return Prices(begin=begin, end=end, usage=(item,))


def tariff(number: int, *versions: Prices) -> Tariff:
    return Tariff(id=TariffId(number), name=f"T{number}", currency="EUR", versions=versions, created_us=0, updated_us=0)


def assigned(number: int, begin: date | None = None, end: date | None = None, resident: int | None = None) -> Assignment:
    resident_id = None if resident is None else ResidentId(resident)
    return Assignment(customer_id=CustomerId(1), resident_id=resident_id, tariff_id=TariffId(number), begin=begin, end=end)


def parts(assignments: list[Assignment], *tariffs: Tariff) -> list[tuple[int, int, str]]:
    found = timeline_of(assignments, {one.id: one for one in tariffs}, MAY, JUNE).parts
    last = {JUNE: 32}
    return [(one.begin.day, last.get(one.end, one.end.day), str(one.prices.usage[0].tiers[0].price)) for one in found]


def test_a_period_is_divided_where_prices_change() -> None:
    one = tariff(1, prices(date(2026, 1, 1), "1"), prices(date(2026, 5, 11), "2"), prices(JUNE, "3"))
    assert parts([assigned(1)], one) == [(1, 11, "1"), (11, 32, "2")]


def test_a_version_ends_early_or_with_the_next() -> None:
    one = tariff(1, prices(date(2026, 1, 1), "1", date(2026, 5, 20)), prices(date(2026, 5, 25), "2"))
    assert version_at(one, date(2026, 5, 22)) is None
    found = timeline_of([assigned(1)], {one.id: one}, MAY, JUNE)
    assert found.unpriced == date(2026, 5, 20)
    two = tariff(2, prices(date(2026, 1, 1), "1", date(2027, 1, 1)), prices(date(2026, 5, 25), "2"))
    assert parts([assigned(2)], two) == [(1, 25, "1"), (25, 32, "2")]


def test_an_assignment_of_a_resident_takes_precedence() -> None:
    house, own = tariff(1, prices(date(2026, 1, 1), "1")), tariff(2, prices(date(2026, 1, 1), "2"))
    with_own = [assigned(1), assigned(2, date(2026, 5, 10), date(2026, 5, 20), resident=9)]
    assert parts(with_own, house, own) == [(1, 10, "1"), (10, 20, "2"), (20, 32, "1")]


def test_days_without_an_assignment_are_not_priced() -> None:
    one = tariff(1, prices(date(2026, 1, 1), "1"))
    assert parts([assigned(1, date(2026, 5, 15))], one) == [(15, 32, "1")]
    assert parts([], one) == []


def test_the_same_prices_in_a_row_are_one_part() -> None:
    one = tariff(1, prices(date(2026, 1, 1), "1"))
    assert parts([assigned(1, None, date(2026, 5, 15)), assigned(1, date(2026, 5, 15))], one) == [(1, 32, "1")]
