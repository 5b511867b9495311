"""What an organisation holds of connections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def make(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """Two connections with ChirpStack, the second of which told of two joins of the device."""
    device = call("GET", f"/api/v2/devices/{device_id}")
    eui = next(one["value"] for one in device["identifiers"] if one["kind"] == "eui")
    for number in range(2):
        made = call("POST", "/api/v2/connections", {"type": "chirpstack", "name": f"{unique} connection {number}"})
    connection_id = str(made["connection"]["id"])
    for number in range(2):
        join = {"deviceInfo": {"devEui": eui}, "deduplicationId": f"{unique} {number}", "devAddr": "01a4c37e"}
        call("POST", f"/api/v2/ingest/{connection_id}", join)
    return {"connection_id": connection_id}
