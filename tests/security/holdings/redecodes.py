"""What an organisation holds of re-decodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SCRIPT = "function decodeUplink(input) { return {data: {n: input.bytes.length}}; }"


def make(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """A re-decode of a device of the holding's project, whose profile has a codec."""
    project_id = call("GET", f"/api/v2/devices/{device_id}")["project_id"]
    profile = call("POST", "/api/v2/profiles", {"name": f"{unique} re-decoded", "project_id": project_id})
    call("POST", f"/api/v2/profiles/{profile['id']}/codec-versions", {"script": SCRIPT})
    wanted = {"name": f"{unique} re-decoded", "project_id": project_id, "profile_id": profile["id"]}
    device = call("POST", "/api/v2/devices", wanted)["device"]
    return {"redecode_id": str(call("POST", "/api/v2/redecodes", {"device_id": device["id"]})["id"])}
