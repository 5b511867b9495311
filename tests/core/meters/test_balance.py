"""Principal meters against leaves, and nights that are never still."""

from __future__ import annotations

from itertools import pairwise

import pytest

from penstock.core.meters.balance import Balance, total_of
from penstock.core.meters.consumption import OUTSIDE
from penstock.core.meters.leaks import leak_hint
from penstock.core.meters.models import Day, MeterRole, Method, Quality
from penstock.kit.clock import DAY_US, HOUR_US

MISSING = Day(None, Quality.MISSING)


def measured(*amounts: int) -> list[Day]:
    return [Day(amount, Quality.MEASURED) for amount in amounts]


@pytest.mark.parametrize(("leaves", "notable"), [(100, False), (85, False), (84, True), (0, True), (120, False)])
def test_more_than_15_percent_is_notable(leaves: int, notable: bool) -> None:
    balance = Balance([0, DAY_US], 0, 1)
    balance.add(MeterRole.PRINCIPAL, measured(100))
    balance.add(MeterRole.LEAF, measured(leaves))
    (row,) = balance.rows()
    assert (row.unmetered, row.notable) == (100 - leaves, notable)


def test_a_leaf_counts_only_where_it_was_measured_and_is_estimated_elsewhere() -> None:
    balance = Balance([n * DAY_US for n in range(5)], 2, 4)
    balance.add(MeterRole.PRINCIPAL, measured(50, 50, 50, 50))
    balance.add(MeterRole.LEAF, measured(10, 10, 10, 10))
    balance.add(MeterRole.LEAF, [*measured(4, 6), Day(9, Quality.INTERPOLATED), MISSING])
    balance.add(MeterRole.INTERMEDIATE, measured(30, 30, 30, 30))
    first, second = balance.rows()
    assert (first.start_us, first.leaves, first.contributing, first.silent, first.estimated) == (2 * DAY_US, 10, 1, 1, 5)
    assert (second.leaves, second.unmetered) == (10, 40)


def test_without_a_principal_there_is_nothing_to_compare() -> None:
    balance = Balance([0, DAY_US], 0, 1)
    balance.add(MeterRole.LEAF, measured(5))
    (row,) = balance.rows()
    assert (row.principal, row.unmetered, row.notable) == (None, None, False)


def test_a_total_is_as_certain_as_what_is_in_it() -> None:
    total = total_of([measured(1, 2), [*measured(3), MISSING]], 2)
    assert total == [Day(4, Quality.MEASURED), Day(2, Quality.ESTIMATED)]
    assert total_of([], 1) == [OUTSIDE]


def test_a_meter_counts_only_on_the_days_of_its_customer() -> None:
    moved_in, moved_out = [OUTSIDE, *measured(3)], [*measured(5), OUTSIDE]
    assert total_of([moved_in, moved_out], 2) == measured(5, 3)
    assert total_of([[Day(None, Quality.MISSING, suspects=2)], measured(1)], 1) == [Day(1, Quality.ESTIMATED, suspects=2)]
    balance = Balance([n * DAY_US for n in range(3)], 0, 2)
    balance.add(MeterRole.LEAF, moved_in)
    assert [(row.contributing, row.silent) for row in balance.rows()] == [(0, 0), (1, 0)]


def test_a_total_says_how_its_gaps_were_filled() -> None:
    gap = [Day(4, Quality.INTERPOLATED, Method.LINEAR)]
    assert total_of([gap, measured(1)], 1) == [Day(5, Quality.ESTIMATED, Method.LINEAR)]


def night(day: int, *flows: int, counter: int = 0) -> list[tuple[int, int]]:
    """Hourly readings from 02:00 on, with what flows between them."""
    counters = [counter]
    for flow in flows:
        counters.append(counters[-1] + flow)
    return [(day * DAY_US + (2 + n) * HOUR_US, count) for n, count in enumerate(counters)]


def test_a_leak_is_hinted_at_after_three_nights_that_are_never_still() -> None:
    edges = [n * DAY_US for n in range(5)]
    nights = [night(day, 5, 7, 6, counter=1000 * day) for day in range(4)]
    hint = leak_hint([point for one in nights for point in one], edges)
    assert (hint.nights, hint.flowing, hint.least, hint.suspected) == (4, 4, 5, True)
    nights[3] = night(3, 5, 0, 6, counter=3000)
    assert not leak_hint([point for one in nights for point in one], edges).suspected
    assert not leak_hint(nights[0] + nights[1], edges).suspected, "two nights tell too little"


def test_a_meter_that_reports_once_a_day_tells_nothing_of_nights() -> None:
    points = [(day * DAY_US + 3 * HOUR_US, day * 100) for day in range(10)]
    hint = leak_hint(points, [time for pair in pairwise(range(0, 11 * DAY_US, DAY_US)) for time in pair[:1]])
    assert (hint.nights, hint.least, hint.suspected) == (0, None, False)
