"""Billing periods: calendar months, quarters and years. Pure.

Days are those of the customer's time zone. A day begins at the first instant at which the local clock shows its midnight or
later, as everywhere (`telemetry/buckets.py`).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

import msgspec

from penstock.kit.clock import SECOND_US
from penstock.kit.errors import InvalidInput

_NAME = re.compile(r"(2\d{3}|19[789]\d)(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?", re.ASCII)
Days = tuple[date, date]
"""From a day to another, which is not included."""


class Length(StrEnum):
    """How long a billing period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Length.MONTH: 1, Length.QUARTER: 3, Length.YEAR: 12}


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """A period with its name, from the day `begin` to the day `end` (not included)."""

    name: str
    length: Length
    begin: date
    end: date


class Calendar(msgspec.Struct, frozen=True):
    """The days of a period in a time zone; it begins and ends at other times than they do if the time zone was changed."""

    zone: ZoneInfo
    period: Period
    begin_us: int
    end_us: int

    def day_at(self, time_us: int) -> date:
        """The day that contains a time."""
        if time_us <= self.begin_us:
            return self.period.begin
        return self.period.end if time_us >= self.end_us else day_at(time_us, self.zone)

    def start_us(self, day: date) -> int:
        """When a day begins."""
        if day <= self.period.begin:
            return self.begin_us
        return self.end_us if day >= self.period.end else start_us(day, self.zone)


def parse_period(text: str, field: str = "period") -> Period:
    """The period with a name.

    Raises:
        InvalidInput: it is not the name of a month, quarter or year.
    """
    match = _NAME.fullmatch(text)
    if match is None:
        raise InvalidInput.field(field, "must be a month, quarter or year, such as 2026-05, 2026-Q2 or 2026")
    year, month, quarter = int(match[1]), match[2], match[3]
    if month:
        return _period(Length.MONTH, year, int(month))
    return _period(Length.QUARTER, year, int(quarter) * 3 - 2) if quarter else _period(Length.YEAR, year, 1)


def period_at(length: Length, day: date) -> Period:
    """The period of a length that contains a day."""
    months = _MONTHS[length]
    return _period(length, day.year, (day.month - 1) // months * months + 1)


def period_after(period: Period) -> Period:
    """The following period of the same length."""
    return period_at(period.length, period.end)


def start_us(day: date, zone: ZoneInfo) -> int:
    """When a day begins in a time zone."""
    # Of a midnight that is skipped, `timestamp` applies the offset before the change, which is the time of the change; of one
    # that occurs twice, it takes the first.
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) * SECOND_US


def day_at(time_us: int, zone: ZoneInfo) -> date:
    """The day that contains a time in a time zone."""
    return datetime.fromtimestamp(time_us // SECOND_US, zone).date()


def months_in(ranges: Sequence[Days]) -> Fraction:
    """How many calendar months some days are: each day is its part of its month."""
    return sum((_months(begin, end) for begin, end in ranges), Fraction(0))


def days_in(ranges: Sequence[Days]) -> int:
    """How many days some ranges have."""
    return sum((end - begin).days for begin, end in ranges)


def merged(ranges: Sequence[Days]) -> list[Days]:
    """The same days in ranges that neither overlap nor touch, without empty ones."""
    found: list[Days] = []
    for begin, end in sorted(one for one in ranges if one[0] < one[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _period(length: Length, year: int, month: int) -> Period:
    after = month + _MONTHS[length]
    end = date(year + 1, 1, 1) if after > 12 else date(year, after, 1)
    names = {Length.MONTH: f"{year}-{month:02d}", Length.QUARTER: f"{year}-Q{month // 3 + 1}", Length.YEAR: f"{year}"}
    return Period(name=names[length], length=length, begin=date(year, month, 1), end=end)


def _months(begin: date, end: date) -> Fraction:
    total = Fraction(0)
    while begin < end:
        days = calendar.monthrange(begin.year, begin.month)[1]
        following = date(begin.year + begin.month // 12, begin.month % 12 + 1, 1)
        total += Fraction((min(following, end) - begin).days, days)
        begin = following
    return total
