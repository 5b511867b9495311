"""The page of events: what was raised and cleared, and what devices reported."""

from __future__ import annotations

import asyncio
import datetime
from typing import Any

from penstock.api.console.shared.pages import Page, Pages
from penstock.api.console.shared.visit import Visit

FILTERS = ("state", "severity", "device_id", "from", "to", "cursor", "limit")
OF_DEVICE = "50"
"""How many events and changes of one device are shown."""


class EventPages:
    """The history of alert events, as a table or a time line; of one device also what it reported and when it was online."""

    pages = Pages("/events", nav="events")

    @pages.get()
    async def show(self, visit: Visit) -> Page:
        """Show the events."""
        device_id = visit.query.get("device_id", "")
        query = {name: visit.query.get(name) for name in FILTERS} | {name: _moment(visit, name) for name in ("from", "to")}
        found, reported, changes = await asyncio.gather(
            visit.get("/api/v2/alert-events", query=query),
            _of_device(visit, device_id, "events", query),
            _of_device(visit, device_id, "connectivity", query),
        )
        line = sorted([*map(_alert, found["data"]), *map(_report, reported), *map(_change, changes)], key=_time, reverse=True)
        return Page("events/list.html", title="Events", events=found, line=line)


def _moment(visit: Visit, name: str) -> str | None:
    """A time in the query. A date is its midnight where the person is."""
    text = visit.query.get(name)
    try:
        day = datetime.date.fromisoformat(text or "")
    except ValueError:
        return text
    midnight = datetime.datetime.combine(day, datetime.time(), visit.viewer.zone)
    return midnight.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def _of_device(visit: Visit, device_id: str, what: str, span: dict[str, str | None]) -> list[dict[str, Any]]:
    if not device_id:
        return []
    query = {"limit": OF_DEVICE, "from": span["from"], "to": span["to"]}
    found = await visit.find(f"/api/v2/devices/{{device_id}}/{what}", path={"device_id": device_id}, query=query)
    return found["data"] if found else []


def _alert(event: dict[str, Any]) -> dict[str, Any]:
    tone = {"cleared": "good", "acknowledged": "warn"}.get(event["state"], "bad")
    value = f", {event['value']}" if event["value"] is not None else ""
    text = f"{event['severity']} on {event['device_name'] or event['device_id']}{value}"
    return {
        "time": event["raised_at"],
        "title": event["name"],
        "text": f"{text}; {event['state']}",
        "tone": tone,
        "icon": "bell",
        "href": f"/console/alerts/events/{event['id']}",
    }


def _report(event: dict[str, Any]) -> dict[str, Any]:
    return {"time": event["time"], "title": event["kind"].replace("_", " ").capitalize(), "tone": "info", "icon": "radio"}


def _change(change: dict[str, Any]) -> dict[str, Any]:
    online = change["connectivity"] == "online"
    return {
        "time": change["at"],
        "title": "Came online" if online else "Went offline",
        "text": change["reason"].replace("_", " "),
        "tone": "good" if online else "bad",
        "icon": "wifi" if online else "wifi-off",
    }


def _time(item: dict[str, Any]) -> str:
    return str(item["time"])
