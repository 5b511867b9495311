"""Active hours: when an alert may be raised, in a time zone, right across daylight saving."""

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
    """Days (1 Monday to 7 Sunday) and minutes of the day, from (included) to (not included), on the clock of a time zone.

    A span that ends before it begins goes on over midnight and belongs to the day on which it begins; one that ends where it
    begins is the whole day.
    """

    time_zone: str
    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    from_minute: int = 0
    to_minute: int = MINUTES


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """A time zone of the IANA database.

    Raises:
        InvalidInput: there is none of this name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput.field("active_hours.time_zone", "not a time zone of the IANA database") from None


def open_at(hours: ActiveHours | None, at_us: int) -> bool:
    """Whether an alert may be raised at a moment."""
    if hours is None:
        return True
    local = datetime.fromtimestamp(at_us // SECOND_US, UTC).astimezone(zone(hours.time_zone))
    minute, day = local.hour * 60 + local.minute, local.isoweekday()
    if hours.from_minute < hours.to_minute:
        return day in hours.days and hours.from_minute <= minute < hours.to_minute
    yesterday = (day + 5) % 7 + 1
    return (day in hours.days and minute >= hours.from_minute) or (yesterday in hours.days and minute < hours.to_minute)


def next_opening(hours: ActiveHours | None, at_us: int) -> int:
    """The first moment from `at_us` on at which an alert may be raised."""
    if open_at(hours, at_us) or hours is None:
        return at_us
    place = zone(hours.time_zone)
    first = datetime.fromtimestamp(at_us // SECOND_US, UTC).astimezone(place)
    begin = timedelta(minutes=hours.from_minute)
    for days in range(_SEARCH_DAYS):
        midnight = datetime(first.year, first.month, first.day, tzinfo=place) + timedelta(days=days)
        opening_us = _first_at(midnight + begin, at_us, hours)  # arithmetic on the wall's clock
        if opening_us is not None:
            return opening_us
    return at_us + _SEARCH_DAYS * 24 * 3600 * SECOND_US  # unreachable: some day of a week is active


def _first_at(wall: datetime, at_us: int, hours: ActiveHours) -> int | None:
    """The moment of a wall clock's reading if it is not past, or just after the hour that daylight saving leaves out."""
    moment_us = int(wall.astimezone(UTC).timestamp()) * SECOND_US
    for later_us in (0, 1800 * SECOND_US, 3600 * SECOND_US):
        if moment_us + later_us >= at_us and open_at(hours, moment_us + later_us):
            return moment_us + later_us
    return None
