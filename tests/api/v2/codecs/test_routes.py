"""Codecs over HTTP: each save is a version, and a script can be tried out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.api.v2.profiles.saved import PREVIEW, PROFILES, SCRIPT, created, saved
from tests.support.server import Org


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


def test_a_preview_has_the_time_of_arrival_which_an_uplink_always_has(api: httpx.Client) -> None:
    script = "function decodeUplink(input) { return {data: {at: input.recvTime.toISOString()}}; }"
    before = datetime.now(UTC)
    shown = api.post(PREVIEW, json={"script": script}).json()
    assert shown["errors"] == []
    assert (
        before - timedelta(seconds=1) <= datetime.fromisoformat(shown["data"]["at"]) <= datetime.now(UTC) + timedelta(seconds=1)
    )
    chosen = api.post(PREVIEW, json={"script": script, "received_at": "2026-04-14T08:00:00+02:00"}).json()
    assert chosen["data"] == {"at": "2026-04-14T06:00:00.000Z"}
