"""Examples of usage for the documentation."""

from __future__ import annotations

ROW = {
    "start": "2026-05-02T00:00:00Z",
    "id": "dev_0c2k9fq7w3m1x",
    "calls": 0,
    "readings": 1440,
    "data_points": 4320,
    "bytes": 61_920,
    "refused": 0,
    "webhooks": 0,
    "sms": 2,
}
OF_KEY = ROW | {
    "sms": 0,
    "id": "key_0c2k9fq7w3c2k",
    "calls": 871,
    "readings": 0,
    "data_points": 0,
    "bytes": 40_118,
    "refused": 12,
}
LEFT = {"limit": "plan_minute", "scope": "account", "count": 60, "window": "minute", "remaining": 57, "reset_s": 42}
REFUSED = {
    "hour": "2026-05-02T09:00:00Z",
    "limit": "plan_minute",
    "scope": "account",
    "subject": "key_0c2k9fq7w3c2k",
    "count": 12,
}
