"""Hints at leaks: nights in which water never stands still."""

from __future__ import annotations

import pytest

from penstock.core.meters.leaks import leak_hint
from penstock.core.meters.models import LeakHint
from penstock.kit.clock import DAY_US, HOUR_US

DAYS = 4
EDGES = [day * DAY_US for day in range(DAYS + 1)]


def hourly(flow_of: dict[int, int], default: int = 0) -> list[tuple[int, int]]:
    """Points of a counter each hour; by day and night hour what flows in each hour, by day what anybody draws."""
    counter, points = 0, []
    for hour in range(DAYS * 24):
        points.append((hour * HOUR_US, counter))
        night = 2 <= hour % 24 < 5
        counter += flow_of.get(hour // 24, default) if night else 50
    return points


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        ({}, LeakHint(nights=4, flowing=0, least=None, suspected=False)),
        ({0: 3, 1: 2, 2: 5, 3: 4}, LeakHint(nights=4, flowing=4, least=2, suspected=True)),
        ({1: 2, 2: 5, 3: 4}, LeakHint(nights=4, flowing=3, least=2, suspected=True)),
        ({0: 3, 1: 2, 2: 5}, LeakHint(nights=4, flowing=3, least=2, suspected=False)),
        ({0: 3, 2: 5, 3: 4}, LeakHint(nights=4, flowing=3, least=3, suspected=False)),
    ],
)
def test_the_last_three_nights_decide(flows: dict[int, int], expected: LeakHint) -> None:
    assert leak_hint(hourly(flows), EDGES) == expected


def test_one_still_hour_is_a_still_night() -> None:
    points = [
        (day * DAY_US + hour * HOUR_US, day * 100 + count)
        for day in range(DAYS)
        for hour, count in ((2, 0), (3, 9), (4, 9), (5, 20))
    ]
    assert leak_hint(points, EDGES) == LeakHint(nights=4, flowing=0, least=None, suspected=False)


def test_a_night_of_one_reading_tells_nothing() -> None:
    points = [(day * DAY_US + 3 * HOUR_US + minute * 60_000_000, day * 100 + minute) for day in range(DAYS) for minute in (0, 49)]
    assert leak_hint(points, EDGES) == LeakHint(nights=0, flowing=0, least=None, suspected=False)
    assert leak_hint([], EDGES).nights == 0


def test_two_nights_are_too_few() -> None:
    points = [point for point in hourly({}, default=4) if point[0] < 2 * DAY_US]
    assert leak_hint(points, EDGES) == LeakHint(nights=2, flowing=2, least=4, suspected=False)
