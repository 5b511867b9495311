"""The plan with its limits, what is left of them, and the usage by day."""

from __future__ import annotations

import asyncio
import datetime
from typing import Any

from penstock.api.console.shared.pages import Page, Pages
from penstock.api.console.shared.visit import Visit
from penstock.api.console.usage.view import by_subject, days_of, per_day, totals

BY = {"organization": "Whole", "project": "Projects", "key": "Keys", "device": "Devices", "customer": "Customers"}
NAMES = {
    "key": ("/api/v2/keys", "org:admin"),
    "project": ("/api/v2/projects", "organization:read"),
    "device": ("/api/v2/devices", "devices:read"),
    "customer": ("/api/v2/customers", "customers:read"),
}
MAX_PAGES = 10
MAX_ROWS = 200
DEFAULT_RANGE = "30d"


class UsagePages:
    """Plan and usage of the organisation."""

    pages = Pages("/usage", nav="usage")

    @pages.get()
    async def show(self, visit: Visit) -> Page:
        """Show the plan, the limits and the usage."""
        span = span_of(visit)
        by = visit.query.get("by", "organization")
        by = by if by in BY else "organization"
        limits, rows, refusals, bill = await asyncio.gather(
            visit.get("/api/v2/limits"),
            everything(visit, "/api/v2/usage", {"by": "organization", **span}),
            visit.get("/api/v2/limits/refusals", query={"limit": "50", **span}),
            visit.find("/api/v2/billing/summary") if visit.can("billing:read") else _nothing(),
        )
        days = days_of(span, datetime.datetime.now(datetime.UTC))
        return Page(
            "usage/show.html",
            title="Plan and usage",
            limits=limits,
            bill=bill,
            totals=totals(rows),
            traffic=per_day(rows, {"readings": "Readings", "calls": "Calls", "refused": "Refused"}, days),
            stored=per_day(rows, {"bytes": "Bytes"}, days),
            messages=per_day(rows, {"webhooks": "Webhooks", "sms": "SMS"}, days),
            refusals=refusals["data"],
            by=by,
            tabs=BY,
            subjects=await self._subjects(visit, by, span),
        )

    async def _subjects(self, visit: Visit, by: str, span: dict[str, str]) -> list[dict[str, Any]]:
        if by == "organization":
            return []
        path, scope = NAMES[by]
        rows, named = await asyncio.gather(
            everything(visit, "/api/v2/usage", {"by": by, **span}),
            visit.find(path, query={"limit": "1000"}) if visit.can(scope) else _nothing(),
        )
        names = {one["id"]: one["name"] for one in (named or {"data": []})["data"]}
        return by_subject(rows, names)[:MAX_ROWS]


async def everything(visit: Visit, path: str, query: dict[str, str]) -> list[dict[str, Any]]:
    """All rows of a list, up to ten pages of 1,000."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    for _ in range(MAX_PAGES):
        page = await visit.get(path, query={**query, "limit": "1000", "cursor": cursor})
        found += page["data"]
        cursor = page["next_cursor"]
        if not cursor:
            break
    return found


def span_of(visit: Visit) -> dict[str, str]:
    """The range of time that the page shows, as parameters of the API."""
    if visit.query.get("from") or visit.query.get("to"):
        return {name: visit.query[name] for name in ("from", "to") if visit.query.get(name)}
    return {"range": visit.query.get("range") or DEFAULT_RANGE}


async def _nothing() -> None:
    return None
