"""Months and days in UTC, and counts over the day against a plain dictionary."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from penstock.core.limits.models import DayCount
from penstock.core.limits.periods import DayCounts, month_of
from penstock.kit.clock import DAY_US, SECOND_US


@given(st.integers(0, 32_472_000_000 * SECOND_US))
def test_a_month_is_the_calendars(now_us: int) -> None:
    moment = datetime.fromtimestamp(now_us // SECOND_US, UTC)
    begin_us, end_us = month_of(now_us)
    assert begin_us <= now_us < end_us
    assert end_us - begin_us == calendar.monthrange(moment.year, moment.month)[1] * DAY_US
    assert month_of(begin_us)[0] == begin_us
    assert month_of(end_us)[0] == end_us
    assert month_of(begin_us - 1)[1] == begin_us


def test_counts_are_of_the_day_alone() -> None:
    counts = DayCounts(max_subjects=10)
    counts.turn(DAY_US)
    assert (counts.add(("plan_day", 1), 3), counts.add(("plan_day", 1), -1), counts.used(("plan_day", 1))) == (3, 2, 2)
    counts.turn(2 * DAY_US - 1)
    assert counts.used(("plan_day", 1)) == 2
    for other_day in (2 * DAY_US, 0):
        counts.turn(other_day)
        assert counts.used(("plan_day", 1)) == 0
        assert counts.drain_changed() == []


def test_what_was_not_written_down_comes_again() -> None:
    counts = DayCounts(max_subjects=10)
    counts.turn(DAY_US)
    counts.add(("a", 1), 1)
    taken = counts.drain_changed()
    assert taken == [DayCount(limit="a", subject=1, day=1, count=1)]
    assert counts.drain_changed() == []
    counts.add(("a", 1), 4)
    counts.drain_changed()
    counts.mark_changed(taken)
    assert counts.drain_changed() == [DayCount(limit="a", subject=1, day=1, count=5)], "with what it came to since"
    counts.mark_changed([DayCount(limit="a", subject=1, day=0, count=1), DayCount(limit="b", subject=1, day=1, count=1)])
    assert counts.drain_changed() == []


def test_what_was_kept_is_added_to_what_came_before_it_was_read() -> None:
    counts = DayCounts(max_subjects=10)
    counts.turn(DAY_US)
    counts.add(("a", 1), 2)
    for day, expected in ((1, 9), (0, 9), (2, 9)):
        counts.restore(DayCount(limit="a", subject=1, day=day, count=7))
        assert counts.used(("a", 1)) == expected, day


def test_the_first_subject_gives_way() -> None:
    counts = DayCounts(max_subjects=2)
    counts.turn(DAY_US)
    for subject in (1, 2, 1, 3):
        counts.add(("a", subject), 1)
    assert [counts.used(("a", subject)) for subject in (1, 2, 3)] == [0, 1, 1]
    assert {row.subject for row in counts.drain_changed()} == {2, 3}
