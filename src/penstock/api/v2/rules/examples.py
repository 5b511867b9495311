"""Examples of rules for the documentation: one rule that sends a command at a high temperature."""

from __future__ import annotations

from typing import Any

from penstock.api.v2.devices.examples import DEVICE_ID

RULE_ID = "rul_0c2k9fq7w3f1a"
VERSION_ID = "rvn_0c2k9fq7w3f2b"
RUN_ID = "run_0c2k9fq7w3f3c"
HOOK_ID = "hok_0c2k9fq7w3f4d"
REHEARSAL_ID = "reh_0c2k9fq7w3f5e"
RULE_PATH = {"rule_id": RULE_ID}
VERSION_PATH = RULE_PATH | {"version_id": VERSION_ID}
_TRIGGER: dict[str, Any] = {"type": "reading", "sensors": ["temperature"]}
_ACTIONS: list[dict[str, Any]] = [
    {"type": "command", "command": "set_interval", "parameters": {"seconds": 10}},
    {"type": "label", "key": "state", "value": "{{ reading.values.temperature }} degrees"},
]
DEFINITION: dict[str, Any] = {"trigger": _TRIGGER, "condition": "reading.values.temperature > 30.0", "actions": _ACTIONS}
NEW_RULE: dict[str, Any] = {"name": "Too warm", "definition": DEFINITION, "note": "first try"}
WHOLE_DEFINITION: dict[str, Any] = {
    "trigger": _TRIGGER | {"device_ids": [], "device_type": "", "backfill": False},
    "windows": [],
    "condition": DEFINITION["condition"],
    "actions": [one | {"device_id": ""} for one in _ACTIONS],
}
VERSION: dict[str, Any] = {
    "id": VERSION_ID,
    "rule_id": RULE_ID,
    "number": 1,
    "name": "Version 1",
    "author": "key_0c2k9fq7w3c2k",
    "author_name": "backend",
    "note": "first try",
    "restored_number": None,
    "definition": WHOLE_DEFINITION,
    "created_at": "2026-05-02T09:15:04Z",
}
RULE: dict[str, Any] = {
    "id": RULE_ID,
    "name": "Too warm",
    "description": "",
    "state": "running",
    "reason": "",
    "running_version_id": VERSION_ID,
    "last_number": 1,
    "failures": 0,
    "next_at": None,
    "hook_id": None,
    "trashed_at": None,
    "evaluation_errors": {"count": 0, "last_error": None, "last_at": None},
    "created_at": "2026-05-02T09:15:04Z",
    "updated_at": "2026-05-02T09:15:04Z",
}
WITH_VERSION: dict[str, Any] = RULE | {"newest": VERSION}
COMPARISON: dict[str, Any] = {
    "before_number": 1,
    "after_number": 2,
    "differences": [
        {"path": "condition", "before": "reading.values.temperature > 30.0", "after": "reading.values.temperature > 28.0"}
    ],
}
HOOK: dict[str, Any] = {
    "hook_id": HOOK_ID,
    "path": f"/api/v2/hooks/{HOOK_ID}",
    "secret": "hks_7Qb1Zr1mB8xTq6LwYs2NdVhEp3KaUf9GiBo0",
    "warning": "copy the secret now, it is not shown again",
}
_INPUTS: dict[str, Any] = {
    "reading": {
        "id": "tel_0000000000b3k",
        "values": {"temperature": 31.5},
        "time": "2026-05-02T09:15:04Z",
        "received": "2026-05-02T09:15:04Z",
        "kind": "telemetry",
        "channel": "",
        "derived": False,
    }
}
RUN: dict[str, Any] = {
    "id": RUN_ID,
    "rule_id": RULE_ID,
    "version_id": VERSION_ID,
    "number": 1,
    "cause": "reading:11379",
    "device_id": DEVICE_ID,
    "outcome": "done",
    "reason": "",
    "inputs": _INPUTS,
    "results": [
        {"type": "command", "ok": True, "detail": "cmd_0c2k9fq7w3e8t"},
        {"type": "label", "ok": True, "detail": "state=31.5 degrees"},
    ],
    "at": "2026-05-02T09:15:04Z",
    "created_at": "2026-05-02T09:15:04.210Z",
    "finished_at": "2026-05-02T09:15:04.215Z",
    "duration_ms": 5.0,
}
REHEARSAL: dict[str, Any] = {
    "id": REHEARSAL_ID,
    "rule_id": RULE_ID,
    "version_id": VERSION_ID,
    "number": 1,
    "state": "done",
    "reason": "",
    "progress": 1.0,
    "read": 20160,
    "evaluated": 20160,
    "fired": 14,
    "failed": 0,
    "devices": 1,
    "by_device": [{"device_id": DEVICE_ID, "occasions": 14}],
    "from": "2026-04-25T00:00:00Z",
    "to": "2026-05-03T00:00:00Z",
    "by_time": [0] * 92 + [14] + [0] * 7,
    "first": [
        {
            "reading_id": "tel_0000000000b3k",
            "cause": "reading:11371",
            "device_id": DEVICE_ID,
            "at": "2026-05-02T09:15:04Z",
            "inputs": _INPUTS,
            "actions": [
                {"type": "command", "fields": {"command": "set_interval", "parameters": {"seconds": 10}}, "problem": ""},
                {"type": "label", "fields": {"key": "state", "value": "31.5 degrees"}, "problem": ""},
            ],
            "problem": "",
        }
    ],
    "started_at": "2026-05-03T08:00:00Z",
    "finished_at": "2026-05-03T08:00:00.600Z",
}
DOCUMENT: dict[str, Any] = {
    "name": "Too warm",
    "description": "",
    "definition": WHOLE_DEFINITION,
    "format": "penstock.rule/1",
}
RUN_PAGE = {"data": [RUN], "next_cursor": None}
