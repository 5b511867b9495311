"""Uplinks that the codec of a device profile decodes, by DataKubo's call."""

from __future__ import annotations

import secrets

import httpx

from tests.api.dialects.datakubo.conftest import INGEST
from tests.api.v2.profiles.test_routes import DEVICES, created, saved


def test_the_surface_reads_what_the_codec_made(api: httpx.Client, native: httpx.Client) -> None:
    profile = created(native)
    saved(native, profile)
    eui = secrets.token_hex(8)
    wanted = {"name": "Flat 12", "profile_id": profile["id"], "identifiers": [{"kind": "eui", "value": eui}]}
    device = native.post(DEVICES, json=wanted).json()["device"]
    body = {"deviceInfo": {"devEui": eui}, "deduplicationId": secrets.token_hex(8), "fPort": 10, "data": "AAABAg=="}
    answer = api.post(INGEST, params={"event": "up"}, json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"]["consumption_m3"] == 0.258
    reading = native.get(f"{DEVICES}/{device['id']}/telemetry/latest").json()["data"]["data"]
    assert (reading["cumulativeFlowM3"], reading["consumption_m3"]) == (0.258, 0.258)
