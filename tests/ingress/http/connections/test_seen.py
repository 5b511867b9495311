"""A device that a network server heard is not silent, whatever the message was; what only the server did is no sign of it.

Every documented body of every network server is sent, so that a body added to the fixtures is checked here as well.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import httpx
import pytest

from penstock.ingress.lorawan.protocol import read_message
from penstock.ingress.lorawan.protocol.things_stack import is_message
from tests.ingress.http.connections.conftest import Connect
from tests.ingress.http.connections.test_events import Device
from tests.ingress.lorawan.test_protocol import BODIES
from tests.support.cases import check_all
from tests.support.server import Org, RunningServer
from tests.support.waiting import awaited

BY_DEVICE = {"uplink", "normalized", "join", "status", "acknowledged", "location"}
BY_SERVER = {"not_acknowledged", "sent", "failed", "queued", "invalidated", "service", "log", "other"}
EMPTY = {"deviceInfo": {}, "fCnt": 7, "fPort": 0}
NO_DATA_S = 1


def addressed(body: dict[str, Any], eui: str) -> dict[str, Any]:
    """A body about another device."""
    out = copy.deepcopy(body)
    if "deviceInfo" in out:
        out["deviceInfo"]["devEui"] = eui
    elif is_message(out):
        ids = out.get("end_device_ids")
        out["end_device_ids"] = (ids if isinstance(ids, dict) else {}) | {"dev_eui": eui}
    else:
        out["devEUI" if "devEUI" in out else "dev_eui"] = eui
    return out


def seen(api: httpx.Client, device: dict[str, Any]) -> str | None:
    found: str | None = api.get(f"/api/v2/devices/{device['id']}").json()["last_seen_at"]
    return found


def test_every_documented_message_of_the_device_counts_and_no_other(api: httpx.Client, connect: Connect, device: Device) -> None:
    caller = connect()
    sent = {}
    for name, fixture in [*BODIES, ("an empty uplink", {"body": EMPTY, "event": "up"})]:
        meter = device()
        body = addressed(fixture["body"], meter["eui"])
        answer = caller.post(body, fixture["event"])
        assert answer.status_code == 200, (name, answer.text)
        sent[name] = (meter, read_message(body, fixture["event"]).kind.value)
    assert {kind for _, kind in sent.values()} <= BY_DEVICE | BY_SERVER

    def check(name: str) -> None:
        meter, kind = sent[name]
        if kind in BY_SERVER:
            assert seen(api, meter) is None
            return
        awaited(lambda: seen(api, meter))
        awaited(lambda: api.get(f"/api/v2/devices/{meter['id']}").json()["connectivity"] == "online")
        (change,) = awaited(lambda: api.get(f"/api/v2/devices/{meter['id']}/connectivity").json()["data"])
        assert change["reason"] in ("reading", "seen")

    check_all(sent, check)


@pytest.mark.parametrize("name", ["an empty uplink", "join", "ack", "status", "location"])
def test_a_device_that_is_heard_raises_no_alert_for_silence(
    api: httpx.Client, connect: Connect, device: Device, name: str
) -> None:
    caller, meter = connect("chirpstack"), device()
    said: dict[str, dict[str, Any]] = {
        "an empty uplink": {"fCnt": 7, "fPort": 0},
        "join": {"devAddr": "01a4c37e"},
        "ack": {"queueItemId": "q1", "acknowledged": True},
        "status": {"margin": 7, "batteryLevel": 80},
        "location": {"location": {"latitude": 40.4, "longitude": -3.6}},
    }
    body = {"deviceInfo": {"devEui": meter["eui"]}} | said[name]
    alert = {"name": "Silence", "target": {"devices": [meter["id"]]}, "condition": {"type": "no_data", "after_s": NO_DATA_S}}
    made = api.post("/api/v2/alerts", json=alert)
    assert made.status_code == 201, made.text

    def events() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = api.get("/api/v2/alert-events", params={"device_id": meter["id"]}).json()["data"]
        return found

    awaited(events, what="the alert")
    assert caller.post(body, "up" if name == "an empty uplink" else name).status_code == 200
    cleared = awaited(lambda: [one for one in events() if one["cleared_at"]], what="its end")
    assert cleared[0]["clear_reason"] == "condition"


def test_a_vendor_s_call_that_stores_nothing_hears_the_device(server: RunningServer, acme: Org, device: Device) -> None:
    with server.client(acme) as api, httpx.Client(base_url=server.base_url, headers={"X-API-Key": acme.api_key}) as kubo:
        for event, said in (("up", {"fPort": 0}), ("join", {"devAddr": "01a4c37e"})):
            meter = device()
            body = {"deviceInfo": {"devEui": meter["eui"]}} | said
            answer = kubo.post("/api/v1/ingest/water-consumption", params={"event": event}, content=json.dumps(body))
            assert answer.json()["data"]["skipped"] is True
            assert seen(api, meter) is not None


def test_a_paused_device_stays_silent(api: httpx.Client, connect: Connect, device: Device) -> None:
    meter, caller = device(), connect("chirpstack")
    assert api.post(f"/api/v2/devices/{meter['id']}/pause").is_success
    caller.post({"deviceInfo": {"devEui": meter["eui"]}, "fCnt": 7}, "up")
    assert seen(api, meter) is None
