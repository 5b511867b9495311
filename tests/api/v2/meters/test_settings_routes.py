"""What a meter counts, over HTTP: of the device, of its profile, and after it was replaced."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.v2.meters.test_routes import amounts, consumption, device, send

AT = "2026-05-03T00:00:00Z"
COLD: dict[str, Any] = {"name": "cold", "field": "litres", "unit": "L"}
HEAT: dict[str, Any] = {"name": "heat", "kind": "heat", "field": "energy", "unit": "MJ"}


def put(api: httpx.Client, device_id: str, **body: Any) -> dict[str, Any]:
    answer = api.put(f"/api/v2/devices/{device_id}/meter", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_registers_are_set_shown_and_reset(api: httpx.Client) -> None:
    made = device(api)
    path = f"/api/v2/devices/{made}/meter"
    usual = api.get(path).json()
    assert (usual["source"], usual["field"], usual["unit"], usual["role"]) == ("default", "consumption_m3", "m3", "leaf")
    assert [one["field"] for one in usual["registers"][0]["sources"]] == [
        "consumption_m3",
        "cumulativeFlowM3",
        "water",
        "cumulativeFlow",
    ]
    set_ = put(api, made, role="principal", registers=[COLD, HEAT])
    assert set_ == api.get(path).json()
    assert (set_["source"], set_["field"], set_["unit"]) == ("device", "litres", "L")
    assert [(one["name"], one["kind"], one["unit"]) for one in set_["registers"]] == [
        ("cold", "volume", "L"),
        ("heat", "heat", "MJ"),
    ]
    assert put(api, made, registers=set_["registers"])["registers"] == set_["registers"]
    assert api.delete(path).status_code == 204
    assert api.get(path).json() == usual


def test_each_register_has_its_own_consumption(api: httpx.Client) -> None:
    made = device(api)
    rows = [
        {"time": f"2026-05-0{day}T12:00:00Z", "data": {"litres": 12_345.6 * day, "energy": 3.6 * day, "consumption_m3": 7}}
        for day in (1, 2)
    ]
    api.post(f"/api/v2/devices/{made}/telemetry", json=rows).raise_for_status()
    heat_in_kwh = {"name": "heat", "kind": "heat", "sources": [{"field": "energy", "unit": "MJ"}], "unit": "kWh"}
    put(api, made, registers=[COLD, heat_in_kwh])
    cold, heat = consumption(api, made, estimate="false"), consumption(api, made, estimate="false", register="heat")
    assert (cold["register"], cold["unit"], amounts(cold)[1]) == ("cold", "L", (12_345.6, "measured"))
    assert (heat["register"], heat["kind"], heat["unit"], amounts(heat)[1]) == ("heat", "heat", "kWh", (1, "measured"))
    wrong = api.get(f"/api/v2/devices/{made}/consumption", params={"register": "gas"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "register")
    assert "cold, heat" in wrong.text


def test_a_profile_says_what_its_meters_count(api: httpx.Client) -> None:
    register = {"field": "pulses", "unit": "L", "factor": 10, "rolls_over_at": 1000}
    profile = api.post("/api/v2/profiles", json={"name": "Pulse meter", "registers": [register]}).raise_for_status().json()
    assert (profile["registers"][0]["factor"], profile["registers"][0]["kind"]) == (10, "volume")
    made = device(api, ("2026-05-01T12:00:00Z", 990), ("2026-05-02T12:00:00Z", 15), field="pulses")
    api.patch(f"/api/v2/devices/{made}", json={"profile_id": profile["id"]}).raise_for_status()
    shown = api.get(f"/api/v2/devices/{made}/meter").json()
    assert (shown["source"], shown["registers"]) == ("profile", profile["registers"])
    found = consumption(api, made, estimate="false")
    assert (found["unit"], amounts(found)[1], found["events"][0]["kind"]) == ("L", (250, "measured"), "rollover")
    path = f"/api/v2/profiles/{profile['id']}"
    changed = api.patch(path, json={"registers": [register | {"factor": 1}]}).raise_for_status().json()
    assert changed == api.get(path).json()
    assert amounts(consumption(api, made, estimate="false"))[1] == (25, "measured")
    put(api, made, field="pulses", unit="m3", rolls_over_at=1000)
    assert consumption(api, made, estimate="false")["unit"] == "m3"
    wrong = api.patch(path, json={"registers": [register | {"unit": "kg"}]})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "registers[0].unit")


def test_a_meter_is_replaced_without_loss(api: httpx.Client) -> None:
    made = device(api, ("2026-05-01T12:00:00Z", 100), ("2026-05-02T12:00:00Z", 110))
    path = f"/api/v2/devices/{made}/meter/replacements"
    body = {"register": "volume", "at": AT, "last_value": 112.5, "first_value": "0.004", "serial": "8ZRI"}
    versions = api.post(path, json=body).raise_for_status().json()["registers"]
    assert [(one["from"], one["to"], one["serial"]) for one in versions] == [(None, AT, None), (AT, None, "8ZRI")]
    assert (versions[0]["last_value"], versions[1]["first_value"]) == (112.5, 0.004)
    send(api, made, ("2026-05-03T12:00:00Z", 1.004), ("2026-05-04T12:00:00Z", 3.004))
    found = consumption(api, made, bucket="month", estimate="false")
    assert (found["data"][0]["consumption"], found["events"]) == (15.5, [])
    for at in (AT, "2026-05-02T00:00:00Z"):
        again = api.post(path, json=body | {"at": at})
        assert (again.status_code, again.json()["code"]) == (409, "meters.replacement_overlaps")
    assert api.get(f"/api/v2/devices/{made}/meter").json()["registers"] == versions
    # Others of the organisation may be at work: an import that an earlier test began.
    entries = api.get("/api/v2/logs", params={"limit": "100"}).json()["data"]
    assert next(one["action"] for one in entries if one["target_id"] == made) == "meter.replace"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"registers": [COLD], "field": "x"}, "field"),
        ({"registers": [COLD, COLD]}, "registers[1].from"),
        ({"registers": []}, "registers"),
        ({"field": "energy", "unit": "bananas"}, "unit"),
        ({"registers": [COLD | {"factor": "1_0"}]}, "registers[0].factor"),
        ({"registers": [COLD | {"factor": True}]}, "registers[0].factor"),
        ({"registers": [COLD | {"rolls_over_at": 0}]}, "registers[0].rolls_over_at"),
        ({"registers": [COLD | {"checks": {"max_flow": "fast"}}]}, "registers[0].checks.max_flow"),
    ],
)
def test_the_field_at_fault_is_named(api: httpx.Client, body: dict[str, Any], field: str) -> None:
    answer = api.put(f"/api/v2/devices/{device(api)}/meter", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field), answer.text


def test_a_replacement_at_fault_is_refused(api: httpx.Client) -> None:
    path = f"/api/v2/devices/{device(api)}/meter/replacements"
    for body, field in (
        ({"register": "gas", "at": AT}, "register"),
        ({"register": "volume", "at": "soon"}, "at"),
        ({"register": "volume", "at": "2099-01-01T00:00:00Z"}, "at"),
        ({"register": "volume", "at": AT, "last_value": -1}, "last_value"),
    ):
        answer = api.post(path, json=body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field), answer.text
