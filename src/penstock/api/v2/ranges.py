"""The time range of a query: `from` and `to`, or `range` as a length that ends at `to`."""

from __future__ import annotations

from typing import Protocol

from penstock.core.telemetry.models import TimeRange
from penstock.core.telemetry.service import parse_span
from penstock.kit.clock import DAY_US, MAX_US, MIN_US, Clock, parse_time
from penstock.kit.errors import InvalidInput


class Ranged(Protocol):
    """A query with a time range."""

    @property
    def from_(self) -> str | None:
        """The start, included."""

    @property
    def to(self) -> str | None:
        """The end, excluded."""

    @property
    def range(self) -> str | None:
        """The length."""


def parse_range(query: Ranged, clock: Clock) -> TimeRange:
    """The range of a query; by default the last 24 hours.

    Raises:
        InvalidInput: a time is invalid, `range` is combined with `from`, or the end is before the start.
    """
    # Plus one microsecond, because the end is excluded: a reading that arrived in this microsecond belongs to "until now".
    to_us = parse_moment(query.to, "to") if query.to else clock.now_us() + 1
    if query.from_ and query.range:
        raise InvalidInput.field("range", "must be combined with to, not with from")
    if query.from_:
        from_us = parse_moment(query.from_, "from")
    else:
        # `to` can be less than the length after 1970, before which no reading is accepted.
        from_us = max(to_us - (parse_span(query.range) if query.range else DAY_US), MIN_US)
    if from_us > to_us:
        raise InvalidInput.field("to", "must not be before from")
    return TimeRange(from_us=from_us, to_us=min(to_us, MAX_US))


def parse_moment(text: str, field: str) -> int:
    """Parse a time in a query.

    Raises:
        InvalidInput: the time is invalid; the error names the field.
    """
    value: object = text
    # Epoch milliseconds have at most 13 digits. Much longer numbers are rejected as text: `int` is slow for them.
    if text.isascii() and text.isdigit() and len(text) < 16:
        value = int(text)
    try:
        return parse_time(value)
    except ValueError as error:
        raise InvalidInput.field(field, str(error)) from None
