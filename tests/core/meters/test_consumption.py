"""Consumption of a counter: exact sums, whatever the order, gaps, resets and changes of the clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.meters.consumption import by_day, estimated, in_buckets, in_order, step, to_counter, usual_day
from penstock.core.meters.models import MICRO, Day, EventKind, MeterEvent, Quality
from penstock.core.telemetry.buckets import Bucket, Unit, edges

BERLIN = ZoneInfo("Europe/Berlin")
DAY, MONTH, WEEK = Bucket(unit=Unit.DAY), Bucket(unit=Unit.MONTH), Bucket(unit=Unit.WEEK)
HOUR = 3_600_000_000


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()) * 1_000_000


def days_of(*readings: tuple[str, float], rolls_over_at: int | None = None) -> tuple[list[Day], list[MeterEvent]]:
    points = in_order((at(text), round(value * MICRO)) for text, value in readings)
    return by_day(points, edges(points[0][0], points[-1][0] + 1, DAY, BERLIN), rolls_over_at)


def shown(days: list[Day]) -> list[tuple[float | None, str]]:
    return [(None if day.amount is None else day.amount / MICRO, day.quality.value) for day in days]


def test_a_day_is_the_last_reading_less_the_last_of_the_day_before() -> None:
    days, events = days_of(
        ("2026-05-01T09:00", 10.0), ("2026-05-01T23:00", 10.5), ("2026-05-02T01:00", 10.75), ("2026-05-02T23:59", 12.0)
    )
    assert shown(days) == [(0.5, "partial"), (1.5, "measured")]
    assert events == []


def test_a_gap_is_no_spike_and_loses_nothing() -> None:
    days, _ = days_of(("2026-05-01T12:00", 10.0), ("2026-05-05T12:00", 14.0), ("2026-05-06T12:00", 15.0))
    assert shown(days) == [(None, "missing"), *[(1.0, "interpolated")] * 4, (1.0, "measured")]


def test_a_gap_across_a_change_of_the_clock_gives_a_short_day_less() -> None:
    days, _ = days_of(("2026-03-28T12:00", 0.0), ("2026-03-30T12:00", 47.0))
    assert shown(days) == [(None, "missing"), (23.0, "interpolated"), (24.0, "interpolated")]
    days, _ = days_of(("2026-10-24T12:00", 0.0), ("2026-10-26T12:00", 49.0))
    assert shown(days) == [(None, "missing"), (25.0, "interpolated"), (24.0, "interpolated")]


def test_a_day_of_25_hours_holds_them_all() -> None:
    begin, end = at("2026-10-25T00:00"), at("2026-10-26T00:00")
    assert end - begin == 25 * HOUR
    points = [(begin - HOUR + n * HOUR, n * MICRO) for n in range(27)]
    days, _ = by_day(points, edges(points[0][0], points[-1][0] + 1, DAY, BERLIN), None)
    assert shown(days)[1] == (25.0, "measured")


def test_a_replaced_meter_is_told_and_counts_nothing_at_its_step() -> None:
    days, events = days_of(("2026-05-01T12:00", 500.0), ("2026-05-02T12:00", 0.5), ("2026-05-03T12:00", 1.5))
    assert shown(days) == [(None, "missing"), (0.0, "measured"), (1.0, "measured")]
    assert events == [MeterEvent(kind=EventKind.RESET, at_us=at("2026-05-02T12:00"), before=500 * MICRO, after=MICRO // 2)]


@pytest.mark.parametrize(
    ("before", "after", "top", "wanted"),
    [
        (99_999, 2, 100_000, (3, EventKind.ROLLOVER, False)),
        (99_999, 2, None, (3, EventKind.ROLLOVER, True)),
        (999_999, 0, None, (1, EventKind.ROLLOVER, True)),
        (95, 2, None, (0, EventKind.RESET, False)),  # no counter has two digits
        (60_000, 0, None, (0, EventKind.RESET, False)),
        (99_999, 99_998, 100_000, (0, EventKind.RESET, False)),  # a step back is not almost a whole round
        (150_000, 2, 100_000, (0, EventKind.RESET, False)),
        (5, 5, None, (0, None, False)),
    ],
)
def test_a_counter_that_falls(before: int, after: int, top: int | None, wanted: tuple[int, EventKind | None, bool]) -> None:
    amount, kind, detected = step(before * MICRO, after * MICRO, top)
    assert (amount / MICRO, kind, detected) == wanted


def test_days_without_readings_since_are_usual_ones() -> None:
    measured = [Day(amount * MICRO, Quality.MEASURED) for amount in (1, 0, 3, 2)]
    days = [*measured, *[Day(None, Quality.MISSING)] * 3]
    assert usual_day(measured) == 2 * MICRO, "a day of standing still is none of its usual ones"
    assert shown(estimated(days, until=6))[4:] == [(2.0, "estimated"), (2.0, "estimated"), (None, "missing")]
    assert estimated([Day(None, Quality.MISSING)], until=1) == [Day(None, Quality.MISSING)]


def test_what_is_no_counter_is_left_out() -> None:
    assert [to_counter(value) for value in (1.5, 2, True, None, "3", -1, 1e300, float("nan"))] == [
        1_500_000,
        2_000_000,
        *[None] * 6,
    ]


TIMES = st.integers(at("2026-03-01T00:00"), at("2026-04-30T00:00"))
RISING = st.lists(st.tuples(TIMES, st.integers(0, 10**12)), min_size=2, max_size=40).map(
    lambda rows: list(zip(sorted({time for time, _ in rows}), sorted(count for _, count in rows), strict=False))
)


@given(RISING)
def test_days_weeks_and_months_add_up_to_the_difference_of_the_counter(points: list[tuple[int, int]]) -> None:
    first, last = points[0], points[-1]
    month_edges = edges(first[0], last[0] + 1, MONTH, BERLIN)
    day_edges = edges(month_edges[0], month_edges[-1], DAY, BERLIN)
    days, events = by_day(points, day_edges, None)
    assert sum(day.amount or 0 for day in days) == last[1] - first[1]
    assert all(day.amount is None or day.amount >= 0 for day in days)
    assert events == []
    months = in_buckets(days, day_edges, month_edges)
    assert sum(month.amount or 0 for month in months) == last[1] - first[1]


@given(RISING, st.integers(1, 38))
def test_resets_cut_the_sum_in_two(points: list[tuple[int, int]], at_: int) -> None:
    cut = min(at_, len(points) - 1)
    lower = [(time, counter % 1000) for time, counter in points[cut:]][:1]
    series = [(time, counter + 10**7) for time, counter in points[:cut]] + lower
    far_off = 10**9  # where it would be full, so that no fall looks like a roll-over
    days, _ = by_day(series, edges(series[0][0], series[-1][0] + 1, DAY, BERLIN), far_off)
    assert sum(day.amount or 0 for day in days) == (series[cut - 1][1] - series[0][1] if cut else 0)


@given(st.lists(st.tuples(TIMES, st.integers(0, 10**12)), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_the_order_in_which_readings_came_does_not_matter(points: list[tuple[int, int]], chance: object) -> None:
    shuffled = list(points)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert in_order(shuffled) == in_order(points) == in_order([*points, *points])
