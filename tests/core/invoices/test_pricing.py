"""The lines of consumption and charges: tiers, parts of months, minimums."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from penstock.core.invoices.models import Applied, Line, LineKind
from penstock.core.invoices.periods import Calendar, parse_period, start_us
from penstock.core.invoices.pricing import PricedUsage, charged_days, lines_of
from penstock.core.meters.models import Quality
from penstock.core.meters.usage import MeterUsage
from penstock.core.registers.models import NANO, RegisterKind
from penstock.core.tariffs.amounts import sum_of
from penstock.core.tariffs.models import Charge, Item, Per, Prices, Tier
from penstock.kit.ids import DeviceId, TariffId

BERLIN = ZoneInfo("Europe/Berlin")
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
DAYS = Calendar(BERLIN, parse_period("2026-05"), start_us(MAY, BERLIN), start_us(JUNE, BERLIN))
TIERS = (Tier(up_to=Decimal(10), price=Decimal(1)), Tier(up_to=Decimal(30), price=Decimal(2)), Tier(price=Decimal(3)))


def usage(text: str | None, device: int = 1, begin: date = MAY, end: date = JUNE, **other: object) -> MeterUsage:
    fields = {
        "device_id": DeviceId(device),
        "device_name": f"Meter {device}",
        "eui": None,
        "serial": None,
        "register": "volume",
        "kind": RegisterKind.VOLUME,
        "unit": "m3",
        "decimals": 3,
        "begin_us": start_us(begin, BERLIN),
        "end_us": start_us(end, BERLIN),
        "first": 100 * NANO,
        "last": None,
        "amount": None if text is None else int(Decimal(text) * NANO),
        "estimated": 0,
        "quality": Quality.MEASURED,
    }
    return MeterUsage(**(fields | other))


def volume(*tiers: Tier, unit: str = "m3") -> Item:
    return Item(kind=RegisterKind.VOLUME, unit=unit, tiers=tiers, vat_rate=Decimal(7))


def used(prices: Prices, *usages: MeterUsage, begin: date = MAY, end: date = JUNE) -> PricedUsage:
    applied = Applied(
        begin_us=start_us(begin, BERLIN), end_us=start_us(end, BERLIN), tariff_id=TariffId(1), tariff="T", prices=prices
    )
    return PricedUsage(applied=applied, usages=usages, days=charged_days(usages, DAYS))


def lines(prices: Prices, *usages: MeterUsage, places: int = 2) -> list[Line]:
    return lines_of(used(prices, *usages), DAYS, places)


def shown(found: list[Line]) -> list[tuple[str, str, str]]:
    return [(f"{one.quantity:f} {one.unit}", f"{one.price:f}", f"{one.net:f}") for one in found]


def test_tiers_apply_one_after_the_other() -> None:
    found = lines(Prices(begin=MAY, usage=(volume(*TIERS),)), usage("42.5"))
    assert shown(found) == [("10 m3", "1", "10.00"), ("20 m3", "2", "40.00"), ("12.5 m3", "3", "37.50")]
    assert [one.tier for one in found] == [0, 1, 2]
    assert found[0].meter is not None
    assert found[0].meter.first == 100


def test_tiers_count_all_meters_of_the_account() -> None:
    found = lines(Prices(begin=MAY, usage=(volume(*TIERS),)), usage("8", 2), usage("7", 1))
    assert [(one.meter.device_id, f"{one.quantity:f}", one.tier) for one in found if one.meter] == [
        (1, "7", 0),
        (2, "3", 0),
        (2, "5", 1),
    ]


def test_limits_are_reduced_with_the_days() -> None:
    half = lines(Prices(begin=MAY, usage=(volume(*TIERS),)), usage("20", end=date(2026, 5, 16)))
    assert [f"{one.quantity:f}" for one in half] == ["4.839", "9.677", "5.484"]  # 10, 20 and the rest, times 15/31


def test_a_meter_that_used_nothing_has_a_line() -> None:
    assert shown(lines(Prices(begin=MAY, usage=(volume(*TIERS),)), usage("0"))) == [("0 m3", "1", "0.00")]


def test_unknown_consumption_is_a_line_of_nothing_and_other_kinds_are_none() -> None:
    reverse = usage("5", 2, kind=RegisterKind.REVERSE_VOLUME)
    (unknown,) = lines(Prices(begin=MAY, usage=(volume(*TIERS),)), usage(None), reverse)
    assert (unknown.quantity, unknown.net, unknown.tier) == (0, 0, 0)


def test_prices_per_another_unit() -> None:
    found = lines(Prices(begin=MAY, usage=(volume(Tier(price=Decimal("0.0025")), unit="L"),)), usage("1.2345"))
    assert shown(found) == [("1234.5 L", "0.0025", "3.09")]
    yen = lines(Prices(begin=MAY, usage=(volume(Tier(price=Decimal("150.5"))),)), usage("3"), places=0)
    assert shown(yen) == [("3 m3", "150.5", "452")]


def test_charges_by_month_and_day() -> None:
    month, day = Charge(amount=Decimal("6.20")), Charge(amount=Decimal("0.25"), per=Per.DAY)
    prices = Prices(begin=MAY, standing=(month, day))
    assert shown(lines(prices, usage("1"))) == [("1 month", "6.20", "6.20"), ("31 day", "0.25", "7.75")]
    moved_in = lines(prices, usage("1", begin=date(2026, 5, 22)))
    assert shown(moved_in) == [("0.322581 month", "6.20", "2.00"), ("10 day", "0.25", "2.50")]


def test_the_day_of_a_move_is_charged_once() -> None:
    moved_us = start_us(date(2026, 5, 10), BERLIN) + 14 * 3_600_000_000
    before, after = usage("1", end_us=moved_us), usage("1", begin_us=moved_us)
    assert charged_days([before], DAYS) == [(MAY, date(2026, 5, 10))]
    assert charged_days([after], DAYS) == [(date(2026, 5, 10), JUNE)]


def test_two_meters_are_charged_once() -> None:
    prices = Prices(begin=MAY, standing=(Charge(amount=Decimal("6.20")),))
    replaced = usage("1", 1, end=date(2026, 5, 10)), usage("1", 1, begin=date(2026, 5, 10)), usage("1", 2)
    assert shown(lines(prices, *replaced)) == [("1 month", "6.20", "6.20")]


def test_a_minimum_adds_what_is_missing() -> None:
    least = Charge(amount=Decimal(20), vat_rate=Decimal(7))
    prices = Prices(begin=MAY, usage=(volume(Tier(price=Decimal(2))),), minimum=least)
    found = lines(prices, usage("3"))
    assert [(one.kind, f"{one.net:f}") for one in found] == [(LineKind.USAGE, "6.00"), (LineKind.MINIMUM, "14.00")]
    assert [one.kind for one in lines(prices, usage("10"))] == [LineKind.USAGE]
    assert lines(prices) == [], "without a meter there is nothing to bill"


NANOS = st.integers(0, 10**14)


@given(st.lists(NANOS, min_size=1, max_size=5), st.integers(1, 20))
def test_tiers_add_up_to_the_consumption(amounts: list[int], limit: int) -> None:
    tiers = (
        Tier(up_to=Decimal(limit), price=Decimal(1)),
        Tier(up_to=Decimal(limit * 7), price=Decimal(2)),
        Tier(price=Decimal(3)),
    )
    usages = [usage("0", at, amount=nano) for at, nano in enumerate(amounts)]
    found = lines(Prices(begin=MAY, usage=(volume(*tiers),)), *usages)
    assert sum_of(one.quantity for one in found) == Decimal(sum(amounts)).scaleb(-9)
    assert sum_of(one.quantity for one in found if one.tier == 0) == min(Decimal(limit), Decimal(sum(amounts)).scaleb(-9))


@given(st.lists(NANOS, min_size=1, max_size=4), st.lists(st.integers(2, 30), max_size=4, unique=True))
def test_parts_of_a_period_add_up(amounts: list[int], days: list[int]) -> None:
    prices = Prices(
        begin=MAY, usage=(volume(Tier(price=Decimal("1.234567"))),), standing=(Charge(amount=Decimal(1), per=Per.DAY),)
    )
    edges = [MAY, *(date(2026, 5, day) for day in sorted(days)), JUNE]
    found: list[Line] = []
    for begin, end in pairwise(edges):
        usages = [usage("0", at, begin, end, amount=nano) for at, nano in enumerate(amounts)]
        found += lines_of(used(prices, *usages, begin=begin, end=end), DAYS, 2)
    assert sum_of(one.quantity for one in found if one.kind is LineKind.STANDING) == 31
    counted = sum_of(one.quantity for one in found if one.kind is LineKind.USAGE)
    assert counted == Decimal(sum(amounts) * (len(edges) - 1)).scaleb(-9)


def test_a_counter_of_gallons_is_billed_as_it_was_read() -> None:
    read = {"unit": "gal", "first": 75_727_162_739, "last": 89_316_791_043}
    found = lines(Prices(begin=MAY, usage=(volume(Tier(price=Decimal(1)), unit="gal"),)), usage("13.589628304", **read))
    assert shown(found) == [("3590 gal", "1", "3590.00")]
    assert found[0].meter is not None
    assert [f"{one:f}" for one in (found[0].meter.first, found[0].meter.last) if one is not None] == ["20005", "23595"]
