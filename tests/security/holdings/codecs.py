"""What an organisation holds of device profiles and codecs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SCRIPT = "function decodeUplink(input) { return {data: {first: input.bytes[0]}}; }"


def make(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """A profile of the device's project with two versions of a codec, of which the first is named."""
    project_id = call("GET", f"/api/v2/devices/{device_id}")["project_id"]
    profile = call("POST", "/api/v2/profiles", {"name": f"{unique} profile", "project_id": project_id})
    versions = f"/api/v2/profiles/{profile['id']}/codec-versions"
    codecs = [call("POST", versions, {"script": f"{SCRIPT} // {unique}", "note": unique[:60]})["id"] for _ in range(2)]
    return {"profile_id": str(profile["id"]), "codec_id": str(codecs[0])}
