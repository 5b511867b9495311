"""Time: a clock that can be passed in, and the single parser of times from outside.

Internally, a timestamp is an integer: microseconds since the Unix epoch, UTC (`*_us`). On the wire it is RFC 3339 with `Z`.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 3600 * SECOND_US
DAY_US = 24 * HOUR_US

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MIN_US = 0
MAX_US = 4_102_444_800 * SECOND_US
"""2100-01-01: later times come from broken clocks, and below it epoch seconds and milliseconds are distinguishable."""

_RFC3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):(\d\d))", re.ASCII)
_MILLISECONDS_FROM = 100_000_000_000
"""Epoch numbers at or above this are milliseconds: as seconds they would be in the year 5138."""


class Clock(Protocol):
    """Returns the current time. Passed in, so that tests can stop it."""

    def now_us(self) -> int:
        """Microseconds since the Unix epoch, UTC."""

    def monotonic(self) -> float:
        """Seconds from an arbitrary start that never decrease: for durations and deadlines."""


_ELAPSED = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Linux has a monotonic clock that also counts while the machine sleeps."""


class SystemClock:
    """The machine's clock."""

    def now_us(self) -> int:
        return time.time_ns() // 1000

    def monotonic(self) -> float:
        return time.clock_gettime(_ELAPSED)


def parse_time(value: object) -> int:
    """Parse a time from outside to microseconds: an RFC 3339 string with an offset, or epoch seconds or milliseconds.

    Raises:
        ValueError: not such a time, or before 1970 or after 2099; the message states which.
    """
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be an RFC 3339 string, or epoch seconds or milliseconds as a number")
    if not 0 <= value < 1e14:
        raise ValueError("must be epoch seconds or milliseconds between 1970 and 2099")
    factor = 1000 if value >= _MILLISECONDS_FROM else SECOND_US
    return _bounded(round(value * factor))


def _from_text(text: str) -> int:
    if len(text) == 20 and text[19] == "Z" and text[10] == "T" and text[4] == text[7] == "-" and text[13] == text[16] == ":":
        try:  # the form most devices send, parsed without the regular expression in a fifth of the time
            return _bounded(int(datetime.fromisoformat(text).timestamp()) * SECOND_US)
        except ValueError:
            pass  # the parser below states the reason, and handles the leap second
    return _from_any_text(text)


def _from_any_text(text: str) -> int:
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise ValueError("must be RFC 3339 with an offset, such as 2026-05-02T09:15:04Z")
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    leap = second == 60  # RFC 3339 allows the leap second; it becomes the next second, because Unix time has none
    try:
        moment = datetime(year, month, day, hour, minute, 59 if leap else second, tzinfo=UTC)
    except ValueError:
        raise ValueError("must be an existing date and time of day") from None
    us = (moment - _EPOCH) // timedelta(microseconds=1) + (SECOND_US if leap else 0)
    us += int((match[7] or "0").ljust(9, "0")) // 1000
    if match[9]:
        hours, minutes = int(match[10]), int(match[11])
        if hours > 23 or minutes > 59:
            raise ValueError("must have an existing offset from UTC")
        us -= (hours * 60 + minutes) * MINUTE_US * (1 if match[9] == "+" else -1)
    return _bounded(us)


def _bounded(us: int) -> int:
    if not MIN_US <= us < MAX_US:
        raise ValueError("must be between 1970 and 2099")
    return us


def format_time(us: int) -> str:
    """RFC 3339 in UTC with as many digits as the value needs: whole seconds, milliseconds or microseconds."""
    seconds, fraction = divmod(us, SECOND_US)
    text = _second(seconds)
    if not fraction:
        return text + "Z"
    return f"{text}.{fraction // 1000:03d}Z" if fraction % 1000 == 0 else f"{text}.{fraction:06d}Z"


def format_time_or_none(us: int | None) -> str | None:
    """The same, or None if it has not happened."""
    return None if us is None else format_time(us)


@lru_cache(maxsize=1024)
def _second(seconds: int) -> str:
    """Cached, because most formatted times are within the same few seconds, or repeat."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def format_seconds(us: int) -> str:
    """RFC 3339 in UTC with whole seconds, as the vendors' examples show times."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(us // SECOND_US))


def format_seconds_or_none(us: int | None) -> str | None:
    """The same, or None if it has not happened."""
    return None if us is None else format_seconds(us)


def format_day(us: int) -> str:
    """The UTC day of a time, such as 2026-05-02."""
    return time.strftime("%Y-%m-%d", time.gmtime(us // SECOND_US))


AHEAD_US = DAY_US
"""A kept time that is further ahead than this was kept while the clock was ahead: workers can be behind by hours."""


def later(kept_us: int, at_us: int) -> int:
    """The later of a time that was kept and one that is now, unless the clock was ahead when the first one was kept."""
    return kept_us if at_us < kept_us <= at_us + AHEAD_US else at_us


def has_passed(since_us: int, interval_us: int, now_us: int) -> bool:
    """Whether an interval has passed since a time at which something was done.

    A clock that was ahead leaves a time in the future. Then it has passed too, or it would not until the clock is there again.
    """
    return not 0 <= now_us - since_us < interval_us
