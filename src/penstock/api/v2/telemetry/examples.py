"""Examples of readings and ranges for the documentation."""

from __future__ import annotations

from typing import Any

from penstock.api.v2.devices.examples import DEVICE_ID

READING: dict[str, Any] = {
    "id": "tel_000000000001k",
    "seq": 51,
    "device_id": DEVICE_ID,
    "time": "2026-05-02T09:15:04Z",
    "received_at": "2026-05-02T09:15:04.120Z",
    "kind": "telemetry",
    "channel": None,
    "backfill": False,
    "data": {"temperature": 21.5, "humidity": 40},
}
RANGE = {
    "requested_from": "2026-05-01T09:15:05Z",
    "requested_to": "2026-05-02T09:15:05Z",
    "from": "2026-05-01T09:15:05Z",
    "to": "2026-05-02T09:15:05Z",
    "retention_days": None,
}
