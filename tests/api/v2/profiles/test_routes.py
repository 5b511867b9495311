"""Device profiles and their codecs over the native API."""

from __future__ import annotations

import secrets
from typing import Any

import httpx
import pytest

from tests.support.server import Org, RunningServer
from tests.support.waiting import eventually

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


def test_a_profile_is_made_shown_changed_and_deleted(api: httpx.Client) -> None:
    sensors = [{"key": "volume", "name": "Volume", "unit": "m³", "value_type": "float"}]
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


def test_each_save_is_a_version_that_stays(api: httpx.Client, acme: Org) -> None:
    profile = created(api)
    path = f"{PROFILES}/{profile['id']}/codec-versions"
    first, second = saved(api, profile, note="first"), saved(api, profile, "function Decoder(bytes, port) { return {}; }")
    assert (first["number"], first["functions"]) == (1, ["decodeUplink", "encodeDownlink", "decodeDownlink"])
    assert (second["number"], second["functions"]) == (2, ["Decoder"])
    assert first["author"], "whoever saved it"
    third = api.post(f"{path}/{first['id']}/restore", json={"note": "back"}).json()
    assert (third["number"], third["restored_from"], third["script"], third["note"]) == (3, 1, SCRIPT, "back")
    assert api.get(f"{PROFILES}/{profile['id']}").json()["codec_id"] == third["id"]
    assert api.get(f"{path}/{first['id']}").json() == first, "nothing changes a version"
    listed = api.get(path, params={"limit": "2"}).json()
    assert [(one["number"], one["script"]) for one in listed["data"]] == [(3, None), (2, None)]
    rest = api.get(path, params={"limit": "2", "cursor": listed["next_cursor"]}).json()
    assert [one["number"] for one in rest["data"]] == [1]
    assert api.delete(f"{PROFILES}/{profile['id']}/codec").status_code == 204
    assert api.get(f"{PROFILES}/{profile['id']}").json()["codec_id"] is None
    stranger = created(api)
    answer = api.get(f"{PROFILES}/{stranger['id']}/codec-versions/{first['id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "codecs.not_found"), "it is another profile's"
    acts = {row["action"] for row in api.get("/api/v2/logs", params={"limit": "1000"}).json()["data"]}
    assert {"profile.create", "codec.save", "codec.restore", "codec.remove"} <= acts


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("function decodeUplink(input) {", "SyntaxError"),
        ("var x = 1;", "must define decodeUplink"),
        ("while (true) {}", "it exceeded the time limit"),
        ("null.x; function decodeUplink() {}", "line 1"),
        ("x" * 262_145, "script"),
    ],
)
def test_what_cannot_be_loaded_is_not_saved(api: httpx.Client, script: str, says: str) -> None:
    profile = created(api)
    answer = api.post(f"{PROFILES}/{profile['id']}/codec-versions", json={"script": script})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "script"), answer.text
    assert says in answer.json()["detail"]
    assert api.get(f"{PROFILES}/{profile['id']}").json()["codec_id"] is None


def test_a_codec_is_tried_out_saved_or_not(api: httpx.Client) -> None:
    profile = created(api)
    none = api.post(PREVIEW, json={"profile_id": profile["id"]})
    assert (none.status_code, none.json()["code"]) == (422, "codecs.none")
    saved(api, profile)
    shown = {"data": {"cumulativeFlowM3": 0.258}, "bytes_hex": None, "f_port": None}
    for body in ({"profile_id": profile["id"], "bytes_hex": "00000102"}, {"script": SCRIPT, "bytes_base64": "AAABAg=="}):
        found = api.post(PREVIEW, json=body).json()
        assert found.pop("duration_ms") > 0
        assert found == shown | {"warnings": ["battery is low"], "errors": [], "logs": ["bytes 4"]}
    found = api.post(PREVIEW, json={"script": SCRIPT, "function": "encodeDownlink", "data": {"minutes": 10}}).json()
    assert (found["bytes_hex"], found["f_port"], found["data"]) == ("0a", 3, None)
    body = {"script": SCRIPT, "function": "decodeDownlink", "bytes_hex": "0a", "f_port": 3}
    assert api.post(PREVIEW, json=body).json()["data"] == {"minutes": 10, "port": 3}
    thrown = api.post(PREVIEW, json={"script": "function decodeUplink() {\n  throw new Error('no');\n}"}).json()
    assert thrown["errors"][0].startswith("Error: no (line 2")
    for wrong, field in (({}, "script"), ({"script": "x", "profile_id": profile["id"]}, "script")):
        answer = api.post(PREVIEW, json=wrong)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    for field, text in (("bytes_hex", "0"), ("bytes_hex", "zz"), ("bytes_base64", "A"), ("received_at", "today")):
        answer = api.post(PREVIEW, json={"script": SCRIPT, field: text})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


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
