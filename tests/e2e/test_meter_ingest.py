"""One meter's month through every door for readings: the same days, whatever the network server calls the counter."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import httpx
import pytest

TIMES = ("2026-05-01T12:00:00Z", "2026-05-02T12:00:00Z", "2026-05-03T06:00:00Z", "2026-05-03T18:00:00Z")
CUBIC_METRES = (184.327, 184.9276, 185.0, 197.3456)
DAYS = [(0, "partial"), (0.6006, "measured"), (12.418, "measured")]
RANGE = {"from": "2026-05-01T00:00:00Z", "to": "2026-05-04T00:00:00Z", "estimate": "false"}


def in_cubic_metres(value: float) -> float:
    return value


def in_litres(value: float) -> float:
    return round(value * 1000, 1)


FIELDS: dict[str, Callable[[float], float]] = {
    "cumulativeFlowM3": in_cubic_metres,
    "water": in_cubic_metres,
    "consumption_m3": in_cubic_metres,
    "cumulativeFlow": in_litres,
}


def uplink(eui: str, time: str, number: int, values: dict[str, Any]) -> dict[str, Any]:
    return {"deviceInfo": {"devEui": eui, "deviceName": "Flat 12"}, "time": time, "fCnt": number, "object": values}


def through_connection(api: httpx.Client, eui: str, device_id: str, rows: list[tuple[str, dict[str, Any]]]) -> None:
    made = api.post("/api/v2/connections", json={"name": f"c-{eui}", "type": "chirpstack"}).raise_for_status().json()
    headers = {"X-Connection-Secret": made["secret"]}
    path = f"/api/v2/ingest/{made['connection']['id']}"
    for number, (time, values) in enumerate(rows):
        answer = api.post(path, params={"event": "up"}, json=uplink(eui, time, number, values), headers=headers)
        assert (answer.status_code, answer.json()["status"]) == (200, "stored"), answer.text


def through_the_vendor_s_door(api: httpx.Client, eui: str, device_id: str, rows: list[tuple[str, dict[str, Any]]]) -> None:
    for number, (time, values) in enumerate(rows):
        answer = api.post("/api/v1/ingest/water-consumption?event=up", json=uplink(eui, time, number, values))
        assert answer.status_code == 200, answer.text


def through_telemetry(api: httpx.Client, eui: str, device_id: str, rows: list[tuple[str, dict[str, Any]]]) -> None:
    body = [{"device_id": device_id, "time": time, "data": values} for time, values in rows]
    api.post("/api/v2/telemetry", json=body).raise_for_status()


DOORS = (through_connection, through_the_vendor_s_door, through_telemetry)


@pytest.mark.parametrize("field", FIELDS)
def test_a_meter_counts_the_same_through_every_door(api: httpx.Client, field: str) -> None:
    for door in DOORS:
        eui = secrets.token_hex(8)
        body = {"name": eui, "identifiers": [{"kind": "eui", "value": eui}]}
        device_id = api.post("/api/v2/devices", json=body).raise_for_status().json()["device"]["id"]
        door(
            api, eui, device_id, [(time, {field: FIELDS[field](value)}) for time, value in zip(TIMES, CUBIC_METRES, strict=True)]
        )

        found = api.get(f"/api/v2/devices/{device_id}/consumption", params=RANGE).raise_for_status().json()
        assert found["unit"] == "m3"
        assert [(row["consumption"], row["quality"]) for row in found["data"]] == DAYS, door.__name__
