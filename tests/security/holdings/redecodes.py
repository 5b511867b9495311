"""What an organisation holds of re-decodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SCRIPT = "function decodeUplink(input) { return {data: {length: input.bytes.length}}; }"


def make(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """A codec for the device, and a re-decode of it that was cancelled, so that others can be started."""
    project_id = call("GET", f"/api/v2/devices/{device_id}")["project_id"]
    profile = call("POST", "/api/v2/profiles", {"name": f"{unique} re-decoded", "project_id": project_id})
    call("POST", f"/api/v2/profiles/{profile['id']}/codec-versions", {"script": SCRIPT})
    call("PATCH", f"/api/v2/devices/{device_id}", {"profile_id": profile["id"]})
    redecode_id = str(call("POST", "/api/v2/redecodes", {"device_id": device_id})["id"])
    call("POST", f"/api/v2/redecodes/{redecode_id}/cancel")
    return {"redecode_id": redecode_id}
