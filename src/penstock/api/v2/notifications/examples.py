"""Examples of notifications for the documentation."""

from __future__ import annotations

from typing import Any

from penstock.kit.secret import MASK

CHANNEL: dict[str, Any] = {
    "id": "chn_0c2k9fq7w3h1n",
    "name": "operations",
    "kind": "slack",
    "target": f"https://hooks.slack.com/{MASK}x7Qd",
    "secret_references": {},
    "last_sent_at": "2026-05-02T09:15:04Z",
    "failures": 0,
    "last_error": None,
    "last_error_at": None,
    "created_at": "2026-04-14T06:00:00Z",
    "updated_at": "2026-04-14T06:00:00Z",
}
CHANNEL_PATH = {"channel_id": CHANNEL["id"]}
CHANNEL_URL = "https://hooks.slack.com/services/T00000000/B00000000/x7Qdx7Qdx7Qdx7Qdx7Qdx7Qd"
NIGHT: dict[str, Any] = {
    "time_zone": "Europe/Berlin",
    "from": "22:00",
    "to": "06:30",
    "days": [1, 2, 3, 4, 5, 6, 7],
    "breaks_through": "critical",
}
NO_QUIET_HOURS: dict[str, Any] = {
    "enabled": False,
    "time_zone": None,
    "from": None,
    "to": None,
    "days": [],
    "breaks_through": None,
}
