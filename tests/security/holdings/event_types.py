"""Event types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def hold_event_type(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    project_id = call("GET", f"/api/v2/devices/{device_id}")["project_id"]
    wanted = {"project_id": project_id, "name": "ALARM", "description": f"{unique} event"}
    return {"event_type_id": call("POST", "/api/v2/event-types", wanted)["id"]}
