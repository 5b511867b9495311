"""Examples for the documentation of SiliconWit's API: one device, used in all of them."""

from __future__ import annotations

from typing import Any

DEVICE_ID = "dev_0c2k9fq7w3m1x"
DEVICE_PATH = {"device_id": DEVICE_ID}
DEVICE: dict[str, Any] = {
    "id": DEVICE_ID,
    "name": "Cold room 2",
    "type": "sensor",
    "description": "Behind the second door",
    "status": "active",
    "settings": {},
    "last_seen": "2026-05-02T09:15:04Z",
    "created_at": "2026-04-14T06:00:00Z",
    "updated_at": "2026-04-14T06:00:00Z",
}
DEVICES = {"data": [DEVICE], "pagination": {"total": 12, "limit": 1, "offset": 0}}
READING: dict[str, Any] = {
    "id": "tel_000000000001k",
    "time": "2026-05-02T09:15:04Z",
    "data": {"temperature": 4.8, "humidity": 71},
}
HISTORY = {
    "data": [
        READING,
        {"id": "tel_000000000001f", "time": "2026-05-02T09:00:04Z", "data": {"temperature": 4.6, "humidity": 70}},
    ],
    "query": {
        "device_id": DEVICE_ID,
        "requested_range": "30d",
        "range": "7d",
        "limit": 2,
        "data_retention_days": 7,
    },
}
ALERT_ID = "alert_0c2k9fq7w4a1c"
ALERT_PATH = {"alert_id": ALERT_ID}
ALERT: dict[str, Any] = {
    "id": ALERT_ID,
    "device_id": DEVICE_ID,
    "name": "Too warm",
    "condition": {"field": "temperature", "operator": ">", "value": 6},
    "actions": ["email"],
    "severity": "warning",
    "enabled": True,
    "cooldown": 300,
    "last_triggered": "2026-05-02T09:15:04Z",
    "created_at": "2026-04-14T06:00:00Z",
    "updated_at": "2026-04-14T06:00:00Z",
}
ALERTS = {"data": [ALERT], "pagination": {"total": 3, "limit": 1, "offset": 0}}
ALERT_HISTORY = {
    "data": [
        {
            "id": "evt_0c2k9fq7w4b2d",
            "device_id": DEVICE_ID,
            "condition_value": 7.4,
            "severity": "warning",
            "acknowledged": False,
            "acknowledged_at": None,
            "triggered_at": "2026-05-02T09:15:04Z",
        }
    ]
}
USAGE = {
    "data": {
        "plan": {
            "plan": "starter",
            "status": "active",
            "device_limit": 15,
            "data_retention_days": 90,
            "current_period_start": "2026-05-01T00:00:00Z",
            "current_period_end": "2026-06-01T00:00:00Z",
        },
        "devices": {"total": 12, "active": 11, "paused": 1, "limit": 15},
        "telemetry": {"data_points_24h": 2304},
        "alerts": {"total": 3, "active": 2},
    }
}
KEYS = {
    "data": [
        {
            "id": "key_0c2k9fq7w3c2k",
            "key_prefix": "psk_7Qb1",
            "name": "Reports",
            "last_used_at": "2026-05-02T09:15:00Z",
            "created_at": "2026-04-14T06:00:00Z",
            "revoked_at": None,
        }
    ]
}
