"""Examples of re-decodes for the documentation."""

from __future__ import annotations

from typing import Any

from penstock.api.v2.profiles.examples import PROFILE_ID

REDECODE_ID = "rdc_0c2k9fq7w3h8k"
REDECODE_PATH = {"redecode_id": REDECODE_ID}
QUEUED: dict[str, Any] = {
    "id": REDECODE_ID,
    "device_id": None,
    "profile_id": PROFILE_ID,
    "project_id": None,
    "from": "2026-04-01T00:00:00Z",
    "to": None,
    "only_failed": False,
    "state": "queued",
    "reason": "",
    "total": None,
    "done": 0,
    "changed": 0,
    "failed": 0,
    "skipped": 0,
    "author": "ada@example.org",
    "created_at": "2026-04-14T06:00:00Z",
    "started_at": None,
    "finished_at": None,
}
RUNNING = QUEUED | {
    "state": "running",
    "total": 72_000,
    "done": 30_720,
    "changed": 1_204,
    "failed": 3,
    "started_at": "2026-04-14T06:00:01Z",
}
CANCELLED = RUNNING | {"state": "cancelled", "finished_at": "2026-04-14T06:00:11Z"}
