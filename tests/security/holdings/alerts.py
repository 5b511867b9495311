"""An alert that was raised for the device, and is again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.waiting import awaited


def make_alerts(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """The values of path parameters that name alerts and their events."""
    condition = {"type": "threshold", "field": "temperature", "operator": ">", "value": 60}
    wanted = {"name": f"{unique} alert", "target": {"devices": [device_id]}, "condition": condition}
    alert = call("POST", "/api/v2/alerts", wanted)["id"]
    for value in (99, 1, 98):
        call("POST", f"/api/v2/devices/{device_id}/telemetry", {"data": {"temperature": value}})
    found = awaited(lambda: call("GET", f"/api/v2/alerts/{alert}/history")["data"][1:])
    return {"alert_id": alert, "event_id": found[0]["id"]}
