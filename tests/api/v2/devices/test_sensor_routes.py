"""Sensors over HTTP: discovered by readings, declared, renamed."""

from __future__ import annotations

import httpx

from tests.api.v2.telemetry.posted import device, put
from tests.support.waiting import eventually


def test_sensors_are_discovered(api: httpx.Client) -> None:
    path = device(api, sensors=[{"key": "t", "name": "Temperature", "unit": "°C"}])
    put(api, path, {"data": {"t": 1.5, "n": 3, "ok": True, "s": "x", "a": {"b": {"c": 1}}, "list": [1], "none": None}})
    assert eventually(lambda: len(api.get(f"{path}/sensors").json()["data"]) >= 5)
    found = api.get(f"{path}/sensors").json()["data"]
    assert {one["key"]: one["value_type"] for one in found} == {
        "t": "float",
        "n": "integer",
        "ok": "boolean",
        "s": "string",
        "a.b.c": "integer",
    }
    assert api.get(f"{path}/sensors/t").json()["declared"] is True
    assert api.patch(f"{path}/sensors/a.b.c", json={"unit": "bar"}).json()["declared"] is True
