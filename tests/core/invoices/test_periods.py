"""Periods by name, and their days in a time zone."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.invoices.periods import (
    Calendar,
    Length,
    days_in,
    merged,
    months_in,
    parse_period,
    period_after,
    period_at,
    start_us,
)
from penstock.core.telemetry.buckets import Bucket, Unit, edges
from penstock.kit.errors import InvalidInput

DAYS = st.dates(date(2000, 1, 1), date(2060, 1, 1))


@pytest.mark.parametrize(
    ("name", "begin", "end"),
    [
        ("2026-05", date(2026, 5, 1), date(2026, 6, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_by_its_name(name: str, begin: date, end: date) -> None:
    found = parse_period(name)
    assert (found.name, found.begin, found.end) == (name, begin, end)


@pytest.mark.parametrize("name", ["2026-13", "2026-5", "2026-Q5", "26-05", "2026-05-01", "", "2026-05 ", "٢٠٢٦"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        parse_period(name)


@given(st.sampled_from(list(Length)), DAYS)
def test_periods_follow_one_another(length: Length, day: date) -> None:
    found = period_at(length, day)
    assert found.begin <= day < found.end
    assert parse_period(found.name) == found
    assert period_after(found).begin == found.end


@given(DAYS, st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Auckland", "UTC"]))
def test_a_day_begins_as_days_of_consumption_do(day: date, name: str) -> None:
    zone = ZoneInfo(name)
    found = start_us(day, zone)
    assert edges(found, found + 1, Bucket(unit=Unit.DAY), zone)[0] == found


@given(st.lists(DAYS, min_size=2, max_size=8, unique=True).map(sorted))
def test_months_of_parts_add_up(days: list[date]) -> None:
    parts = list(pairwise(days))
    assert sum((months_in([part]) for part in parts), Fraction(0)) == months_in([(days[0], days[-1])])
    assert merged(parts) == [(days[0], days[-1])]
    assert days_in(parts) == (days[-1] - days[0]).days


def test_each_day_is_its_part_of_its_month() -> None:
    assert months_in([(date(2026, 2, 15), date(2026, 4, 1))]) == Fraction(14, 28) + 1
    assert months_in([(date(2026, 1, 1), date(2027, 1, 1))]) == 12


def test_a_period_that_follows_one_of_another_time_zone_has_its_days() -> None:
    zone, period = ZoneInfo("America/New_York"), parse_period("2026-09")
    began_us, usual_us = start_us(period.begin, ZoneInfo("UTC")), start_us(period.begin, zone)
    days = Calendar(zone, period, began_us, start_us(period.end, zone))
    assert (days.day_at(began_us), days.day_at(usual_us), days.start_us(period.begin)) == (period.begin, period.begin, began_us)
    assert days.day_at(days.end_us) == period.end
    assert days.start_us(date(2026, 9, 2)) == start_us(date(2026, 9, 2), zone)
