"""The bucket of a chart: as short as a thousand points allow."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from penstock.core.dashboards.resolution import MAX_POINTS, bucket_for
from penstock.core.telemetry.buckets import edges
from penstock.core.telemetry.models import TimeRange
from penstock.core.telemetry.service import parse_span

START = 1_767_225_600_000_000


@pytest.mark.parametrize(
    ("length", "wanted", "name"),
    [
        ("60m", "auto", "10s"),
        ("24h", "auto", "5m"),
        ("7d", "auto", "15m"),
        ("30d", "auto", "1h"),
        ("365d", "auto", "12h"),
        ("1000d", "auto", "week"),
        ("3650d", "auto", "week"),
        ("24h", "1h", "1h"),
        ("24h", "day", "day"),
        ("24h", "1m", "5m"),
        ("365d", "hour", "12h"),
    ],
)
def test_buckets(length: str, wanted: str, name: str) -> None:
    span = TimeRange(from_us=START + 1, to_us=START + 1 + parse_span(length))
    found, bucket = bucket_for(span, wanted)
    assert found == name
    assert len(edges(span.from_us, span.to_us, bucket, ZoneInfo("Europe/Berlin"))) - 1 <= MAX_POINTS
