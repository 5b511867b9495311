"""The range of a query: `from` and `to`, or `range` as a length that ends at `to`."""

from __future__ import annotations

from typing import Protocol

from penstock.core.telemetry.models import TimeRange
from penstock.core.telemetry.service import parse_span
from penstock.kit.clock import DAY_US, MAX_US, MIN_US, Clock, parse_time
from penstock.kit.errors import InvalidInput


class Ranged(Protocol):
    """A query with a range."""

    @property
    def from_(self) -> str | None:
        """Where it begins, included."""

    @property
    def to(self) -> str | None:
        """Where it ends, not included."""

    @property
    def range(self) -> str | None:
        """How long it is."""


def parse_range(query: Ranged, clock: Clock) -> TimeRange:
    """The range that a query means: the last 24 hours when it says nothing.

    Raises:
        InvalidInput: a time is no time, both ways are used at once, or the end lies before the begin.
    """
    # One microsecond on: a reading that arrived in this very moment belongs to "until now".
    to_us = parse_moment(query.to, "to") if query.to else clock.now_us() + 1
    if query.from_ and query.range:
        raise InvalidInput.field("range", "goes with to, not with from")
    if query.from_:
        from_us = parse_moment(query.from_, "from")
    else:
        from_us = max(to_us - (parse_span(query.range) if query.range else DAY_US), MIN_US)
    if from_us > to_us:
        raise InvalidInput.field("to", "lies before from")
    return TimeRange(from_us=from_us, to_us=min(to_us, MAX_US))


def parse_moment(text: str, field: str) -> int:
    """A time in a query.

    Raises:
        InvalidInput: it is none; the field is named.
    """
    value: object = text
    if text.isascii() and text.isdigit() and len(text) < 16:
        value = int(text)
    try:
        return parse_time(value)
    except ValueError as error:
        raise InvalidInput.field(field, str(error)) from None
