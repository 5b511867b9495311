"""How finely a chart shows a range. Pure."""

from __future__ import annotations

from penstock.core.telemetry.buckets import Bucket, parse_bucket
from penstock.core.telemetry.models import TimeRange
from penstock.kit.clock import DAY_US

MAX_POINTS = 1_000
"""How many points a line has at most."""
_FIXED = ("10s", "30s", "1m", "5m", "15m", "30m", "1h", "3h", "6h", "12h")
_CALENDAR = (("day", DAY_US), ("week", 7 * DAY_US), ("month", 28 * DAY_US), ("quarter", 90 * DAY_US), ("year", 365 * DAY_US))
_LADDER = [(name, parse_bucket(name).size_us) for name in _FIXED] + list(_CALENDAR)


def bucket_for(span: TimeRange, requested: str) -> tuple[str, Bucket]:
    """The bucket of a chart: the one that is requested, unless a line would have too many points; else, and for `auto`, the
    shortest with which it has not.
    """
    length_us = span.to_us - span.from_us
    if requested != "auto":
        bucket = parse_bucket(requested)
        size_us = bucket.size_us or dict(_LADDER).get(requested, DAY_US // 24)
        if length_us <= size_us * MAX_POINTS:
            return requested, bucket
    name = next((name for name, size_us in _LADDER if length_us <= size_us * (MAX_POINTS - 2)), "year")
    return name, parse_bucket(name)
