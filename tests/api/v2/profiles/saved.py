"""Profiles, and scripts saved to them."""

from __future__ import annotations

from typing import Any

import httpx

PROFILES, PREVIEW, DEVICES = "/api/v2/profiles", "/api/v2/codecs/preview", "/api/v2/devices"

SCRIPT = """
function decodeUplink(input) {
  console.log('bytes', input.bytes.length);
  if (input.bytes.length < 4) return {errors: ['too short']};
  return {data: {cumulativeFlowM3: (input.bytes[2] * 256 + input.bytes[3]) / 1000}, warnings: ['battery is low']};
}
function encodeDownlink(input) { return {fPort: 3, bytes: [input.data.minutes]}; }
function decodeDownlink(input) { return {data: {minutes: input.bytes[0], port: input.fPort}}; }
"""


def created(api: httpx.Client, **fields: Any) -> dict[str, Any]:
    answer = api.post(PROFILES, json={"name": "Ultrasonic meter"} | fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def saved(api: httpx.Client, profile: dict[str, Any], script: str = SCRIPT, note: str = "") -> dict[str, Any]:
    answer = api.post(f"{PROFILES}/{profile['id']}/codec-versions", json={"script": script, "note": note})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found
