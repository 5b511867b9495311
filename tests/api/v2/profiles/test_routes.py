"""Device profiles over the native API, and readings by a profile's codec."""

from __future__ import annotations

import secrets

import httpx

from tests.api.v2.profiles.saved import DEVICES, PROFILES, created, saved
from tests.support.server import RunningServer
from tests.support.waiting import eventually


def test_a_profile_is_made_shown_changed_and_deleted(api: httpx.Client) -> None:
    sensors = [{"key": "volume", "name": "Volume", "unit": "m³", "value_type": "float", "decimals": 3}]
    profile = created(api, model="UW-20", expected_interval_s=3600, sensors=sensors)
    path = f"{PROFILES}/{profile['id']}"
    assert (profile["sensors"], profile["codec_id"]) == (sensors, None)
    assert api.get(path).json() == profile
    changed = api.patch(path, json={"description": "From 2026 on"}).json()
    assert changed == profile | {"description": "From 2026 on", "updated_at": changed["updated_at"]}
    assert api.patch(path, json={"expected_interval_s": None}).json()["expected_interval_s"] is None
    twice = api.patch(path, json={"sensors": sensors * 2})
    assert (twice.status_code, twice.json()["errors"][0]["field"]) == (400, "sensors[1].key")
    assert api.delete(path).status_code == 204
    for answer in (api.get(path), api.delete(path), api.patch(path, json={}), api.get(f"{path}/codec-versions")):
        assert (answer.status_code, answer.json()["code"]) == (404, "profiles.not_found")


def test_profiles_are_filtered_and_come_by_pages(api: httpx.Client) -> None:
    kind, project = secrets.token_hex(6), api.post("/api/v2/projects", json={"name": "Meters"}).json()["id"]
    made = [created(api, device_type=kind, model=f"M-{n}%", project_id=project if n else None)["id"] for n in range(3)]

    def listed(**query: str) -> list[str]:
        return [one["id"] for one in api.get(PROFILES, params={"device_type": kind} | query).json()["data"]]

    assert listed() == made[::-1]
    assert listed(project_id=project) == made[:0:-1]
    assert listed(q="M-1%") == [made[1]]
    first = api.get(PROFILES, params={"device_type": kind, "limit": "2"}).json()
    assert listed(cursor=first["next_cursor"]) == [made[0]]


def test_an_uplink_over_http_has_the_values_of_its_profile_s_codec(api: httpx.Client, server: RunningServer) -> None:
    profile = created(api)
    saved(api, profile)
    eui = secrets.token_hex(8)
    wanted = {"name": "Flat 12", "profile_id": profile["id"], "identifiers": [{"kind": "eui", "value": eui}]}
    device = api.post(DEVICES, json=wanted).json()["device"]
    path = f"{DEVICES}/{device['id']}"
    network = api.post("/api/v2/connections", json={"type": "chirpstack", "name": "Meters"}).json()["connection"]["id"]

    def said(data: str) -> None:
        body = {"deviceInfo": {"devEui": eui}, "deduplicationId": secrets.token_hex(8), "fPort": 10, "data": data}
        answer = api.post(f"/api/v2/ingest/{network}", params={"event": "up"}, json=body)
        assert answer.status_code == 200, answer.text

    said("AAABAg==")
    reading = api.get(f"{path}/telemetry/latest").json()["data"]["data"]
    assert reading["cumulativeFlowM3"] == 0.258
    assert reading["lorawan"]["codec"]["warnings"] == ["battery is low"]
    said("AA==")
    reading = api.get(f"{path}/telemetry/latest").json()["data"]["data"]
    assert (list(reading), reading["lorawan"]["data"]) == (["lorawan"], "AA==")
    assert eventually(lambda: api.get(path).json()["malformed"] is not None)
    assert api.get(path).json()["malformed"]["last_reason"] == "codec: too short"


def test_a_profile_in_use_cannot_be_deleted(api: httpx.Client) -> None:
    profile = created(api)
    device = api.post(DEVICES, json={"name": "Flat 12", "profile_id": profile["id"]}).json()["device"]
    answer = api.delete(f"{PROFILES}/{profile['id']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "profiles.in_use")
    found = api.get(DEVICES, params={"profile_id": profile["id"]}).json()["data"]
    assert [one["id"] for one in found] == [device["id"]]
    path = f"{DEVICES}/{device['id']}"
    assert api.patch(path, json={"name": "Flat 13"}).json()["profile_id"] == profile["id"], "left out is not null"
    assert api.patch(path, json={"profile_id": None}).json()["profile_id"] is None
    assert api.delete(f"{PROFILES}/{profile['id']}").status_code == 204
    gone = api.patch(path, json={"profile_id": profile["id"]})
    assert (gone.status_code, gone.json()["code"]) == (404, "profiles.not_found")
