"""Who is online, by connections and readings, as people and streams are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from tests.api.live.reader import SseReader
from tests.ingress.mqtt.server.test_paho import PahoDevice
from tests.support.server import Org, RunningServer

from .conftest import Device, until

Connect = Callable[..., PahoDevice]


@pytest.fixture
def connect() -> Iterator[Connect]:
    opened: list[PahoDevice] = []

    def open_one(device: Device, will: bytes | None = None) -> PahoDevice:
        client = PahoDevice(device, MQTTProtocolVersion.MQTTv5)
        opened.append(client)
        if will is not None:
            client.client.will_set(f"d/{device.id}/s", will, 1)
        client.start()
        return client

    yield open_one
    for one in opened:
        one.stop()


@pytest.fixture
def reader(api: httpx.Client, device: Device) -> Iterator[SseReader]:
    reader = SseReader(api, f"?devices={device.id}&connectivity=true")
    reader.next("ready")
    yield reader
    reader.close()


def history(device: Device, **params: Any) -> list[tuple[str, str]]:
    rows = device.api.get(f"{device.path}/connectivity", params=params).raise_for_status().json()["data"]
    return [(row["connectivity"], row["reason"]) for row in rows]


def drop(client: PahoDevice) -> None:
    """Cut the connection without DISCONNECT, for good."""
    client.client.loop_stop()
    client.client._sock_close()


def becomes(device: Device, state: str) -> None:
    until(lambda: device.shown()["connectivity"] == state, state)


def test_a_device_that_never_said_anything_was_never_there(device: Device) -> None:
    assert device.shown()["connectivity"] == "never"
    assert history(device) == []


def test_a_connection_alone_makes_it_online_and_its_loss_offline(device: Device, connect: Connect, reader: SseReader) -> None:
    client = connect(device)
    assert reader.next("connectivity").data["event"] == "device.online"
    becomes(device, "online")
    drop(client)
    told = reader.next("connectivity").data
    assert told.keys() == {"id", "device_id", "event", "connectivity", "state", "reason", "at", "maintenance"}
    assert (told["device_id"], told["event"], told["connectivity"], told["reason"]) == (
        device.id,
        "device.offline",
        "offline",
        "lost",
    )
    becomes(device, "offline")
    assert history(device) == [("offline", "lost"), ("online", "connected")]


def test_a_last_will_is_named_as_the_reason(device: Device, connect: Connect) -> None:
    client = connect(device, will=b"offline")
    until(lambda: history(device))
    drop(client)
    until(lambda: history(device)[0] == ("offline", "last_will"))


def test_a_device_that_says_goodbye_is_not_offline_before_it_is_missed(device: Device, connect: Connect) -> None:
    device.api.patch(device.path, json={"expected_interval_s": 2}).raise_for_status()
    client = connect(device)
    client.publish({"v": 1}, 1)
    becomes(device, "online")
    client.stop()
    assert until(lambda: history(device))[0][0] == "online"
    until(lambda: history(device)[0] == ("offline", "silent"))
    device.api.patch(device.path, json={"expected_interval_s": None}).raise_for_status()
    assert device.shown()["expected_interval_s"] is None


def test_a_connected_device_may_be_silent_for_longer_than_its_interval(device: Device, sibling: Device, connect: Connect) -> None:
    for one in (device, sibling):
        one.api.patch(one.path, json={"expected_interval_s": 1}).raise_for_status()
    connect(device)
    until(lambda: history(device))
    # The sibling reports later, without a connection: when its silence is noticed, the device's would have been too.
    sibling.api.post(f"{sibling.path}/telemetry", json={"data": {"v": 1}}).raise_for_status()
    until(lambda: history(sibling)[:1] == [("offline", "silent")])
    assert [state for state, _ in history(device)] == ["online"]


def test_a_paused_device_is_cut_and_offline(device: Device, connect: Connect) -> None:
    connect(device)
    until(lambda: history(device))
    device.api.post(f"{device.path}/pause").raise_for_status()
    until(lambda: history(device)[0] == ("offline", "cut"))


def test_readings_over_http_make_it_online_and_their_absence_offline(device: Device, reader: SseReader) -> None:
    device.api.patch(device.path, json={"expected_interval_s": 2}).raise_for_status()
    device.api.post(f"{device.path}/telemetry", json={"data": {"v": 1}}).raise_for_status()
    assert device.shown()["connectivity"] == "online"
    assert reader.next("connectivity").data["reason"] == "reading"
    assert reader.next("connectivity").data["reason"] == "silent"
    assert device.shown()["connectivity"] == "offline"
    device.api.post(f"{device.path}/telemetry", json={"data": {"v": 1}}).raise_for_status()
    assert device.shown()["connectivity"] == "online"
    assert reader.next("connectivity").data["connectivity"] == "online"


def test_the_history_is_paged_and_ranged(device: Device, connect: Connect) -> None:
    for number in range(3):
        client = connect(device)
        until(lambda: len(history(device)) == 2 * number + 1)  # noqa: B023
        drop(client)
        until(lambda: len(history(device)) == 2 * number + 2)  # noqa: B023
    path = f"{device.path}/connectivity"
    first = device.api.get(path, params={"limit": 4}).json()
    second = device.api.get(path, params={"limit": 4, "cursor": first["next_cursor"]}).json()
    assert [len(first["data"]), len(second["data"]), second["next_cursor"]] == [4, 2, None]
    rows = first["data"] + second["data"]
    assert [row["at"] for row in rows] == sorted((row["at"] for row in rows), reverse=True)
    assert history(device, **{"from": rows[2]["at"], "to": rows[0]["at"]}) == [("online", "connected"), ("offline", "lost")]
    assert device.api.get(path, params={"from": "yesterday"}).status_code == 400


def test_devices_are_listed_by_connectivity(device: Device, sibling: Device, connect: Connect) -> None:
    connect(device)
    until(lambda: history(device))

    def listed(state: str) -> set[str]:
        found = device.api.get("/api/v2/devices", params={"connectivity": state, "limit": 1000}).json()["data"]
        return {one["id"] for one in found} & {device.id, sibling.id}

    assert (listed("online"), listed("offline"), listed("never")) == ({device.id}, set(), {sibling.id})


def test_only_whoever_may_see_devices_is_told(server: RunningServer, acme: Org, api: httpx.Client) -> None:
    made = api.post("/api/v2/keys", json={"name": "streams", "scopes": ["telemetry:read"]}).raise_for_status().json()
    headers = acme.headers() | {"X-API-Key": made["value"]}
    answer = httpx.get(f"{server.base_url}/api/v2/streams/sse?connectivity=true", headers=headers)
    assert answer.status_code == 403
