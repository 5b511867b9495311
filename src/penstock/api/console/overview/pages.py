"""The overview: numbers of the fleet, open alerts, and what needs attention."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.overview.view import attention, changes, first_steps, hourly, rate, together
from penstock.api.console.shared.navigation import MENU, ROOT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.kit.clock import Clock

FEW = 10
"""Organisations with fewer devices see the first steps until they are done."""
LONGEST_OFFLINE = 5
RECENT, RECENT_READ = 8, 100
"""How many changes are shown, and how many entries are read: what was done often in a row is one, and sign-ins are none."""
_NONE: dict[str, Any] = {"data": []}


class OverviewPages:
    """The first page after the sign-in."""

    pages = Pages("", nav="overview")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @pages.get()
    async def show(self, visit: Visit) -> Page | Redirect:
        """Show the overview, or go to the first page that the person may see."""
        if not visit.can("devices:read"):
            return Redirect(_first_page(visit))
        fleet, recent, state, usage = await asyncio.gather(_fleet(visit), _recent(visit), _state(visit), _usage(visit))
        now_us = self._clock.now_us()
        return Page(
            "overview/home.html",
            title="Overview",
            counts=fleet["counts"],
            alerts=fleet["alerts"],
            open_events=fleet["open_events"],
            recent=recent,
            hours=hourly(usage, now_us),
            rate=rate(usage, now_us),
            attention=attention(state | {"unseen": fleet["unseen"], "now_us": now_us}),
            system=state["system"],
            limits=state["limits"],
            steps=await _steps(visit, fleet["counts"]),
        )


def _first_page(visit: Visit) -> str:
    """The first page of the menu that the person may open, else their profile."""
    shown = (item for group in MENU for item in group.entries if visit.can(item.scope) or visit.viewer.role in item.roles)
    return next((ROOT + item.path for item in shown if item.path), f"{ROOT}/profile")


async def _optional(visit: Visit, scope: str, path: str, query: dict[str, Any] | None = None) -> Any:
    """What a GET returns, or None without the scope or if it does not exist."""
    return await visit.find(path, query=query) if visit.can(scope) else None


async def _fleet(visit: Visit) -> dict[str, Any]:
    counts, alerts, events, unseen = await asyncio.gather(
        visit.get("/api/v2/devices/summary"),
        _optional(visit, "alerts:read", "/api/v2/alert-events/summary"),
        _optional(visit, "alerts:read", "/api/v2/alert-events", {"state": "open", "limit": "8"}),
        visit.get("/api/v2/devices", query={"connectivity": "offline", "sort": "last_seen_at", "limit": str(LONGEST_OFFLINE)}),
    )
    return {"counts": counts, "alerts": alerts, "open_events": (events or _NONE)["data"], "unseen": unseen["data"]}


async def _recent(visit: Visit) -> list[dict[str, Any]]:
    found = await _optional(visit, "audit:read", "/api/v2/logs", {"limit": str(RECENT_READ)})
    return together(changes((found or _NONE)["data"]))[:RECENT]


async def _usage(visit: Visit) -> list[dict[str, Any]]:
    query = {"by": "organization", "bucket": "hour", "range": "24h"}
    rows: list[dict[str, Any]] = (await _optional(visit, "usage:read", "/api/v2/usage", query) or _NONE)["data"]
    return rows


async def _state(visit: Visit) -> dict[str, Any]:
    """What may need attention, each part only if the person may read it."""
    webhooks, connections, rules, keys, limits, system = await asyncio.gather(
        _optional(visit, "webhooks:read", "/api/v2/webhooks"),
        _optional(visit, "connections:read", "/api/v2/connections"),
        _optional(visit, "rules:read", "/api/v2/rules"),
        _optional(visit, "org:admin", "/api/v2/keys", {"status": "active", "limit": "1000"}),
        _optional(visit, "usage:read", "/api/v2/limits"),
        _optional(visit, "org:admin", "/api/v2/system"),
    )
    lists = {"webhooks": webhooks, "connections": connections, "rules": rules, "keys": keys}
    return {name: (found or _NONE)["data"] for name, found in lists.items()} | {"limits": limits, "system": system}


async def _steps(visit: Visit, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The first steps of a new organisation; none for one that has taken them, or for people who cannot."""
    if counts["total"] >= FEW or not (visit.can("devices:write") and visit.can("org:admin")):
        return []
    keys, people, invited = await asyncio.gather(
        _optional(visit, "org:admin", "/api/v2/keys", {"status": "active", "limit": "1"}),
        _optional(visit, "organization:read", "/api/v2/members", {"limit": "2"}),
        _optional(visit, "organization:read", "/api/v2/invitations", {"limit": "1"}),
    )
    company = len((people or _NONE)["data"]) > 1 or bool((invited or _NONE)["data"])
    return first_steps(devices=counts["total"] - counts["never"] > 0, company=company, key=bool((keys or _NONE)["data"]))
