"""Examples of commands for the documentation: one command of one device, requested once."""

from __future__ import annotations

from typing import Any

from penstock.api.v2.devices.examples import DEVICE_ID, DEVICE_PATH

COMMAND_ID = "def_0c2k9fq7w3d5m"
EXECUTION_ID = "cmd_0c2k9fq7w3e8t"
COMMAND_PATH = {"definition_id": COMMAND_ID}
DEVICE_COMMAND_PATH = DEVICE_PATH | COMMAND_PATH
EXECUTION_PATH = {"execution_id": EXECUTION_ID}
_SECONDS: dict[str, Any] = {"name": "seconds", "type": "integer", "required": True, "minimum": 1, "maximum": 86_400}
NEW_COMMAND: dict[str, Any] = {
    "name": "set_interval",
    "description": "How often to measure",
    "parameters": [_SECONDS],
    "verification": "acknowledgement",
    "timeout_s": 60,
    "repeatable": True,
}
COMMAND: dict[str, Any] = {
    "id": COMMAND_ID,
    "device_id": DEVICE_ID,
    "device_type": None,
    "project_id": None,
    "name": "set_interval",
    "description": "How often to measure",
    "parameters": [_SECONDS | {"description": "", "default": None, "min_length": None, "max_length": None, "values": []}],
    "transport": "any",
    "verification": "acknowledgement",
    "timeout_s": 60,
    "repeatable": True,
    "created_at": "2026-04-14T06:00:00Z",
    "updated_at": "2026-04-14T06:00:00Z",
}
EXECUTION: dict[str, Any] = {
    "id": EXECUTION_ID,
    "device_id": DEVICE_ID,
    "definition_id": COMMAND_ID,
    "name": "set_interval",
    "parameters": {"seconds": 30},
    "state": "queued",
    "status": "Pending",
    "reason": "requested",
    "transport": "any",
    "sent_by": None,
    "verification": "acknowledgement",
    "repeatable": True,
    "hand_outs": 0,
    "progress": None,
    "result": None,
    "error": None,
    "created_by": "key_0c2k9fq7w3c2k",
    "created_at": "2026-05-02T09:15:04Z",
    "expires_at": "2026-05-03T09:15:04Z",
    "sent_at": None,
    "received_at": None,
    "finished_at": None,
}
DONE: dict[str, Any] = EXECUTION | {
    "state": "done",
    "status": "Confirmed",
    "reason": "the device reported that it is done",
    "sent_by": "http",
    "hand_outs": 1,
    "result": {"seconds": 30},
    "sent_at": "2026-05-02T09:16:00Z",
    "received_at": "2026-05-02T09:16:00Z",
    "finished_at": "2026-05-02T09:16:01Z",
}
HISTORY: list[dict[str, Any]] = [
    {"state": "queued", "at": "2026-05-02T09:15:04Z", "reason": "requested"},
    {"state": "sent", "at": "2026-05-02T09:16:00Z", "reason": "dispatched over http"},
    {"state": "received", "at": "2026-05-02T09:16:00Z", "reason": "fetched by the device"},
    {"state": "done", "at": "2026-05-02T09:16:01Z", "reason": "the device reported that it is done"},
]
QUEUE: dict[str, Any] = {"device_id": DEVICE_ID, "one_at_a_time": True, "queued": 2, "under_way": 1}
