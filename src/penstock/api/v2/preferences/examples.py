"""Examples of preferences for the documentation."""

from __future__ import annotations

from typing import Any

from penstock.api.v2.devices.examples import DEVICE_ID

VIEW = {"columns": ["name", "status", "last_seen_at"], "sort": "name"}
CHANGE: dict[str, Any] = {"theme": "dark", "time_zone": "Europe/Vienna", "lists": {"devices": VIEW, "alerts": None}}
PREFERENCES: dict[str, Any] = {
    "time_zone": "Europe/Vienna",
    "locale": "de-AT",
    "theme": "dark",
    "density": "comfortable",
    "start_page": "/devices",
    "pinned": [DEVICE_ID],
    "lists": {"devices": VIEW},
}
