"""What the pages of meters and customers show of consumption."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from penstock.api.console.shared.formats import moment
from penstock.api.console.shared.visit import Visit

BUCKETS = ("day", "week", "month")


def span_of(visit: Visit, usual_range: str, usual_bucket: str) -> dict[str, str | None]:
    """The range and the bucket in the page's URL, as a query of the API."""
    query = visit.query
    begin, end = query.get("from"), query.get("to")
    chosen = None if begin else query.get("range", usual_range)
    return {"from": begin, "to": end, "range": chosen, "bucket": query.get("bucket", usual_bucket)}


def series_of(amounts: Iterable[dict[str, Any]], unit: str) -> list[dict[str, Any]]:
    """Consumption as series of a stacked chart: what was computed without readings, on what was measured.

    Shape: [{label, unit, color, points: [[epoch s, amount or null], …]}].
    """
    measured, computed = [], []
    for one in amounts:
        begin = moment(one["start"])
        if begin is None:
            continue
        at, total, guessed = begin.timestamp(), one["consumption"], float(one["not_measured"])
        measured.append([at, None if total is None else max(float(total) - guessed, 0)])
        computed.append([at, None if total is None else guessed])
    found = [{"label": "Measured", "unit": unit, "color": "--c1", "points": measured}]
    if any(value for _, value in computed):
        return [{"label": "Computed for gaps", "unit": unit, "color": "--c2", "points": computed}, *found]
    return found


def total_of(amounts: Iterable[dict[str, Any]]) -> float | None:
    """The sum of the known amounts; None if none is known."""
    known = [float(one["consumption"]) for one in amounts if one["consumption"] is not None]
    return round(sum(known), 6) if known else None


def latest_of(amounts: list[dict[str, Any]], back: int) -> float | None:
    """The consumption of the bucket that many places before the end."""
    value = amounts[-1 - back]["consumption"] if len(amounts) > back else None
    return None if value is None else float(value)
