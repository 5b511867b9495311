"""Choices that filters and forms of several nouns offer."""

from __future__ import annotations

from typing import Any

from penstock.api.console.shared.visit import Visit

DEVICES_OFFERED = 100
"""Above this, a filter asks for the id of a device."""


async def device_filter(visit: Visit) -> dict[str, Any]:
    """A filter by device for `ui.filter_bar`: a list of all devices, or a field for an id if they are too many for a list."""
    found = await visit.find("/api/v2/devices", query={"limit": str(DEVICES_OFFERED), "sort": "name"})
    if not found or found["next_cursor"] or not found["data"]:
        return {"name": "device_id", "label": "Device", "type": "text"}
    return {"name": "device_id", "label": "Device", "options": [[one["id"], one["name"]] for one in found["data"]]}
