"""A device's life over the native API: made, found, changed, paused, re-keyed, deleted."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.api.v2.alerts.room import Room
from tests.support.server import Org, RunningServer

DEVICES = "/api/v2/devices"


def make(api: httpx.Client, **fields: Any) -> dict[str, Any]:
    answer = api.post(DEVICES, json={"name": "probe", **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def eui() -> str:
    return uuid.uuid4().hex[:16]


def report(api: httpx.Client, made: dict[str, Any], token: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token or made['access_token']}"}
    return httpx.post(api.base_url.join(f"{DEVICES}/{made['device']['id']}/telemetry"), json={"data": {"t": 1}}, headers=headers)


def test_the_token_is_shown_once(api: httpx.Client) -> None:
    made = make(api)
    shown = api.get(f"{DEVICES}/{made['device']['id']}")
    assert made["access_token"].startswith(shown.json()["access_token_prefix"])
    assert made["access_token"] not in shown.text + api.get(DEVICES).text


def test_lists_filter_and_page(api: httpx.Client) -> None:
    kind = f"k{uuid.uuid4().hex[:8]}"
    ids = [make(api, name=f"100%_{n}\\", type=kind)["device"]["id"] for n in range(7)]
    make(api, name="100x", type=kind)
    found: list[str] = []
    cursor = None
    while True:
        page = api.get(DEVICES, params={"type": kind, "q": "100%_", "limit": 3, **({"cursor": cursor} if cursor else {})}).json()
        found += [one["id"] for one in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == ids[::-1]
    api.post(f"{DEVICES}/{ids[0]}/pause")
    paused = api.get(DEVICES, params={"type": kind, "status": "paused"}).json()["data"]
    assert [one["id"] for one in paused] == [ids[0]]
    never = api.get(DEVICES, params={"type": kind, "connectivity": "never"}).json()["data"]
    assert len(never) == 8
    assert api.get(DEVICES, params={"type": kind, "connectivity": "online"}).json()["data"] == []


def test_a_patch_tells_absent_from_null(api: httpx.Client) -> None:
    place = {"latitude": 51.0, "longitude": 3.7, "altitude_m": None}
    device = make(api, description="d", labels={"a": "b"}, location=place)["device"]
    path = f"{DEVICES}/{device['id']}"
    renamed = api.patch(path, json={"name": "new"}).json()
    assert (renamed["name"], renamed["description"], renamed["location"]) == ("new", "d", place)
    cleared = api.patch(path, json={"location": None}).json()
    assert (cleared["location"], cleared["labels"]) == (None, {"a": "b"})
    for body, field in (({"name": None}, "name"), ({"id": "x"}, "id"), ({"created_at": "x"}, "created_at")):
        refused = api.patch(path, json=body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)
    assert api.get(path).json()["name"] == "new"


def test_the_same_request_twice_is_one_device(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    body = {"name": "once", "type": f"k{uuid.uuid4().hex[:8]}"}

    def post(_: int) -> httpx.Response:
        with server.client(acme) as client:
            return client.post(DEVICES, json=body, headers=key)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, range(16)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(api.get(DEVICES, params={"type": body["type"]}).json()["data"]) == 1
    other = api.post(DEVICES, json={**body, "name": "twice"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.mismatch")
    assert api.post(DEVICES, json=body, headers={"Idempotency-Key": "x" * 256}).status_code == 400


def test_pause_stops_and_resume_lets_report(api: httpx.Client) -> None:
    made = make(api)
    path = f"{DEVICES}/{made['device']['id']}"
    assert report(api, made).status_code == 201
    assert api.post(f"{path}/pause").json()["status"] == "paused"
    refused = report(api, made)
    assert (refused.status_code, refused.json()["code"]) == (403, "devices.paused")
    assert api.post(f"{path}/telemetry", json={"data": {"t": 1}}).status_code == 403
    assert api.post(f"{path}/resume").json()["status"] == "active"
    assert report(api, made).status_code == 201


def test_a_new_token_kills_the_old_one_at_once(api: httpx.Client) -> None:
    made = make(api)
    assert report(api, made).status_code == 201
    renewed = api.post(f"{DEVICES}/{made['device']['id']}/token").json()["access_token"]
    assert report(api, made).status_code == 401
    assert report(api, made, renewed).status_code == 201


def test_identifiers_are_unique_in_an_organisation_and_found_in_any_spelling(api: httpx.Client, other_api: httpx.Client) -> None:
    value = eui()
    spelled = ":".join(value[n : n + 2] for n in range(0, 16, 2)).upper()
    names = [{"kind": "eui", "value": spelled}, {"kind": "serial", "value": f"S/{value}"}]
    device = make(api, identifiers=names)["device"]
    assert device["identifiers"][0] == {"kind": "eui", "value": value}
    for text in (value, value.upper(), spelled):
        assert api.get(f"{DEVICES}/by-identifier/eui/{text}").json()["id"] == device["id"]
    assert api.get(DEVICES, params={"identifier": f"serial:S/{value}"}).json()["data"][0]["id"] == device["id"]
    taken = api.post(DEVICES, json={"name": "x", "identifiers": names[:1]})
    assert (taken.status_code, taken.json()["code"]) == (409, "devices.identifier_taken")
    assert other_api.get(f"{DEVICES}/by-identifier/eui/{value}").status_code == 404
    assert other_api.post(DEVICES, json={"name": "x", "identifiers": names[:1]}).status_code == 201
    bad = api.post(DEVICES, json={"name": "x", "identifiers": [{"kind": "eui", "value": "nope"}]})
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (400, "identifiers[0].value")


def test_a_deleted_device_is_gone_everywhere_at_once(api: httpx.Client) -> None:
    value = eui()
    made = make(api, identifiers=[{"kind": "eui", "value": value}])
    path = f"{DEVICES}/{made['device']['id']}"
    assert report(api, made).status_code == 201
    assert api.delete(path).status_code == 204
    for gone in ("", "/telemetry", "/telemetry/latest", "/sensors", "/telemetry/export"):
        assert api.get(path + gone).status_code == 404
    assert report(api, made).status_code == 401
    assert api.post(f"{path}/telemetry", json={"data": {"t": 1}}).status_code == 404
    again = make(api, identifiers=[{"kind": "eui", "value": value}])["device"]["id"]
    assert api.get(f"{DEVICES}/{again}/telemetry").json()["data"] == []


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": 1}, {"name": "x", "nope": 1}, {"name": "x", "labels": {"a": 1}}, []])
def test_bad_devices_are_refused(api: httpx.Client, body: Any) -> None:
    answer = api.post(DEVICES, json=body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_devices_with_an_open_alert_are_listed(api: httpx.Client) -> None:
    here, quiet = Room(api), Room(api)
    here.send(7)
    here.wait(state="open")

    def listed(**query: str) -> set[str]:
        page = api.get("/api/v2/devices", params={"limit": "1000"} | query)
        assert page.status_code == 200, page.text
        return {one["id"] for one in page.json()["data"]} & {here.id, quiet.id}

    assert (listed(has_alert="true"), listed(has_alert="false")) == ({here.id}, {quiet.id})
    assert listed(connection_id="con_0c2k9fq7w3m1x") == set()
    assert api.get("/api/v2/devices", params={"has_alert": "maybe"}).status_code == 400
