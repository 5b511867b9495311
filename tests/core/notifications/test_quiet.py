"""Quiet hours: their end is the first minute outside of them, in any time zone and across daylight saving."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from penstock.core.notifications.hours import ActiveHours, open_at
from penstock.core.notifications.models import Quiet, Severity
from penstock.core.notifications.quiet import check_quiet, end_of, waits
from penstock.kit.clock import MINUTE_US, parse_time
from penstock.kit.errors import InvalidInput

NIGHT = ActiveHours(time_zone="Europe/Berlin", from_minute=22 * 60, to_minute=6 * 60 + 30)
ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu")


@pytest.mark.parametrize(
    ("at", "end"),
    [
        ("2026-05-02T21:00:00Z", "2026-05-03T04:30:00Z"),
        ("2026-05-03T03:00:00Z", "2026-05-03T04:30:00Z"),
        ("2026-03-28T23:00:00Z", "2026-03-29T04:30:00Z"),  # the night that has an hour less
        ("2026-10-24T21:00:00Z", "2026-10-25T05:30:00Z"),  # the one that has an hour more
        ("2026-05-02T12:00:00Z", "2026-05-02T12:00:00Z"),
    ],
)
def test_a_night_ends_by_the_clock_on_the_wall(at: str, end: str) -> None:
    assert end_of(NIGHT, parse_time(at)) == parse_time(end)


def test_a_weekend_ends_on_monday() -> None:
    weekend = ActiveHours(time_zone="Europe/Berlin", days=(6, 7))
    assert end_of(weekend, parse_time("2026-05-02T12:00:00Z")) == parse_time("2026-05-03T22:00:00Z")


@given(
    zone=st.sampled_from(ZONES),
    days=st.sets(st.integers(1, 7), min_size=1, max_size=7),
    begin=st.integers(0, 95).map(lambda n: n * 15),
    end=st.integers(1, 96).map(lambda n: n * 15),
    day=st.integers(0, 364),
    minute=st.integers(0, 1439),
)
@example(zone="Europe/Berlin", days={7}, begin=0, end=150, day=87, minute=60)  # an end that daylight saving leaves out
@example(zone="Europe/Berlin", days={6}, begin=1320, end=150, day=296, minute=1400)  # one that comes twice
def test_the_end_is_the_first_quiet_less_minute(zone: str, days: set[int], begin: int, end: int, day: int, minute: int) -> None:
    hours = ActiveHours(time_zone=zone, days=tuple(sorted(days)), from_minute=begin, to_minute=end)
    try:
        check_quiet(Quiet(hours=hours))
    except InvalidInput:
        return
    at_us = parse_time("2026-01-01T00:00:00Z") + (day * 1440 + minute) * MINUTE_US
    found = end_of(hours, at_us)
    assert not open_at(hours, found)
    quarter = 15 * MINUTE_US
    before = range(at_us - at_us % quarter + quarter, found, quarter)
    assert all(open_at(hours, one) for one in before), "there was an earlier end"


def test_what_breaks_through() -> None:
    at_us = parse_time("2026-05-02T21:00:00Z")
    told = {
        through: [
            severity.value for severity in Severity if not waits(Quiet(hours=NIGHT, breaks_through=through), severity, at_us)
        ]
        for through in (None, Severity.WARNING, Severity.CRITICAL)
    }
    assert told == {None: [], Severity.WARNING: ["warning", "critical"], Severity.CRITICAL: ["critical"]}
    assert not waits(None, Severity.INFO, at_us)
    assert not waits(Quiet(hours=NIGHT), Severity.INFO, parse_time("2026-05-02T12:00:00Z"))


@pytest.mark.parametrize(("begin", "end"), [(0, 1440), (600, 600)])
def test_quiet_hours_that_never_end_are_none(begin: int, end: int) -> None:
    hours = ActiveHours(time_zone="UTC", from_minute=begin, to_minute=end)
    with pytest.raises(InvalidInput, match="end at some time"):
        check_quiet(Quiet(hours=hours))
