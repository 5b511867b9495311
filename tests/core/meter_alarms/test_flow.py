"""Conditions in the steps of a counter: where each begins, ends, and does not exist."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.meter_alarms.flow import (
    MAX_GAP_US,
    MIN_STEP_US,
    Ongoing,
    Step,
    burst,
    continuous_flow,
    flowed_back,
    joined,
    last_move_us,
    real_falls,
    standing_still,
)
from penstock.kit.clock import DAY_US, HOUR_US, MINUTE_US

Series = list[tuple[float, int]]


def steps(points: Series) -> list[Step]:
    """The steps between counters, by times in hours."""
    return [Step(us(before), us(after), n - m) for (before, m), (after, n) in pairwise(points)]


def us(hours: float) -> int:
    return round(hours * HOUR_US)


def hourly(*amounts: int) -> list[Step]:
    return [Step(us(n), us(n + 1), amount) for n, amount in enumerate(amounts)]


def test_a_flow_for_as_many_hours_is_continuous_and_for_less_is_not() -> None:
    assert continuous_flow(hourly(*[4] * 23), 24) == []
    (found,) = continuous_flow(hourly(*[4] * 10, 2, *[4] * 13), 24)
    assert (found.since_us, found.last_us, found.until_us, found.amount) == (0, us(24), None, 2)
    (found,) = continuous_flow(hourly(*[4] * 24, 0, 4), 24)
    assert (found.last_us, found.until_us) == (us(24), us(25))
    assert continuous_flow(hourly(*[4] * 12, 0, *[4] * 12), 24) == []


@pytest.mark.parametrize("minutes", [5, 15, 40, 60, 80])
def test_meters_that_report_hourly_or_more_often_are_judged(minutes: int) -> None:
    count = 26 * 60 // minutes
    made = [Step(n * minutes * MINUTE_US, (n + 1) * minutes * MINUTE_US, 1) for n in range(count)]
    assert len(continuous_flow(made, 24)) == 1


@pytest.mark.parametrize("hours", [2, 3, 6, 24])
def test_meters_that_report_less_often_are_not(hours: int) -> None:
    assert continuous_flow([Step(us(n * hours), us((n + 1) * hours), 9) for n in range(60)], 24) == []


def test_lost_readings_do_not_interrupt_it_and_a_long_gap_does() -> None:
    rows: Series = [(n, 4 * n) for n in range(30) if n not in (5, 12, 13, 20)]
    assert len(continuous_flow(steps(rows), 24)) == 1
    assert continuous_flow(steps([row for row in rows if row[0] not in range(10, 15)]), 24) == []


def test_small_readings_between_do_not_hide_it() -> None:
    # A leak of 4 L per hour moves a counter of litres every quarter of an hour, and not between.
    rows: Series = [(n / 12, n // 3) for n in range(12 * 26)]
    assert len(continuous_flow(steps(rows), 24)) == 1


def test_what_held_before_goes_on_over_a_gap_and_ends_with_a_pause() -> None:
    ongoing = Ongoing(us(-30), 2)
    (found,) = continuous_flow([Step(us(0), us(10), 40)], 24, ongoing)
    assert (found.since_us, found.until_us, found.amount) == (us(-30), None, 2)
    (found,) = continuous_flow(hourly(0), 24, ongoing)
    assert (found.since_us, found.until_us) == (us(-30), us(1))


def test_a_burst_is_two_steps_in_a_row() -> None:
    assert burst(hourly(1, 9, 1, 9, 1), 5) == []
    (found,) = burst(hourly(1, 6, 9, 8, 5, 1), 5)
    assert (found.since_us, found.last_us, found.until_us, found.amount) == (us(1), us(4), us(5), 9)
    apart = [Step(us(0), us(1), 9), Step(us(2), us(3), 9)]
    assert burst(apart, 5) == [], "a reset is between them"


def test_the_last_digit_in_a_few_seconds_is_no_burst() -> None:
    second = HOUR_US // 3600
    made = [Step(n * 10 * second, (n + 1) * 10 * second, 1 if n % 60 == 0 else 0) for n in range(360)]
    assert burst(made, 100) == []


def test_small_falls_add_up_within_a_day() -> None:
    assert flowed_back(hourly(-2, 5, -2, 1), 4) == []
    (found,) = flowed_back(hourly(-2, 5, -2, -1, 3), 4)
    assert (found.since_us, found.last_us, found.until_us, found.amount) == (0, us(4), None, 5)
    (found,) = flowed_back(hourly(-5, *[0] * 30), 4)
    assert (found.until_us, found.amount) == (us(25), 5)
    slow = [Step(us(20 * n), us(20 * (n + 1)), -2) for n in range(9)]
    assert flowed_back(slow, 4) == [], "never more than two within a day"


def test_a_reverse_register_counts_what_flows_back() -> None:
    assert flowed_back(hourly(9), 4) == []
    (found,) = flowed_back(hourly(1, 3, 2), 4, reverse=True)
    assert (found.since_us, found.amount) == (0, 6)


def test_back_flow_is_not_over_before_a_whole_day_is_known() -> None:
    ongoing = Ongoing(us(-2), 5)
    (found,) = flowed_back(hourly(*[0] * 10), 4, ongoing=ongoing)
    assert (found.since_us, found.until_us) == (us(-2), None)
    (found,) = flowed_back(hourly(*[0] * 30), 4, ongoing=ongoing)
    assert found.until_us == us(24)


def test_a_counter_stands_still_only_if_it_had_moved() -> None:
    days = [Step(n * DAY_US, (n + 1) * DAY_US, 0) for n in range(20)]
    assert standing_still(days, None, 14) == []
    (found,) = standing_still(days, -DAY_US, 14)
    assert (found.since_us, found.until_us, found.amount) == (-DAY_US, None, 21 * DAY_US)
    (found,) = standing_still([*days, Step(20 * DAY_US, 21 * DAY_US, 1)], 0, 14)
    assert (found.last_us, found.until_us, found.amount) == (20 * DAY_US, 21 * DAY_US, 20 * DAY_US)
    assert standing_still(days[:14], DAY_US, 14) == []
    (found,) = standing_still([Step(9 * DAY_US, 16 * DAY_US, 3)], None, 14, Ongoing(-20 * DAY_US, 0))
    assert (found.last_us, found.until_us) == (9 * DAY_US, 16 * DAY_US)


def test_the_last_move() -> None:
    assert last_move_us(hourly(1, 2, 0, -1)) == us(2)
    assert last_move_us(hourly(0, 0)) is None


@given(st.lists(st.tuples(st.integers(1, 4 * 3600), st.integers(-3, 9)), max_size=60))
def test_joined_steps_are_long_enough_and_lose_nothing_but_the_end(parts: list[tuple[int, int]]) -> None:
    made, at_us = [], 0
    for seconds, amount in parts:
        made.append(Step(at_us, at_us + seconds * 1_000_000, amount))
        at_us += seconds * 1_000_000
    found = list(joined(made, MIN_STEP_US))
    assert all(one.to_us - one.from_us >= MIN_STEP_US for one in found)
    assert all(before.to_us == after.from_us for before, after in pairwise(found))
    counted = sum(one.readings for one in found)
    assert sum(one.amount for one in found) == sum(one.amount for one in made[:counted])
    assert MAX_GAP_US > MIN_STEP_US


def test_the_last_digit_moving_is_no_fall() -> None:
    def falls(*amounts: int) -> list[int]:
        return [step.amount for step in real_falls(hourly(*amounts), 2)]

    assert falls(-2, 2, -2, 0, 2) == [0, 2, 0, 0, 2]
    assert falls(-2, 0, -2, -1, 4, -2) == [0, 0, -4, -1, 4, 0], "a counter that runs backwards by its last digit"
    assert falls(-3, 1, -3) == [-3, 1, -3]


def test_a_daily_meter_shows_a_burst() -> None:
    made = [Step(us(24 * n), us(24 * (n + 1)), amount) for n, amount in enumerate((24, 240, 264, 24))]
    (found,) = burst(made, 5)
    assert (found.since_us, found.until_us, found.amount) == (us(24), us(96), 11)
