"""A device whose readings are quarantined or were delivered before has not fallen silent."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from tests.support.waiting import awaited


@pytest.mark.parametrize("kind", ["quarantined", "duplicate"])
def test_a_device_that_transmits_is_seen_and_ends_its_silence(api: httpx.Client, kind: str) -> None:
    device = api.post("/api/v2/devices", json={"name": "Meter"}).json()["device"]["id"]
    path = f"/api/v2/devices/{device}/telemetry"
    time_s = time.time() + (7_200 if kind == "quarantined" else 0)
    reading = {"data": {"t": 1}, "time": time_s, "dedupe_key": "first"}
    if kind == "duplicate":
        api.post(path, json=reading).raise_for_status()
    condition = {"type": "no_data", "after_s": 1}
    api.post(
        "/api/v2/alerts", json={"name": "Silent", "target": {"devices": [device]}, "condition": condition}
    ).raise_for_status()

    def events(state: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = api.get("/api/v2/alert-events", params={"device_id": device, "state": state}).json()["data"]
        return found

    (raised,) = awaited(lambda: events("raised"))
    sent = api.post(path, json=reading).raise_for_status().json()
    assert sent["status"] == kind
    (cleared,) = awaited(lambda: events("cleared"))[-1:]
    assert (cleared["id"], cleared["clear_reason"]) == (raised["id"], "condition")
    shown = awaited(lambda: (one := api.get(f"/api/v2/devices/{device}").json())["last_seen_at"] and one)
    assert shown["connectivity"] == "online"
    assert shown["last_seen_at"] >= raised["raised_at"]
