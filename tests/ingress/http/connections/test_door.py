"""The door of network servers over HTTP: vendors' documented bodies as they are, duplicates, refusals."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.ingress.http.connections.conftest import Connect, chirpstack, things_stack
from tests.ingress.lorawan.test_protocol import BODIES
from tests.support.forgery import one_character_off
from tests.support.server import Org
from tests.support.waiting import eventually

Device = Callable[..., dict[str, Any]]
LONG_AGO = "2020-01-01T00:00:00Z"


def history(api: httpx.Client, device_id: str, **query: str) -> list[dict[str, Any]]:
    """A device's readings."""
    answer = api.get(f"/api/v2/devices/{device_id}/telemetry", params={"from": LONG_AGO, "limit": "1000"} | query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


@pytest.mark.parametrize("one", [pytest.param(one, id=name) for name, one in BODIES])
def test_a_documented_body_is_taken_verbatim(connect: Connect, one: dict[str, Any]) -> None:
    answer = connect().post(one["body"], one["event"])
    if one["read"].get("eui", "some") is None and one["read"]["kind"] != "other":
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "dev_eui")
    else:
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"] in ("stored", "duplicate", "unregistered", "event", "skipped")


def test_an_uplink_is_stored_with_values_and_radio_facts(api: httpx.Client, connect: Connect, device: Device) -> None:
    meter, caller = device(), connect("chirpstack")
    answer = caller.post(chirpstack(meter["eui"]), "up")
    assert (answer.status_code, answer.json()["status"], answer.json()["device_id"]) == (200, "stored", meter["id"])
    (reading,) = history(api, meter["id"])
    assert reading["id"] == answer.json()["reading_id"]
    assert reading["time"].startswith("2026-04-14T06:12:31.482913")
    data = reading["data"]
    assert (data["cumulativeFlowM3"], data["battery"], data["leak"]) == (184.327, 3.59, False)
    radio = data["lorawan"]
    assert (radio["spreading_factor"], radio["rssi_dbm"], radio["snr_db"], radio["f_cnt"]) == (9, -104, 4.8, 2291)
    assert radio["gateways"] == [{"gateway_id": "7276ff002e0621b4", "rssi_dbm": -104, "snr_db": 4.8}]
    assert base64.b64decode(radio["data"]).hex() == "0002d0070e0600"


def test_radio_facts_are_chosen_by_fields_and_are_in_the_latest(api: httpx.Client, connect: Connect, device: Device) -> None:
    meter = device()
    connect("chirpstack").post(chirpstack(meter["eui"]), "up")
    chosen = history(api, meter["id"], fields="lorawan.rssi_dbm,lorawan.snr_db,lorawan.spreading_factor,lorawan.gateways")
    assert chosen[0]["data"]["lorawan.rssi_dbm"] == -104
    assert chosen[0]["data"]["lorawan.spreading_factor"] == 9
    latest = api.get(f"/api/v2/devices/{meter['id']}/telemetry/latest").json()
    assert "7276ff002e0621b4" in json.dumps(latest)


def test_an_uplink_that_nobody_decoded_keeps_its_bytes(api: httpx.Client, connect: Connect, device: Device) -> None:
    meter = device()
    body = chirpstack(meter["eui"])
    del body["object"]
    assert connect().post(body, "up").json()["status"] == "stored"
    assert history(api, meter["id"])[0]["data"]["lorawan"]["data"] == "AALQBw4GAA=="


@pytest.mark.parametrize("kind", ["lorawan_http", "chirpstack"])
def test_a_message_delivered_again_is_stored_once(api: httpx.Client, connect: Connect, device: Device, kind: str) -> None:
    meter, caller = device(), connect(kind)
    body = chirpstack(meter["eui"])
    first, again = caller.post(body, "up").json(), caller.post(body).json()
    assert (first["status"], again["status"]) == ("stored", "duplicate")
    assert first["reading_id"] == again["reading_id"]
    assert len(history(api, meter["id"])) == 1


def test_the_things_stack_retries_are_stored_once(api: httpx.Client, connect: Connect, device: Device) -> None:
    meter, caller = device(), connect("things_stack")
    said = {"session_key_id": "AY7Qm1x0Zk2r9bT5c3LhWg==", "f_cnt": 7, "decoded_payload": {"level_m": 1.5}}
    body = things_stack(meter["eui"], "uplink_message", said)
    assert [caller.post(body).json()["status"] for _ in range(3)] == ["stored", "duplicate", "duplicate"]
    assert [row["data"]["level_m"] for row in history(api, meter["id"])] == [1.5]


def test_what_has_no_name_is_known_again_by_its_body(api: httpx.Client, connect: Connect, device: Device) -> None:
    meter, caller = device(), connect()
    said = {"normalized_payload": {"air": {"temperature": 20.1}}}
    body = things_stack(meter["eui"], "uplink_normalized", said)
    assert [caller.post(body).json()["status"] for _ in range(2)] == ["stored", "duplicate"]
    timeless = {"dev_eui": meter["eui"], "level_m": 1.5}
    assert [caller.post(timeless).json()["status"] for _ in range(2)] == ["stored", "stored"]
    assert len(history(api, meter["id"])) == 3


def test_unknown_fields_break_nothing(connect: Connect, device: Device) -> None:
    meter, caller = device(), connect()
    body = chirpstack(meter["eui"], brandNew={"a": [1, {"b": None}]})
    body["deviceInfo"]["alsoNew"] = 3
    assert caller.post(body, "up").json()["status"] == "stored"


def test_an_unregistered_device_gets_its_readings_when_it_is_registered(api: httpx.Client, connect: Connect) -> None:
    eui, caller = secrets.token_hex(8), connect("chirpstack")
    body = chirpstack(eui)
    assert [caller.post(body, "up").json() for _ in range(2)] == [{"status": "unregistered"}] * 2
    wanted = {"name": "late", "identifiers": [{"kind": "eui", "value": eui}]}
    device_id = api.post("/api/v2/devices", json=wanted).json()["device"]["id"]
    eventually(lambda: len(history(api, device_id)) == 1)
    assert caller.post(body, "up").json()["status"] == "duplicate"
    assert caller.post(chirpstack(eui), "up").json()["status"] == "stored"


def test_a_device_that_is_deleted_or_loses_its_eui_is_not_known_any_more(
    api: httpx.Client, connect: Connect, device: Device
) -> None:
    meter, caller = device(), connect()
    assert caller.post(chirpstack(meter["eui"]), "up").json()["status"] == "stored"
    api.patch(f"/api/v2/devices/{meter['id']}", json={"identifiers": []})
    assert caller.post(chirpstack(meter["eui"]), "up").json()["status"] == "unregistered"


def test_secrets_and_keys_open_the_door(api: httpx.Client, acme: Org, connect: Connect, device: Device) -> None:
    meter, caller = device(), connect()
    path, body = f"/api/v2/ingest/{caller.connection_id}", chirpstack(meter["eui"])
    for headers in (
        {"X-Connection-Secret": caller.secret},
        {"Authorization": f"Bearer {caller.secret}"},
        {"X-API-Key": caller.secret},
        acme.headers(),
    ):
        assert caller.client.post(path, json=body, headers=headers).status_code == 200
    read_only = api.post("/api/v2/keys", json={"name": "r", "scopes": ["telemetry:read"]}).json()["value"]
    answer = caller.client.post(path, json=body, headers=acme.headers() | {"X-API-Key": read_only})
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.scope_missing")
    assert caller.client.post(path, json=body).status_code == 401


def test_a_wrong_secret_tells_nothing_of_what_there_is(connect: Connect, other: Org) -> None:
    mine, another = connect(), connect()
    bodies = []
    for connection_id in (another.connection_id, "con_0c2k9fq7w3n9s", "nonsense", "con_"):
        answer = mine.client.post(f"/api/v2/ingest/{connection_id}", json={}, headers={"X-Connection-Secret": mine.secret})
        bodies.append((answer.status_code, {name: value for name, value in answer.json().items() if name != "request_id"}))
    forged = mine.post({}, headers={"X-Connection-Secret": one_character_off(mine.secret)})
    bodies.append((forged.status_code, {name: value for name, value in forged.json().items() if name != "request_id"}))
    assert bodies == [bodies[0]] * len(bodies)
    assert (bodies[0][0], bodies[0][1]["code"]) == (401, "connections.secret_invalid")
    foreign = mine.client.post(f"/api/v2/ingest/{mine.connection_id}", json={}, headers=other.headers())
    assert (foreign.status_code, foreign.json()["code"]) == (404, "connections.not_found")


def test_a_new_secret_ends_the_old_one(api: httpx.Client, connect: Connect, device: Device) -> None:
    meter, caller = device(), connect()
    body = chirpstack(meter["eui"])
    assert caller.post(body).status_code == 200
    path = f"/api/v2/connections/{caller.connection_id}/secret"
    first = api.post(path, json={}).json()["secret"]
    assert caller.post(body).status_code == 401
    assert caller.post(body, headers={"X-Connection-Secret": first}).status_code == 200
    rotated = api.post(path, json={"overlap_s": 3600}).json()
    assert rotated["connection"]["previous_secret_until"] is not None
    for secret in (first, rotated["secret"]):
        assert caller.post(body, headers={"X-Connection-Secret": secret}).status_code == 200
    api.post(path, json={})
    for secret in (first, rotated["secret"]):
        assert caller.post(body, headers={"X-Connection-Secret": secret}).status_code == 401


def test_a_paused_or_deleted_connection_takes_nothing(api: httpx.Client, connect: Connect, device: Device) -> None:
    meter, caller = device(), connect()
    path = f"/api/v2/connections/{caller.connection_id}"
    assert caller.post(chirpstack(meter["eui"])).status_code == 200
    api.post(f"{path}/pause")
    answer = caller.post(chirpstack(meter["eui"]))
    assert (answer.status_code, answer.json()["code"]) == (403, "connections.paused")
    api.post(f"{path}/resume")
    assert caller.post(chirpstack(meter["eui"])).status_code == 200
    api.delete(path)
    assert caller.post(chirpstack(meter["eui"])).status_code == 401
    assert len(history(api, meter["id"])) == 2


def test_a_connection_of_a_project_reaches_no_other(api: httpx.Client, connect: Connect, device: Device, acme: Org) -> None:
    project = api.post("/api/v2/projects", json={"name": f"p {secrets.token_hex(4)}"}).json()["id"]
    inside, outside, caller = device(project_id=project), device(), connect(project_id=project)
    assert caller.post(chirpstack(inside["eui"])).json()["status"] == "stored"
    answer = caller.post(chirpstack(outside["eui"]))
    assert (answer.status_code, answer.json()["code"]) == (404, "devices.not_found")
    wanted = {"name": "bound", "scopes": ["telemetry:write"], "project_id": project}
    bound = acme.headers() | {"X-API-Key": api.post("/api/v2/keys", json=wanted).json()["value"]}
    answer = caller.client.post(f"/api/v2/ingest/{caller.connection_id}", json=chirpstack(inside["eui"]), headers=bound)
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.project_bound")


def test_each_type_takes_its_own_bodies(connect: Connect, device: Device) -> None:
    eui = device()["eui"]
    bodies = {
        "chirpstack": chirpstack(eui),
        "things_stack": things_stack(eui, "uplink_message", {"f_cnt": 1, "decoded_payload": {"a": 1}}),
        "custom": {"dev_eui": eui, "level_m": 1.5, "timestamp": "2026-04-14T06:12:31Z"},
    }
    for kind in bodies:
        caller = connect(kind)
        for form, body in bodies.items():
            assert caller.post(body).status_code == (200 if form == kind else 400), (kind, form)
    assert [connect().post(body).status_code for body in bodies.values()] == [200] * 3
    broker = {"host": "b", "subscriptions": [{"topic": "{{deviceId}}"}]}
    answer = connect("mqtt", settings=broker).post(bodies["custom"])
    assert (answer.status_code, answer.json()["code"]) == (422, "connections.takes_no_requests")


def test_a_body_that_is_none_is_refused(connect: Connect) -> None:
    caller = connect()
    for body in (b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"dev_eui": "zz"}', b"{}", b'{"deviceInfo": {}}'):
        assert caller.post(body, "up").status_code == 400, body
    assert caller.post(b"\x0a\x12", headers={"Content-Type": "application/octet-stream"}).status_code == 415
    assert caller.post(b'{"a":"' + b"x" * 300_000 + b'"}').status_code == 413


def test_what_came_through_is_counted(api: httpx.Client, connect: Connect, device: Device) -> None:
    meter, caller = device(), connect()
    path = f"/api/v2/connections/{caller.connection_id}"
    for _ in range(3):
        caller.post(chirpstack(meter["eui"]))
    caller.post(b"{}")

    def shown() -> Any:
        return api.get(path).json()

    eventually(lambda: (shown()["messages"], shown()["errors"], shown()["devices"]) == (3, 1, 1))
    assert shown()["last_error"] == "dev_eui: is required"
    assert shown()["last_message_at"] is not None
    assert api.get(f"/api/v2/devices/{meter['id']}/connection").json() == {
        "connection_id": caller.connection_id,
        "device_name": "Block C / flat 12",
        "application_id": "b1b0a3c2-77d1-4b0d-8f0e-2d3c4b5a6978",
    }


def test_a_device_that_moves_to_another_connection_is_counted_there(api: httpx.Client, connect: Connect, device: Device) -> None:
    meter, first, second = device(), connect(), connect()
    path = f"/api/v2/devices/{meter['id']}/connection"
    assert api.get(path).json() == {"connection_id": None, "device_name": None, "application_id": None}
    for caller in (first, second, first):
        caller.post(chirpstack(meter["eui"]))
        eventually(lambda wanted=caller: api.get(path).json()["connection_id"] == wanted.connection_id)
    api.delete(f"/api/v2/connections/{first.connection_id}")
    assert api.get(path).json()["connection_id"] is None
