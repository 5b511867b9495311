"""Usage as series of charts, and as totals by subject."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from penstock.api.console.shared.formats import moment

_RANGE = re.compile(r"(\d{1,4})([hd])")
MAX_DAYS = 400
COUNTS = ("calls", "readings", "data_points", "bytes", "refused", "webhooks", "sms")


def days_of(span: Mapping[str, str], now: datetime.datetime) -> list[str]:
    """The days (UTC) of a range as the API takes it, as times of their beginnings; none if there are too many."""
    found = _RANGE.fullmatch(span.get("range", ""))
    first, last = now, now
    if found is not None:
        first = now - datetime.timedelta(hours=int(found[1]) * (24 if found[2] == "d" else 1))
    else:
        first, last = moment(span.get("from")) or now, moment(span.get("to")) or now
    count = (last.astimezone(datetime.UTC).date() - first.astimezone(datetime.UTC).date()).days + 1
    if not 0 < count <= MAX_DAYS:
        return []
    start = first.astimezone(datetime.UTC).date()
    return [f"{start + datetime.timedelta(days=number)}T00:00:00Z" for number in range(count)]


def per_day(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], days: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Series of counts by day, for a chart. `names` are the labels of the counts to show; `days` without usage count 0.

    Shape: [{label, points: [[time, count]]}]; none for a count that is 0 throughout, except the first.
    """
    by_start = {row["start"]: row for row in rows}
    starts = sorted({*days, *by_start})
    series = [
        {"label": label, "points": [[start, by_start[start][name] if start in by_start else 0] for start in starts]}
        for name, label in names.items()
    ]
    return [one for number, one in enumerate(series) if rows and (number == 0 or any(count for _, count in one["points"]))]


def totals(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The sums of all counts."""
    found = dict.fromkeys(COUNTS, 0)
    for row in rows:
        for name in COUNTS:
            found[name] += row[name]
    return found


def by_subject(rows: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The sums of all counts of each subject, the busiest first. `names` are names of subjects by id."""
    found: dict[str | None, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["id"], []).append(row)
    listed = [{"id": subject, "name": names.get(subject or "", ""), **totals(of)} for subject, of in found.items()]
    return sorted(listed, key=lambda one: (-one["calls"] - one["readings"] - one["refused"], str(one["id"])))
