"""Examples of meter alarms for the documentation."""

from __future__ import annotations

ALARM_PATH = {"alarm_id": "mal_0c2k9fq7w3a7m"}
OWN = {
    "id": "mal_0c2k9fq7w3a7m",
    "device_id": "dev_0c2k9fq7w3m1x",
    "device_name": "Flat 12",
    "kind": "continuous_flow",
    "state": "open",
    "message": "The flow does not stop: it is at least 4 L/h all the time. There may be a leak.",
    "since": "2026-05-01T08:00:00Z",
    "last_seen_at": "2026-05-02T09:00:00Z",
    "until": None,
    "value": 0.004,
    "threshold": 0.0,
    "unit": "m3/h",
}
ALARM = OWN | {
    "customer_id": "cus_0c2k9fq7w3c5d",
    "resident_id": "res_0c2k9fq7w3r8d",
    "register": "volume",
    "opened_at": "2026-05-02T08:00:31Z",
    "closed_at": None,
    "end_reason": None,
    "field": None,
    "acknowledged_at": None,
    "acknowledged_by": None,
    "note": None,
}
ACKNOWLEDGED = ALARM | {
    "acknowledged_at": "2026-05-02T09:15:04Z",
    "acknowledged_by": "usr_0c2k9fq7w3u2h",
    "note": "The plumber comes at noon",
}
SETTINGS = {"continuous_flow": {"hours": 12}, "burst": {"enabled": True, "flow": 1.5}, "tamper": {"fields": ["alarm.magnet"]}}
EFFECTIVE = {
    "own": SETTINGS,
    "effective": {
        "continuous_flow": {"enabled": True, "hours": 12},
        "burst": {"enabled": True, "flow": 1.5},
        "back_flow": {"enabled": True, "volume": 0.05},
        "frozen": {"enabled": True},
        "low_battery": {"enabled": True, "percent": 15.0, "volts": 3.0, "fields": ["battery_level", "battery"]},
        "tamper": {"enabled": True, "fields": ["alarm.magnet"]},
    },
}
