"""Examples of profiles for the documentation."""

from __future__ import annotations

from typing import Any

from penstock.api.v2.meters.examples import REGISTER

PROFILE_ID = "prf_0c2k9fq7w3p1f"
PROFILE_PATH = {"profile_id": PROFILE_ID}
NEW_PROFILE: dict[str, Any] = {
    "name": "Ultrasonic meter",
    "device_type": "water_meter",
    "model": "UW-20",
    "expected_interval_s": 3600,
    "sensors": [{"key": "volume", "name": "Volume", "unit": "m³", "value_type": "float", "decimals": 3}],
    "registers": [{"field": "volume", "unit": "m3", "rolls_over_at": 100_000}],
}
PROFILE: dict[str, Any] = {
    "id": PROFILE_ID,
    "project_id": "prj_0c2k9fq7w3b7h",
    "name": "Ultrasonic meter",
    "device_type": "water_meter",
    "model": "UW-20",
    "description": "",
    "expected_interval_s": 3600,
    "sensors": NEW_PROFILE["sensors"],
    "codec_id": "cdc_0c2k9fq7w3d4c",
    "created_at": "2026-04-14T06:00:00Z",
    "updated_at": "2026-04-14T06:00:00Z",
    "registers": [REGISTER | {"sources": [{"field": "volume", "unit": "m3"}]}],
}
