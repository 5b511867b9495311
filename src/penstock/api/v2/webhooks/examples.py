"""Examples of webhooks for the documentation."""

from __future__ import annotations

from typing import Any

WEBHOOK_ID = "whe_0c2k9fq7w3w8h"
MESSAGE_ID = "msg_0c2k9fq7w3n5s"
WEBHOOK_PATH = {"webhook_id": WEBHOOK_ID}
MESSAGE_PATH = {"message_id": MESSAGE_ID}
NEW_WEBHOOK: dict[str, Any] = {
    "url": "https://hooks.example.org/penstock",
    "topics": ["reading.telemetry", "device.*"],
    "name": "Plant data",
    "headers": {"Authorization": "Bearer of-the-receiver"},
}
WEBHOOK: dict[str, Any] = {
    "id": WEBHOOK_ID,
    "organization_id": "org_0c2k9fq7w3a1b",
    "project_id": None,
    "name": "Plant data",
    "url": "https://hooks.example.org/penstock",
    "format": "standard",
    "topics": ["reading.telemetry", "device.*"],
    "filters": {"device_ids": [], "labels": {}, "actions": [], "channel": None, "origin": None, "condition": None},
    "headers": ["Authorization"],
    "secret_references": {},
    "ordered": False,
    "payload_only": False,
    "batch": None,
    "enabled": True,
    "disabled_reason": None,
    "failing_since": None,
    "failures": 0,
    "paused_until": None,
    "previous_secret_until": None,
    "evaluation_errors": {"count": 0, "last_error": None, "last_at": None},
    "created_at": "2026-05-02T09:00:00Z",
    "updated_at": "2026-05-02T09:00:00Z",
}
CREATED = {"webhook": WEBHOOK, "secret": "whsec_…"}
MESSAGE: dict[str, Any] = {
    "id": MESSAGE_ID,
    "webhook_id": WEBHOOK_ID,
    "topic": "device.offline",
    "status": "delivered",
    "attempts": 1,
    "last_status": 200,
    "created_at": "2026-05-02T09:15:04Z",
    "next_attempt_at": None,
    "settled_at": "2026-05-02T09:15:04.210Z",
    "payload": None,
}
ATTEMPT: dict[str, Any] = {
    "id": "att_0c2k9fq7w3t2k",
    "at": "2026-05-02T09:15:04.150Z",
    "latency_ms": 60.1,
    "status": 200,
    "error": None,
    "response": "ok",
}
