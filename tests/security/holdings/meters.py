"""What an organisation says of a meter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def make_meter(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """The device counts in litres, which is not the usual unit, and has values and edits.

    Its field is a sensor already, because nothing may change later.
    """
    call("PUT", f"/api/v2/devices/{device_id}/meter", {"field": "temperature", "unit": "l", "role": "leaf"})
    for number in range(2):
        call("POST", f"/api/v2/devices/{device_id}/telemetry", {"data": {"temperature": number}})
        body = {"kind": "add", "time": f"2026-05-01T12:00:0{number}Z", "value": number, "reason": f"{unique} read on site"}
        edit = call("POST", f"/api/v2/devices/{device_id}/meter/edits", body)
    return {"edit_id": str(edit["id"])}
