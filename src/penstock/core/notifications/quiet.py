"""Decisions about quiet hours: whether a mail to a user must wait, and until when. Pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from penstock.core.notifications.hours import ActiveHours, open_at, zone
from penstock.core.notifications.models import RANKS, Quiet, Severity
from penstock.kit.clock import MINUTE_US, SECOND_US
from penstock.kit.errors import InvalidInput

_SEARCH_DAYS = 9
_LATER_MINUTES = (0, 30, 60, 90, 120)
"""Where daylight saving skips or repeats an hour, quiet hours end at the next of these."""


def check_quiet(quiet: Quiet) -> None:
    """Check that quiet hours are valid: they must end at some time.

    Raises:
        InvalidInput: they never end, or the time zone is invalid; the field is named.
    """
    try:
        zone(quiet.hours.time_zone)
    except InvalidInput:
        raise InvalidInput.field("time_zone", "must be an IANA time zone, such as Europe/Berlin") from None
    begin, end = quiet.hours.from_minute, quiet.hours.to_minute
    if len(quiet.hours.days) == 7 and (begin == end or (begin == 0 and end == 24 * 60)):
        raise InvalidInput.field("to", "must end at some time in the week")


def rank_through(quiet: Quiet) -> int:
    """The lowest rank of severity that is sent during quiet hours."""
    return len(RANKS) if quiet.breaks_through is None else RANKS[quiet.breaks_through]


def waits(quiet: Quiet | None, severity: Severity, at_us: int) -> bool:
    """Whether a mail with this severity must wait at this time."""
    return quiet is not None and RANKS[severity] < rank_through(quiet) and open_at(quiet.hours, at_us)


def end_of(hours: ActiveHours, at_us: int) -> int:
    """The first time from `at_us` on that is outside the hours, to the minute."""
    if not open_at(hours, at_us):
        return at_us
    place = zone(hours.time_zone)
    first = datetime.fromtimestamp(at_us // SECOND_US, UTC).astimezone(place)
    midnight = datetime(first.year, first.month, first.day, tzinfo=place)
    for days in range(_SEARCH_DAYS):
        wall = midnight + timedelta(days=days, minutes=hours.to_minute)  # arithmetic in local time
        moment_us = int(wall.astimezone(UTC).timestamp()) * SECOND_US
        for minutes in _LATER_MINUTES:
            later_us = moment_us + minutes * MINUTE_US
            if later_us > at_us and not open_at(hours, later_us):
                return later_us
    return at_us + _SEARCH_DAYS * 24 * 60 * MINUTE_US  # unreachable: `check_quiet` requires an end within the week
