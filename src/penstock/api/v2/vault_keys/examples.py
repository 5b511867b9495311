"""Examples of keys for the documentation."""

from __future__ import annotations

from typing import Any

KEYS: dict[str, Any] = {
    "current": 2,
    "versions": [
        {"version": 1, "created_at": "2026-04-14T06:00:00Z"},
        {"version": 2, "created_at": "2027-04-14T06:00:03Z"},
    ],
    "stale_values": 1834,
    "shredded_up_to": None,
    "shredded_at": None,
    "master": "file",
}
SHREDDED: dict[str, Any] = KEYS | {
    "current": 0,
    "versions": [],
    "stale_values": 0,
    "shredded_up_to": 2,
    "shredded_at": "2027-05-02T11:20:41Z",
}
