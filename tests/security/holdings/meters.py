"""What an organisation says of a meter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def make_meter(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """The device counts in litres, which is not the usual unit. It adds no ids."""
    call("PUT", f"/api/v2/devices/{device_id}/meter", {"field": "consumption_m3", "unit": "l", "role": "leaf"})
    return {}
