"""Programs that listen over MQTT with an API key: to their organisation, and to nobody else."""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.ingress.mqtt.server.test_paho import VERSIONS, PahoDevice
from tests.support.leaving import leave
from tests.support.pace import in_time
from tests.support.server import Org, RunningServer

from .conftest import PATIENCE_S, Device


class Program:
    """A program that uses paho-mqtt, with what it was told."""

    def __init__(self, port: int, key: str, version: MQTTProtocolVersion, user: str = "api-key", client_id: str = "") -> None:
        self.messages: queue.SimpleQueue[paho.MQTTMessage] = queue.SimpleQueue()
        self.retained: queue.SimpleQueue[paho.MQTTMessage] = queue.SimpleQueue()
        self.told: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self.client = paho.Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=version, reconnect_on_failure=False)
        self.client.username_pw_set(user, key)
        self.client.on_connect = lambda _c, _u, _f, reason, _p: self.told.put(("connect", reason))
        self.client.on_disconnect = lambda _c, _u, _f, reason, _p: self.told.put(("disconnect", reason))
        self.client.on_subscribe = lambda _c, _u, _n, reasons, _p: self.told.put(("subscribe", reasons))
        self.client.on_message = lambda _c, _u, message: (self.retained if message.retain else self.messages).put(message)
        self._port = port

    def start(self) -> Any:
        """Connect; what the server said."""
        self.client.connect("127.0.0.1", self._port, keepalive=30)
        self.client.loop_start()
        return self.next("connect")

    def next(self, kind: str) -> Any:
        name, what = self.told.get(timeout=PATIENCE_S)
        assert name == kind, (name, what)
        return what

    def subscribe(self, *filters: str, qos: int = 0) -> list[bool]:
        """Subscribe; which filters were granted."""
        self.client.subscribe([(one, qos) for one in filters])
        return [not reason.is_failure for reason in self.next("subscribe")]

    def hear(self) -> tuple[str, Any]:
        """The next message: topic and payload."""
        message = self.messages.get(timeout=PATIENCE_S)
        return message.topic, json.loads(message.payload)

    def stop(self) -> None:
        leave(self.client)


Listen = Callable[..., Program]


@pytest.fixture(params=VERSIONS, ids=["3.1.1", "5"])
def listen(request: pytest.FixtureRequest, server: RunningServer) -> Iterator[Listen]:
    """Connect programs with one version of the protocol."""
    opened: list[Program] = []

    def open_one(key: str, *filters: str, **options: Any) -> Program:
        program = Program(server.mqtt_port, key, request.param, **options)
        opened.append(program)
        assert program.start() == "Success"
        if filters:
            assert program.subscribe(*filters) == [True] * len(filters)
        return program

    yield open_one
    for one in opened:
        one.stop()


def report(device: Device, value: int, **about: Any) -> None:
    body = {"data": {"v": value}} | about
    device.api.post(f"{device.path}/telemetry", json=body).raise_for_status()


def new_key(api: httpx.Client, *scopes: str) -> tuple[str, str]:
    """The id and the value of a key."""
    made = api.post("/api/v2/keys", json={"name": "program", "scopes": list(scopes)}).raise_for_status().json()
    return made["key"]["id"], made["value"]


def test_a_program_hears_what_its_devices_say(acme: Org, device: Device, sibling: Device, listen: Listen) -> None:
    everything, one, telemetry = (listen(acme.api_key, f) for f in ("live/#", f"live/{device.id}/t", "live/+/t"))
    report(device, 1)
    report(sibling, 2)
    assert everything.hear() == (f"live/{device.id}/t", {"v": 1})
    assert everything.hear() == (f"live/{sibling.id}/t", {"v": 2})
    assert [telemetry.hear()[1]["v"] for _ in "12"] == [1, 2]
    assert one.hear() == (f"live/{device.id}/t", {"v": 1})
    assert one.messages.empty()


def test_topics_mirror_those_of_the_devices(acme: Org, device: Device, listen: Listen) -> None:
    program = listen(acme.api_key, f"live/{device.id}/#")
    sender = PahoDevice(device, MQTTProtocolVersion.MQTTv5)
    sender.start()
    sender.publish({"v": 1}, 1, "t/room/2")
    sender.publish({"status": "fine"}, 1, "s")
    sender.client.publish(f"devices/{device.id}/events", b'{"event":"opened"}', 1).wait_for_publish(PATIENCE_S)
    sender.publish([{"v": 2}, {"v": 3}], 1)
    sender.stop()
    assert [program.hear() for _ in range(5)] == [
        (f"live/{device.id}/t/room/2", {"v": 1}),
        (f"live/{device.id}/s", {"status": "fine"}),
        (f"live/{device.id}/e", {"event": "opened"}),
        (f"live/{device.id}/t", {"v": 2}),
        (f"live/{device.id}/t", {"v": 3}),
    ]


def test_a_channel_that_no_topic_can_hold_is_left_out(acme: Org, device: Device, listen: Listen) -> None:
    program = listen(acme.api_key, f"live/{device.id}/#")
    report(device, 1, channel="a/#")
    report(device, 2, channel="a/b")
    assert program.hear() == (f"live/{device.id}/t", {"v": 1})
    assert program.hear() == (f"live/{device.id}/t/a/b", {"v": 2})


def test_mqtt_5_tells_the_reading_and_its_times(acme: Org, device: Device, server: RunningServer) -> None:
    program = Program(server.mqtt_port, acme.api_key, MQTTProtocolVersion.MQTTv5)
    program.start()
    program.subscribe("live/#", qos=2)
    report(device, 1, time="2026-05-02T09:15:04Z")
    message = program.messages.get(timeout=PATIENCE_S)
    program.stop()
    (row,) = device.readings()
    assert dict(message.properties.UserProperty) == {key: row[key] for key in ("id", "time", "received_at")}
    assert (message.qos, message.retain) == (0, False)


def test_nothing_of_another_organisation_is_heard(
    acme: Org, other: Org, device: Device, stranger: Device, listen: Listen
) -> None:
    filters = ["live/#", "live/+/t", "live/+/+", f"live/{stranger.id}/t", f"live/{stranger.id}/#"]
    ours, theirs = listen(acme.api_key, *filters), listen(other.api_key, *filters)
    for number in range(20):
        report(stranger, number)
    report(device, 100)
    assert ours.hear() == (f"live/{device.id}/t", {"v": 100})
    heard = [theirs.hear() for _ in range(20)]
    assert heard == [(f"live/{stranger.id}/t", {"v": number}) for number in range(20)]
    time.sleep(0.2)
    assert ours.messages.empty()
    assert theirs.messages.empty()


def test_only_live_topics_can_be_subscribed_to(acme: Org, device: Device, listen: Listen) -> None:
    program = listen(acme.api_key)
    foreign = [
        "#",
        "+/#",
        "+/+/t",
        f"d/{device.id}/t",
        f"d/{device.id}/c",
        "$SYS/#",
        "$share/g/live/#",
        "live",
    ]
    assert program.subscribe(*foreign) == [False] * len(foreign)
    report(device, 1)
    time.sleep(0.2)
    assert program.messages.empty()


def test_what_is_unsubscribed_is_not_heard(acme: Org, device: Device, sibling: Device, listen: Listen) -> None:
    program = listen(acme.api_key, f"live/{device.id}/t", f"live/{sibling.id}/t")
    program.client.unsubscribe(f"live/{device.id}/t")
    assert program.subscribe(f"live/{sibling.id}/t") == [True], "what is answered comes after what was asked before"
    report(device, 1)
    report(sibling, 2)
    assert program.hear() == (f"live/{sibling.id}/t", {"v": 2})


@pytest.mark.parametrize("topic", ["live/{}/t", "d/{}/t", "d/{}/c", "devices/{}/telemetry", "x"])
def test_a_key_never_publishes(acme: Org, device: Device, listen: Listen, topic: str) -> None:
    bystander, program = listen(acme.api_key, "live/#"), listen(acme.api_key)
    program.client.publish(topic.format(device.id), b'{"v":1}', 1)
    assert program.next("disconnect").is_failure
    report(device, 2)
    assert bystander.hear()[1] == {"v": 2}
    assert device.values() == [{"v": 2}]


def test_a_key_leaves_no_will(acme: Org, device: Device, server: RunningServer) -> None:
    program = Program(server.mqtt_port, acme.api_key, MQTTProtocolVersion.MQTTv5)
    program.client.will_set(f"d/{device.id}/s", b"offline")
    assert program.start() == "Not authorized"
    program.stop()


def test_a_revoked_key_is_cut_off(server: RunningServer, api: httpx.Client, device: Device, listen: Listen) -> None:
    key_id, value = new_key(api, "telemetry:read")
    program = listen(value, "live/#")
    report(device, 1)
    assert program.hear()[1] == {"v": 1}
    api.post(f"/api/v2/keys/{key_id}/revoke").raise_for_status()
    assert program.next("disconnect").is_failure
    report(device, 2)
    assert program.messages.empty()
    again = Program(server.mqtt_port, value, MQTTProtocolVersion.MQTTv5)
    assert again.start().is_failure
    again.stop()


@pytest.mark.prove
def test_a_revoked_key_is_cut_off_within_a_second(
    server: RunningServer, api: httpx.Client, device: Device, listen: Listen
) -> None:
    key_id, value = new_key(api, "telemetry:read")
    program = listen(value, "live/#")
    report(device, 1)
    program.hear()
    began = time.monotonic()
    api.post(f"/api/v2/keys/{key_id}/revoke").raise_for_status()
    assert program.next("disconnect").is_failure
    assert in_time(time.monotonic() - began, 1)


@pytest.mark.parametrize("user", ["api-key", "whoever", ""])
def test_any_user_name_but_a_devices_will_do(acme: Org, server: RunningServer, user: str) -> None:
    program = Program(server.mqtt_port, acme.api_key, MQTTProtocolVersion.MQTTv5, user)
    assert program.start() == "Success"
    program.stop()


def test_who_has_no_key_or_not_the_scope_is_refused(acme: Org, api: httpx.Client, device: Device, server: RunningServer) -> None:
    _, without = new_key(api, "devices:read")
    for user, password in (
        ("api-key", "psk_nothing"),
        ("api-key", device.token),
        (device.id, acme.api_key),
        ("api-key", without),
        ("api-key", ""),
    ):
        program = Program(server.mqtt_port, password, MQTTProtocolVersion.MQTTv5, user)
        assert program.start().is_failure, (user, password)
        program.stop()


def test_the_same_client_takes_over(acme: Org, device: Device, listen: Listen) -> None:
    first = listen(acme.api_key, "live/#", client_id="dashboard")
    second = listen(acme.api_key, "live/#", client_id="dashboard")
    assert first.next("disconnect").is_failure
    report(device, 1)
    assert second.hear()[1] == {"v": 1}
    assert first.messages.empty()
