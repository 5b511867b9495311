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


def test_decimals_are_set_cleared_and_copied(api: httpx.Client) -> None:
    path = device(api, sensors=[{"key": "t", "decimals": 1}])
    assert api.get(f"{path}/sensors/t").json()["decimals"] == 1
    assert api.patch(f"{path}/sensors/t", json={"decimals": 0}).json()["decimals"] == 0
    assert api.patch(f"{path}/sensors/t", json={"unit": "K"}).json()["decimals"] == 0
    assert api.patch(f"{path}/sensors/t", json={"decimals": None}).json()["decimals"] is None
    for wrong in (-1, 10, 1.5, "2"):
        refused = api.patch(f"{path}/sensors/t", json={"decimals": wrong})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "decimals"), refused.text
    template = api.post("/api/v2/sensor-templates", json={"name": "Brine", "key": "brine", "decimals": 2}).json()
    declared = api.post(f"{path}/sensors", json={"template_id": template["id"]}).json()
    assert (template["decimals"], declared["decimals"]) == (2, 2)
    patched = api.patch(f"/api/v2/sensor-templates/{template['id']}", json={"decimals": None})
    assert patched.json()["decimals"] is None
    profile = {"name": "Has decimals", "sensors": [{"key": "volume", "decimals": 3}]}
    profile_id = api.post("/api/v2/profiles", json=profile).json()["id"]
    assert api.patch(path, json={"profile_id": profile_id}).status_code == 200
    assert api.get(f"{path}/sensors/volume").json()["decimals"] == 3
