"""Examples of codecs for the documentation."""

from __future__ import annotations

from typing import Any

from penstock.api.v2.profiles.examples import PROFILE_ID, PROFILE_PATH

VERSION_PATH = PROFILE_PATH | {"codec_id": "cdc_0c2k9fq7w3d4c"}
SCRIPT = (
    "function decodeUplink(input) {\n  var b = input.bytes;\n"
    "  return {data: {volume: ((b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3]) >>> 0) / 1000}};\n}"
)
LISTED: dict[str, Any] = {
    "id": "cdc_0c2k9fq7w3d4c",
    "profile_id": PROFILE_ID,
    "number": 3,
    "functions": ["decodeUplink"],
    "note": "Volume in m³",
    "author": "ada@example.org",
    "restored_from": None,
    "created_at": "2026-04-14T06:00:00Z",
    "script": None,
}
SHOWN = LISTED | {"script": SCRIPT}
