"""Sensor templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def make_sensor_template(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    wanted = {"name": f"{unique} template", "key": f"{unique}_key", "unit": "bar"}
    return {"template_id": str(call("POST", "/api/v2/sensor-templates", wanted)["id"])}
