"""Usage as series and totals."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from penstock.api.console.usage.view import by_subject, days_of, per_day, totals

NOW = datetime.datetime(2026, 5, 3, 9, 0, tzinfo=datetime.UTC)
ZERO = {"calls": 0, "readings": 0, "data_points": 0, "bytes": 0, "refused": 0, "webhooks": 0, "sms": 0}


def row(start: str, subject: str | None = None, **counts: int) -> dict[str, Any]:
    return {"start": start, "id": subject, **ZERO, **counts}


def test_days_without_usage_count_nothing() -> None:
    days = days_of({"range": "2d"}, NOW)
    assert days == ["2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", "2026-05-03T00:00:00Z"]
    rows = [row("2026-05-02T00:00:00Z", calls=3)]
    (calls,) = per_day(rows, {"calls": "Calls", "refused": "Refused"}, days)
    assert calls == {"label": "Calls", "points": [[days[0], 0], [days[1], 3], [days[2], 0]]}
    assert per_day([], {"calls": "Calls"}, days) == []


@pytest.mark.parametrize(
    ("span", "count"),
    [
        ({"range": "24h"}, 2),
        ({"from": "2026-04-01T00:00:00Z", "to": "2026-04-03T00:00:00Z"}, 3),
        ({"from": "2026-04-03T00:00:00Z", "to": "2026-04-01T00:00:00Z"}, 0),
        ({"range": "9999d"}, 0),
        ({"range": "soon"}, 1),
        ({"from": "x"}, 1),
    ],
)
def test_a_range_has_its_days(span: dict[str, str], count: int) -> None:
    assert len(days_of(span, NOW)) == count


def test_subjects_are_summed_the_busiest_first() -> None:
    rows = [row("a", "dev_1", readings=1), row("b", "dev_2", readings=5, bytes=7), row("c", "dev_2", readings=1), row("d", None)]
    first, second, last = by_subject(rows, {"dev_2": "Pump"})
    assert (first["id"], first["name"], first["readings"], first["bytes"]) == ("dev_2", "Pump", 6, 7)
    assert (second["id"], second["name"], last["id"]) == ("dev_1", "", None)
    assert totals(rows)["readings"] == 7
