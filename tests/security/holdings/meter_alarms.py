"""Two alarms of the device: it was tampered with, and its battery is low."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.waiting import awaited


def make_meter_alarm(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """The value of the path parameter that names one of them. The device gets settings, which make it a meter.

    Both are about a sensor that the device has: a new one would be listed a moment later.
    """
    sensor = f"{unique.rpartition('-')[0]}_own"
    settings = {"tamper": {"fields": [sensor]}, "low_battery": {"fields": [sensor]}}
    call("PUT", f"/api/v2/devices/{device_id}/meter/alarm-settings", settings)
    call("POST", f"/api/v2/devices/{device_id}/telemetry", {"data": {sensor: 1}})
    found = awaited(lambda: call("GET", f"/api/v2/meter-alarms?device_id={device_id}")["data"][1:])
    return {"alarm_id": found[0]["id"]}
