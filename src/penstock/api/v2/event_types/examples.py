"""Examples of event types for the documentation."""

from __future__ import annotations

from typing import Any

PROJECT_ID = "prj_0c2k9fq7w3b7h"
ONE_PATH = {"event_type_id": "ety_0c2k9fq7w3c2d"}
FIELD: dict[str, Any] = {"name": "level", "type": "enum", "values": ["low", "high"]}
NEW = {"project_id": PROJECT_ID, "name": "ALARM", "description": "The pump's pressure left its bounds", "fields": [FIELD]}
REST = {
    "description": "",
    "required": False,
    "default": None,
    "minimum": None,
    "maximum": None,
    "min_length": None,
    "max_length": None,
}
SHOWN: dict[str, Any] = {
    "id": ONE_PATH["event_type_id"],
    **NEW,
    "fields": [FIELD | REST],
    "format": {"ALARM": {"level": "<low|high>"}},
    "created_at": "2026-04-14T06:00:00Z",
    "updated_at": "2026-04-14T06:00:00Z",
}
