"""Active hours: when an alert may be raised, in a time zone and across daylight saving."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from penstock.kit.clock import SECOND_US
from penstock.kit.errors import InvalidInput

MINUTES = 24 * 60
_SEARCH_DAYS = 9


class ActiveHours(msgspec.Struct, frozen=True, kw_only=True):
    """Days (1 Monday to 7 Sunday) and minutes of the day, from (inclusive) to (exclusive), in the local time of a time zone.

    A span that ends before it starts continues past midnight and belongs to the day on which it starts. One that ends where it
    starts is the whole day.
    """

    time_zone: str
    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    from_minute: int = 0
    to_minute: int = MINUTES


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """A time zone of the IANA database.

    Raises:
        InvalidInput: no time zone has this name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput.field("active_hours.time_zone", "must be an IANA time zone, such as Europe/Berlin") from None


def open_at(hours: ActiveHours | None, at_us: int) -> bool:
    """Whether an alert may be raised at this time."""
    if hours is None:
        return True
    local = datetime.fromtimestamp(at_us // SECOND_US, UTC).astimezone(zone(hours.time_zone))
    minute, day = local.hour * 60 + local.minute, local.isoweekday()
    if hours.from_minute < hours.to_minute:
        return day in hours.days and hours.from_minute <= minute < hours.to_minute
    # `isoweekday` counts from 1, so the day before 1 is 7.
    yesterday = (day + 5) % 7 + 1
    return (day in hours.days and minute >= hours.from_minute) or (yesterday in hours.days and minute < hours.to_minute)


def next_opening(hours: ActiveHours | None, at_us: int) -> int:
    """The first time from `at_us` on at which an alert may be raised."""
    if open_at(hours, at_us) or hours is None:
        return at_us
    place = zone(hours.time_zone)
    first = datetime.fromtimestamp(at_us // SECOND_US, UTC).astimezone(place)
    begin = timedelta(minutes=hours.from_minute)
    for days in range(_SEARCH_DAYS):
        midnight = datetime(first.year, first.month, first.day, tzinfo=place) + timedelta(days=days)
        opening_us = _first_at(midnight + begin, at_us, hours)  # arithmetic in local time
        if opening_us is not None:
            return opening_us
    return at_us + _SEARCH_DAYS * 24 * 3600 * SECOND_US  # unreachable: some day of a week is active


def _first_at(wall: datetime, at_us: int, hours: ActiveHours) -> int | None:
    """The time for a local time if it is not in the past, or just after the hour that daylight saving skips."""
    moment_us = int(wall.astimezone(UTC).timestamp()) * SECOND_US
    # Half an hour too, because Lord Howe Island changes its clocks by that.
    for later_us in (0, 1800 * SECOND_US, 3600 * SECOND_US):
        if moment_us + later_us >= at_us and open_at(hours, moment_us + later_us):
            return moment_us + later_us
    return None
