"""What network servers tell beside uplinks: in a device's events, on live streams, and where people look for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.live.reader import SseReader
from tests.ingress.http.connections.conftest import Connect, chirpstack, things_stack
from tests.ingress.http.connections.test_door import history
from tests.support.server import Org
from tests.support.waiting import eventually

Device = Callable[..., dict[str, Any]]
TIME = "2026-04-14T06:21:10Z"
PLACE = {"latitude": 40.4312, "longitude": -3.6785, "altitude": 688.0}


def told(eui: str, key: str, **fields: Any) -> dict[str, Any]:
    """An event of ChirpStack 4 about a device."""
    return {"deduplicationId": key, "time": TIME, "deviceInfo": {"devEui": eui, "deviceName": "d"}} | fields


def events(api: httpx.Client, device_id: str, **query: str) -> list[dict[str, Any]]:
    """A device's events."""
    answer = api.get(f"/api/v2/devices/{device_id}/events", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def test_each_event_of_chirpstack_is_in_the_history_once(api: httpx.Client, connect: Connect, device: Device) -> None:
    meter, caller = device(), connect("chirpstack")
    eui = meter["eui"]
    bodies = [
        ("join", told(eui, "k1", devAddr="01a4c37e", regionConfigId="eu868"), {"device_address": "01a4c37e"}),
        ("ack", told(eui, "k2", queueItemId="q1", acknowledged=True, fCntDown=41), {"queue_item_id": "q1", "f_cnt_down": 41}),
        ("ack", told(eui, "k3", queueItemId="q2", acknowledged=False, fCntDown=42), {"acknowledged": False}),
        ("txack", {"downlinkId": 7, "time": TIME, "queueItemId": "q1", "deviceInfo": {"devEui": eui}}, {"queue_item_id": "q1"}),
        ("log", told(eui, "k5", level="ERROR", code="UPLINK_CODEC", description="boom"), {"code": "UPLINK_CODEC"}),
    ]
    for event, body, _ in bodies:
        assert caller.post(body, event).json() == {"status": "event", "device_id": meter["id"]}
    for event, body, _ in bodies:
        if "deduplicationId" in body:
            assert caller.post(body, event).json()["status"] == "duplicate"
    found = events(api, meter["id"])
    assert [one["kind"] for one in found] == ["log", "txack", "nack", "ack", "join"]
    for one, (_, _, facts) in zip(reversed(found), bodies, strict=True):
        assert facts.items() <= one["details"].items()
        assert one["time"] == TIME
        assert one["connection_id"] == caller.connection_id
    assert [one["kind"] for one in events(api, meter["id"], kind="nack")] == ["nack"]
    first = api.get(f"/api/v2/devices/{meter['id']}/events", params={"limit": "2"}).json()
    rest = events(api, meter["id"], cursor=first["next_cursor"])
    assert first["data"] + rest == found
    assert history(api, meter["id"]) == []


@pytest.mark.parametrize(
    ("key", "said", "kind"),
    [
        ("join_accept", {"session_key_id": "s"}, "join"),
        ("downlink_ack", {"session_key_id": "s", "f_port": 15, "f_cnt": 11}, "ack"),
        ("downlink_nack", {"session_key_id": "s", "f_port": 15, "f_cnt": 11}, "nack"),
        ("downlink_sent", {"f_port": 15, "frm_payload": "AAE="}, "txack"),
        ("downlink_queued", {"f_port": 15}, "queued"),
        ("downlink_failed", {"downlink": {"f_port": 15}, "error": {"name": "no_path"}}, "failed"),
        ("downlink_queue_invalidated", {"downlinks": [], "last_f_cnt_down": 4}, "invalidated"),
        ("service_data", {"service": "geo", "data": {}}, "service"),
    ],
)
def test_each_event_of_the_things_stack_is_in_the_history(
    api: httpx.Client, connect: Connect, device: Device, key: str, said: dict[str, Any], kind: str
) -> None:
    meter, caller = device(), connect("things_stack")
    body = things_stack(meter["eui"], key, said)
    assert [caller.post(body).json()["status"] for _ in range(2)] == ["event", "duplicate"]
    assert [one["kind"] for one in events(api, meter["id"])] == [kind]


def test_a_status_is_an_event_and_a_reading(api: httpx.Client, connect: Connect, device: Device) -> None:
    meter, caller = device(), connect("chirpstack")
    body = told(meter["eui"], "s1", margin=17, externalPowerSource=False, batteryLevelUnavailable=False, batteryLevel=93.7)
    assert [caller.post(body, "status").json()["status"] for _ in range(2)] == ["event", "duplicate"]
    (reading,) = history(api, meter["id"])
    assert reading["kind"] == "status"
    assert reading["data"] == {"margin_db": 17, "external_power": False, "battery_unknown": False, "battery_percent": 93.7}
    assert events(api, meter["id"])[0]["details"]["battery_percent"] == 93.7


def test_a_location_goes_to_a_device_that_has_none(api: httpx.Client, connect: Connect, device: Device) -> None:
    here = {"latitude": 1.5, "longitude": 2.5, "altitude_m": None}
    lost, placed, caller = device(), device(location=here), connect()
    for meter in (lost, placed):
        assert caller.post(told(meter["eui"], "l1", location=PLACE), "location").json()["status"] == "event"
        assert events(api, meter["id"])[0]["details"] == {"latitude": 40.4312, "longitude": -3.6785, "altitude_m": 688.0}
    path = "/api/v2/devices"
    assert api.get(f"{path}/{lost['id']}").json()["location"] == {"latitude": 40.4312, "longitude": -3.6785, "altitude_m": 688.0}
    assert api.get(f"{path}/{placed['id']}").json()["location"] == here
    beyond = told(device()["eui"], "l2", location=PLACE | {"latitude": 91.0})
    assert caller.post(beyond, "location").json()["status"] == "event"
    solved = {"service": "geo", "location": PLACE}
    other = device()
    assert connect("things_stack").post(things_stack(other["eui"], "location_solved", solved)).json()["status"] == "event"
    assert api.get(f"{path}/{other['id']}").json()["location"]["latitude"] == 40.4312


def test_live_streams_tell_of_events_to_whoever_asked(
    api: httpx.Client, other_api: httpx.Client, acme: Org, connect: Connect, device: Device
) -> None:
    meter, caller = device(), connect()
    asked = SseReader(api, f"?devices={meter['id']}&events=true")
    silent = SseReader(api, f"?devices={meter['id']}")
    foreign = SseReader(other_api, "?events=true")
    try:
        for reader in (asked, silent, foreign):
            reader.next("ready")
        caller.post(told(meter["eui"], "e1", devAddr="01a4c37e"), "join")
        event = asked.next("event").data
        assert (event["kind"], event["device_id"], event["details"]) == ("join", meter["id"], {"device_address": "01a4c37e"})
        assert event["id"] == events(api, meter["id"])[0]["id"]
        assert silent.quiet(0.5)
        assert foreign.quiet(0.5)
    finally:
        for reader in (asked, silent, foreign):
            reader.close()
    no_devices = api.post("/api/v2/keys", json={"name": "t", "scopes": ["telemetry:read"]}).json()["value"]
    refused = api.get("/api/v2/streams/sse", params={"events": "true"}, headers={"X-API-Key": no_devices})
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.scope_missing")


def test_events_of_nobody_and_of_nothing_are_passed_over(connect: Connect) -> None:
    caller = connect()
    assert caller.post(told("70b3d57ed00fffff", "n1"), "join").json() == {"status": "skipped"}
    assert caller.post(told("70b3d57ed00fffff", "n2"), "brand_new").json() == {"status": "skipped"}


def test_a_paused_device_is_not_spoken_for(api: httpx.Client, connect: Connect, device: Device) -> None:
    meter, caller = device(), connect()
    caller.post(chirpstack(meter["eui"]), "up")
    api.post(f"/api/v2/devices/{meter['id']}/pause")
    for body, event in ((chirpstack(meter["eui"]), "up"), (told(meter["eui"], "p1"), "join")):
        answer = caller.post(body, event)
        assert (answer.status_code, answer.json()["code"]) == (403, "devices.paused")


def test_events_go_with_their_device(api: httpx.Client, other_api: httpx.Client, connect: Connect, device: Device) -> None:
    meter, caller = device(), connect()
    caller.post(told(meter["eui"], "g1"), "join")
    path = f"/api/v2/devices/{meter['id']}/events"
    assert other_api.get(path).status_code == 404
    api.delete(f"/api/v2/devices/{meter['id']}")
    assert api.get(path).status_code == 404
    eventually(lambda: caller.post(told(meter["eui"], "g2"), "join").json() == {"status": "skipped"})


def test_a_simulated_message_of_the_things_stack_is_marked_wherever_it_is_shown(
    api: httpx.Client, connect: Connect, device: Device
) -> None:
    meter, caller = device(), connect("things_stack")
    said = {"session_key_id": "s", "f_cnt": 7, "f_port": 1, "frm_payload": "AQ==", "decoded_payload": {"t": 21.5}}
    real = things_stack(meter["eui"], "uplink_message", said)
    for body in (real, real | {"simulated": True}):
        assert caller.post(body).json()["status"] == "stored"
    rows = [row["data"]["lorawan"].get("simulated") for row in history(api, meter["id"])]
    assert sorted(rows, key=bool) == [None, True]
    join = things_stack(meter["eui"], "join_accept", {"session_key_id": "s"}) | {"simulated": True}
    assert caller.post(join).json()["status"] == "event"
    assert [one["details"].get("simulated") for one in events(api, meter["id"], kind="join")] == [True]
