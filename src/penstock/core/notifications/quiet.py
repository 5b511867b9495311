"""Quiet hours decided: whether a person is to be left alone at a moment, and until when. Pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from penstock.core.notifications.hours import ActiveHours, open_at, zone
from penstock.core.notifications.models import RANKS, Quiet, Severity
from penstock.kit.clock import MINUTE_US, SECOND_US
from penstock.kit.errors import InvalidInput

_SEARCH_DAYS = 9
_LATER_MINUTES = (0, 30, 60, 90, 120)
"""Where daylight saving leaves out an hour, or has it twice, quiet hours end at the next of these."""


def check_quiet(quiet: Quiet) -> None:
    """Whether quiet hours make sense: they must end some time.

    Raises:
        InvalidInput: they never end, or the time zone is none; the field is named.
    """
    try:
        zone(quiet.hours.time_zone)
    except InvalidInput:
        raise InvalidInput.field("time_zone", "not a time zone of the IANA database") from None
    begin, end = quiet.hours.from_minute, quiet.hours.to_minute
    if len(quiet.hours.days) == 7 and (begin == end or (begin == 0 and end == 24 * 60)):
        raise InvalidInput.field("to", "quiet hours end some time in the week")


def rank_through(quiet: Quiet) -> int:
    """From which rank on something is told in quiet hours."""
    return len(RANKS) if quiet.breaks_through is None else RANKS[quiet.breaks_through]


def waits(quiet: Quiet | None, severity: Severity, at_us: int) -> bool:
    """Whether something of this severity waits at this moment."""
    return quiet is not None and RANKS[severity] < rank_through(quiet) and open_at(quiet.hours, at_us)


def end_of(hours: ActiveHours, at_us: int) -> int:
    """The first moment from `at_us` on that is not within the hours, to the minute."""
    if not open_at(hours, at_us):
        return at_us
    place = zone(hours.time_zone)
    first = datetime.fromtimestamp(at_us // SECOND_US, UTC).astimezone(place)
    midnight = datetime(first.year, first.month, first.day, tzinfo=place)
    for days in range(_SEARCH_DAYS):
        wall = midnight + timedelta(days=days, minutes=hours.to_minute)  # arithmetic on the wall's clock
        moment_us = int(wall.astimezone(UTC).timestamp()) * SECOND_US
        for minutes in _LATER_MINUTES:
            later_us = moment_us + minutes * MINUTE_US
            if later_us > at_us and not open_at(hours, later_us):
                return later_us
    return at_us + _SEARCH_DAYS * 24 * 60 * MINUTE_US  # unreachable: `check_quiet` lets no week without an end through
