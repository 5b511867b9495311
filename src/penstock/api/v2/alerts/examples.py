"""Examples of alerts for the documentation: one alert of one device, raised once."""

from __future__ import annotations

from typing import Any

from penstock.api.v2.devices.examples import DEVICE_ID

ALERT_ID = "alert_0c2k9fq7w4a1c"
EVENT_ID = "evt_0c2k9fq7w4b2d"
ALERT_PATH = {"alert_id": ALERT_ID}
EVENT_PATH = {"event_id": EVENT_ID}
NEW_ALERT: dict[str, Any] = {
    "name": "Too warm",
    "target": {"devices": [DEVICE_ID]},
    "condition": {"type": "threshold", "field": "temperature", "operator": ">", "value": 6},
    "severity": "critical",
    "for_s": 300,
    "hysteresis": 0.5,
    "cooldown_s": 900,
    "actions": [{"type": "email", "to": ["ada@example.org"]}],
}
ALERT: dict[str, Any] = {
    "id": ALERT_ID,
    "name": "Too warm",
    "description": "",
    "target": {"devices": [DEVICE_ID], "project_id": None, "labels": None, "all": False},
    "condition": {"type": "threshold", "field": "temperature", "operator": ">", "value": 6},
    "severity": "critical",
    "enabled": True,
    "for_s": 300,
    "max_gap_s": None,
    "hysteresis": 0.5,
    "n_of_m": None,
    "active_hours": None,
    "cooldown_s": 900,
    "auto_clear_s": None,
    "actions": [{"type": "email", "to": ["ada@example.org"], "on_clear": False, "subject": "", "text": ""}],
    "escalation": [],
    "backfill": False,
    "last_raised_at": "2026-05-02T09:15:04Z",
    "snoozed_until": None,
    "snoozed_by": None,
    "evaluation_errors": {"count": 0, "last_error": None, "last_at": None},
    "created_at": "2026-04-14T06:00:00Z",
    "updated_at": "2026-04-14T06:00:00Z",
}
EVENT: dict[str, Any] = {
    "id": EVENT_ID,
    "alert_id": ALERT_ID,
    "device_id": DEVICE_ID,
    "device_name": "Cold room",
    "name": "Too warm",
    "severity": "critical",
    "state": "raised",
    "value": 7.4,
    "reading_id": "tel_000000000001k",
    "time": "2026-05-02T09:15:04Z",
    "raised_at": "2026-05-02T09:15:04Z",
    "raised_received_at": "2026-05-02T09:15:04.120Z",
    "suppressed": 0,
    "escalated_at": [],
    "acknowledged_at": None,
    "acknowledged_by": None,
    "note": None,
    "cleared_at": None,
    "cleared_received_at": None,
    "cleared_by": None,
    "clear_reason": None,
    "clear_value": None,
    "clear_reading_id": None,
    "message": "",
    "rule_id": None,
    "run_id": None,
    "snoozed_until": None,
}
ACKNOWLEDGED = EVENT | {
    "state": "acknowledged",
    "acknowledged_at": "2026-05-02T09:20:00Z",
    "acknowledged_by": "usr_0c2k9fq7w3c4m",
    "note": "On my way",
}
CLEARED = ACKNOWLEDGED | {
    "state": "cleared",
    "cleared_at": "2026-05-02T09:40:00Z",
    "cleared_received_at": "2026-05-02T09:40:00Z",
    "cleared_by": "usr_0c2k9fq7w3c4m",
    "clear_reason": "manual",
}
MAINTENANCE: dict[str, Any] = {
    "device_id": DEVICE_ID,
    "active": True,
    "until": "2099-05-02T12:00:00Z",
    "reason": "New compressor",
    "created_by": "usr_0c2k9fq7w3c4m",
    "created_at": "2026-05-02T09:00:00Z",
}
PREVIEW: dict[str, Any] = {
    "device_id": DEVICE_ID,
    "condition": {"type": "threshold", "field": "temperature", "operator": ">", "value": 6},
    "for_s": 300,
    "hysteresis": 0.5,
    "range": "7d",
}
PREVIEWED: dict[str, Any] = {
    "from": "2026-04-25T12:00:00Z",
    "to": "2026-05-02T12:00:00Z",
    "evaluated_to": "2026-05-02T12:00:00Z",
    "readings": 2016,
    "raised": 1,
    "suppressed": 0,
    "times": [
        {
            "raised_at": "2026-05-02T09:15:04Z",
            "value": 7.4,
            "cleared_at": "2026-05-02T09:40:04Z",
            "clear_reason": "condition",
            "clear_value": 5.1,
        }
    ],
    "evaluation_errors": {"count": 0, "last_error": None, "last_at": None},
}
SNOOZE: dict[str, Any] = {
    "alert_id": ALERT_ID,
    "device_id": None,
    "until": "2026-05-02T13:20:00Z",
    "note": "Compressor is being replaced",
    "snoozed_by": "usr_0c2k9fq7w3c4m",
    "snoozed_at": "2026-05-02T09:20:00Z",
}
BULK = {"action": "acknowledge", "event_ids": [EVENT_ID], "note": "On my way"}
BULK_DONE = {"done": 1, "failed": 0, "data": [{"event_id": EVENT_ID, "done": True, "code": None, "detail": None}]}
SUMMARY = {"open": 3, "raised": 2, "acknowledged": 1, "by_severity": {"critical": 1, "warning": 2, "info": 0}}
