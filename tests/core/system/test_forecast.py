"""The forecast of the disk: from whole days, of the last two weeks."""

from __future__ import annotations

from penstock.core.system.forecast import bytes_per_day, days_left
from penstock.core.system.models import Day, Disk
from penstock.kit.clock import DAY_US, format_day

NOW_US = 20_000 * DAY_US + 5


def day(ago: int, size: int) -> Day:
    return Day(format_day(NOW_US - ago * DAY_US), size)


def disk(free: int) -> Disk:
    return Disk(total=10_000, free=free, control=0, days=[])


def test_today_is_not_counted_and_days_without_readings_are() -> None:
    assert bytes_per_day([day(4, 100), day(2, 300), day(0, 9_999)], NOW_US) == 100


def test_only_two_weeks_are_looked_back_on() -> None:
    assert bytes_per_day([day(15, 1_000_000), day(14, 1_400)], NOW_US) == 100


def test_nothing_is_known_on_the_first_day() -> None:
    assert bytes_per_day([day(0, 5)], NOW_US) is None
    assert days_left(disk(100), None) is None


def test_the_days_that_are_left() -> None:
    assert days_left(disk(1_000), 100.0) == 10
    assert days_left(disk(1_000), 0.0) is None
    assert days_left(disk(1_000_000), 1.0) is None
