"""A stored reading, whose values a preview of an expression can use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.waiting import awaited


def make_reading(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """The value of the field that names a reading."""
    path = f"/api/v2/devices/{device_id}/telemetry"
    call("POST", path, {"data": {"previewed": len(unique)}})
    # The sensor is discovered shortly afterwards, and nothing may change later.
    sensors = f"/api/v2/devices/{device_id}/sensors"
    awaited(lambda: [one for one in call("GET", sensors)["data"] if one["key"] == "previewed"])
    found = call("GET", path)["data"]
    return {"reading_id": next(one["id"] for one in found if "previewed" in one["data"])}
