"""What an organisation holds of device profiles and codecs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SCRIPT = "function decodeUplink(input) { return {data: {first: input.bytes[0]}}; }"


def make(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """Two profiles of the device's project, the last of which has two versions of a codec; the first of them is named."""
    project_id = call("GET", f"/api/v2/devices/{device_id}")["project_id"]
    wanted = {"project_id": project_id, "device_type": "water_meter"}
    for number in range(2):
        profile = call("POST", "/api/v2/profiles", wanted | {"name": f"{unique} profile {number}"})
    versions = f"/api/v2/profiles/{profile['id']}/codec-versions"
    codecs = [call("POST", versions, {"script": f"{SCRIPT} // {unique}", "note": unique[:60]})["id"] for _ in range(2)]
    return {"profile_id": str(profile["id"]), "codec_id": str(codecs[0])}
