"""Settings of alarms over HTTP: of a device and of its profile."""

from __future__ import annotations

import secrets

import httpx
import pytest

USUAL = {"enabled": True, "hours": 24}


@pytest.fixture
def meter(api: httpx.Client) -> tuple[str, str]:
    """The paths of the settings of a device, and of its profile."""
    profile = api.post("/api/v2/profiles", json={"name": f"p-{secrets.token_hex(4)}"}).json()["id"]
    made = api.post("/api/v2/devices", json={"name": "m", "profile_id": profile}).json()["device"]["id"]
    return f"/api/v2/devices/{made}/meter/alarm-settings", f"/api/v2/profiles/{profile}/meter/alarm-settings"


def test_a_device_s_settings_come_before_its_profile_s(api: httpx.Client, meter: tuple[str, str]) -> None:
    own, of_profile = meter
    assert (found := api.get(own).json())["own"] == {}
    assert found["effective"]["continuous_flow"] == USUAL
    assert found["effective"].keys() == {"continuous_flow", "burst", "back_flow", "frozen", "low_battery", "tamper"}
    wanted = {"continuous_flow": {"hours": 12}, "burst": {"flow": 1.5}}
    assert api.put(of_profile, json=wanted).json()["own"] == wanted == api.get(of_profile).json()["own"]
    assert api.get(own).json()["effective"]["continuous_flow"] == {"enabled": True, "hours": 12}
    answer = api.put(own, json={"continuous_flow": {"hours": 6, "enabled": False}})
    assert (answer.status_code, answer.json()["effective"]["continuous_flow"]) == (200, {"enabled": False, "hours": 6})
    assert answer.json()["effective"]["burst"] == {"enabled": True, "flow": 1.5}
    assert api.put(own, json={}).json() == api.get(own).json()
    assert api.get(own).json()["effective"]["continuous_flow"]["hours"] == 12


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"leak": {}}, "leak"),
        ({"continuous_flow": {"hours": 0}}, "continuous_flow.hours"),
        ({"burst": {"flow": -1}}, "burst.flow"),
        ({"burst": {"flow": "much"}}, "burst.flow"),
        ({"tamper": {"fields": []}}, "tamper.fields"),
        ({"low_battery": {"volts": 9}}, "low_battery.volts"),
    ],
)
def test_wrong_settings_are_named(api: httpx.Client, meter: tuple[str, str], body: object, field: str) -> None:
    for path in meter:
        answer = api.put(path, json=body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_the_change_is_in_the_audit_log(api: httpx.Client, meter: tuple[str, str]) -> None:
    api.put(meter[0], json={"frozen": {"days": 3}})
    (entry,) = api.get("/api/v2/logs", params={"action": "meter.alarm_settings", "limit": "1"}).json()["data"]
    assert entry["details"] == {"before": {}, "after": {"frozen": {"days": 3}}}
