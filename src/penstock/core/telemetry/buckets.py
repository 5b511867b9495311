"""Time buckets: where the bars of a chart start and end.

Theory of operation. There are two families.

*Fixed* buckets (`10s`, `15m`, `1h`, `1d`) all have the same length and are aligned to the Unix epoch in UTC, whatever the zone:
`1d` starts at 00:00 UTC, `7d` on a Thursday, because 1970-01-01 was one.

*Calendar* buckets (`hour day week month quarter year`) follow the wall clock of a zone. A day is 23 or 25 hours long when clocks
change; a week starts on Monday.

- A day or a longer bucket starts at the first instant at which the local clock shows its midnight or later. Where midnight is
  skipped, that is the time of the change; where it occurs twice, the first. A day that a zone skipped entirely (Pacific/Apia,
  2011-12-30) has no bucket.
- An hour starts whenever the local clock shows a full hour. The hour that occurs twice in autumn is two buckets. Where clocks
  change by part of an hour (Australia/Lord_Howe), the change is an edge too: no bucket exceeds an hour.

The edges of one call ascend strictly and leave no gap. They do not depend on the requested range, so the buckets of two ranges
agree where the ranges overlap.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import msgspec

from penstock.kit.errors import InvalidInput

MAX_EDGES = 10_000

_SECOND_US = 1_000_000
_HOUR_US = 3600 * _SECOND_US
_UNIT_US = {"s": _SECOND_US, "m": 60 * _SECOND_US, "h": _HOUR_US, "d": 24 * _HOUR_US}
_LONGEST_US = 366 * _UNIT_US["d"]
_FIXED = re.compile(r"([1-9][0-9]{0,8})([smhd])")  # not \d, which matches digits of every script
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Far from the first and last year of datetime, so that neighbouring buckets can be represented too.
_EARLIEST_US = (datetime(1000, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
_LATEST_US = (datetime(9000, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
_PROBE_US = 6 * _HOUR_US  # no zone ever changed its clock twice within three days (tzdata 2026.6, all 598 names)


class Unit(StrEnum):
    """A calendar unit."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Bucket(msgspec.Struct, frozen=True):
    """A bucket length: either fixed, with a positive `size_us`, or calendar, with `unit`."""

    size_us: int = 0
    unit: Unit | None = None


def parse_bucket(text: str) -> Bucket:
    """Parse `15m` or `month`.

    Raises:
        InvalidInput: the text has neither form, or is longer than 366 days.
    """
    if text in tuple(Unit):
        return Bucket(unit=Unit(text))
    match = _FIXED.fullmatch(text)
    if match is None:
        forms = f"must be a number with s, m, h or d, such as 15m, or one of {', '.join(Unit)}"
        raise InvalidInput.field("bucket", forms)
    size_us = int(match[1]) * _UNIT_US[match[2]]
    if size_us > _LONGEST_US:
        raise InvalidInput.field("bucket", "must not be longer than 366d")
    return Bucket(size_us=size_us)


@lru_cache(maxsize=1024)  # there are some 600 names
def parse_zone(text: str) -> ZoneInfo:
    """The time zone with an IANA name.

    Raises:
        InvalidInput: not a name in the IANA database. Names are case-sensitive.
    """
    # ZoneInfo would open any file below the system's zone directory (`localtime`, `right/…` with leap seconds): the list rejects
    # paths and makes the same names valid on every machine.
    if text not in _zone_names():
        raise InvalidInput.field("timezone", "must be an IANA time zone name, such as Europe/Berlin")
    return ZoneInfo(text)


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


def edges(from_us: int, to_us: int, bucket: Bucket, zone: ZoneInfo, limit: int = MAX_EDGES) -> list[int]:
    """The starts of the buckets that cover [from_us, to_us), and the end of the last one.

    The first edge is at or before `from_us`, the last at or after `to_us`; no bucket is entirely outside.

    Units: microseconds since the Unix epoch, UTC.

    Raises:
        InvalidInput: the range is empty, outside the years 1000 to 8999, or has more than `limit` buckets.
    """
    if from_us >= to_us:
        raise InvalidInput.field("to", "must be after from")
    if from_us < _EARLIEST_US or to_us > _LATEST_US:
        raise InvalidInput.field("from" if from_us < _EARLIEST_US else "to", "must be within the years 1000 to 8999")
    if bucket.unit is None:
        _check_count(-(-to_us // bucket.size_us) - from_us // bucket.size_us, limit)
        first = from_us // bucket.size_us * bucket.size_us
        return list(range(first, to_us + bucket.size_us, bucket.size_us))
    if bucket.unit is Unit.HOUR:
        _check_count((to_us - from_us) // _HOUR_US, limit)
        starts = _hours(from_us - _HOUR_US, to_us + _HOUR_US, zone)
    else:
        starts = _periods(from_us, to_us, _PERIODS[bucket.unit], zone, limit)
    covering = starts[bisect_right(starts, from_us) - 1 : bisect_left(starts, to_us) + 1]
    _check_count(len(covering) - 1, limit)
    return covering


def _check_count(count: int, limit: int) -> None:
    if count > limit:
        detail = f"must give at most {limit} buckets, not about {count}; use a longer bucket or a shorter time range"
        raise InvalidInput.field("bucket", detail)


def _hours(from_us: int, to_us: int, zone: ZoneInfo) -> list[int]:
    """Every edge of local hours in [from_us, to_us)."""
    found: list[int] = []
    start = from_us
    while start < to_us:
        end = _next_shift(start, to_us, zone)
        first = start + (-start - _shift(start, zone)) % _HOUR_US
        if from_us < start < first:  # the change itself, if no full hour starts with it
            found.append(start)
        found.extend(range(first, end, _HOUR_US))
        start = end
    return found


def _shift(at_us: int, zone: ZoneInfo) -> int:
    """The offset of local hours from UTC hours: zero in most zones, whatever the daylight saving."""
    return _offset_us(at_us, zone) % _HOUR_US


def _next_shift(from_us: int, to_us: int, zone: ZoneInfo) -> int:
    """The first instant after `from_us` with another shift, or `to_us`."""
    shift = _shift(from_us, zone)
    low = from_us
    while low < to_us:
        high = min(low + _PROBE_US, to_us)
        if _shift(high, zone) != shift:
            return _first(low, high, lambda at_us: _shift(at_us, zone) != shift)
        low = high
    return to_us


def _periods(from_us: int, to_us: int, period: _Period, zone: ZoneInfo, limit: int) -> list[int]:
    """The starts of the periods that cover [from_us, to_us), and more than needed at the end."""
    number, begin = period
    first, last = number(_local(from_us, zone).date()), number(_local(to_us, zone).date())
    _check_count(last - first, limit)
    # Two more at the end: where clocks go back just after midnight (America/St_Johns until 2011), an instant can be
    # after the start of the day that follows its own date. A skipped day starts with the next one: the set drops it.
    return sorted({_midnight(begin(index), zone) for index in range(first, last + 3)})


_Period = tuple[Callable[[date], int], Callable[[int], date]]
_PERIODS: dict[Unit, _Period] = {
    Unit.DAY: (date.toordinal, date.fromordinal),
    Unit.WEEK: (lambda day: (day.toordinal() - 1) // 7, lambda index: date.fromordinal(index * 7 + 1)),
    Unit.MONTH: (lambda day: day.year * 12 + day.month - 1, lambda index: date(index // 12, index % 12 + 1, 1)),
    Unit.QUARTER: (
        lambda day: day.year * 4 + (day.month - 1) // 3,
        lambda index: date(index // 4, index % 4 * 3 + 1, 1),
    ),
    Unit.YEAR: (lambda day: day.year, lambda index: date(index, 1, 1)),
}
"""The number of the period that contains a date, and the first date of a period. Day 1 of the calendar was a Monday."""


def _midnight(day: date, zone: ZoneInfo) -> int:
    """The first instant at which the local clock shows 00:00 of this day or later."""
    wall = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the wall clock, without its zone
    fold0_us, fold1_us = _to_us(wall.replace(tzinfo=zone)), _to_us(wall.replace(tzinfo=zone, fold=1))
    if fold0_us <= fold1_us:  # midnight exists; where it occurs twice, fold=0 is the first
        return fold0_us
    # PEP 495: of a time that is skipped, fold=1 is before the change and fold=0 at or after it.
    return _first(fold1_us, fold0_us, lambda at_us: _local(at_us, zone).replace(tzinfo=None) >= wall)


def _first(low_us: int, high_us: int, holds: Callable[[int], bool]) -> int:
    """The first whole second after `low_us` at which `holds` becomes true; it is true at `high_us`."""
    low, high = low_us // _SECOND_US, -(-high_us // _SECOND_US)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle * _SECOND_US) else (middle, high)
    return high * _SECOND_US


def _local(at_us: int, zone: ZoneInfo) -> datetime:
    return (_EPOCH + timedelta(microseconds=at_us)).astimezone(zone)


def _offset_us(at_us: int, zone: ZoneInfo) -> int:
    offset = _local(at_us, zone).utcoffset()
    assert offset is not None  # every ZoneInfo has an offset
    return offset // timedelta(microseconds=1)


def _to_us(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)
