"""Two alarms of the device: it was tampered with, and its battery is low."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.waiting import awaited


def make_meter_alarm(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """The value of the path parameter that names one of them. The device gets settings, which make it a meter."""
    call("PUT", f"/api/v2/devices/{device_id}/meter/alarm-settings", {"tamper": {"fields": [f"{unique}-tamper"]}})
    call("POST", f"/api/v2/devices/{device_id}/telemetry", {"data": {f"{unique}-tamper": True, "battery": 2.1}})
    found = awaited(lambda: call("GET", f"/api/v2/meter-alarms?device_id={device_id}")["data"][1:])
    return {"alarm_id": found[0]["id"]}
