"""A client library of others against the real server: both versions, every QoS."""

from __future__ import annotations

import json
import queue
from collections.abc import Callable, Iterator
from typing import Any, Literal

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from tests.ingress.mqtt.conftest import PATIENCE_S, Device, until
from tests.support.leaving import leave

VERSIONS = [MQTTProtocolVersion.MQTTv311, MQTTProtocolVersion.MQTTv5]


class PahoDevice:
    """A device that uses paho-mqtt, with what it was told."""

    def __init__(self, device: Device, version: MQTTProtocolVersion, transport: Literal["tcp", "websockets"] = "tcp") -> None:
        self.device = device
        self.told: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self.client = paho.Client(CallbackAPIVersion.VERSION2, client_id=device.id, protocol=version, transport=transport)
        self.client.username_pw_set(device.id, device.token)
        self.client.on_connect = lambda _c, _u, flags, reason, _p: self.told.put(("connect", (reason, flags)))
        self.client.on_disconnect = lambda _c, _u, _f, reason, _p: self.told.put(("disconnect", reason))
        self.client.on_publish = lambda _c, _u, number, reason, _p: self.told.put(("publish", (number, reason)))
        self.client.on_subscribe = lambda _c, _u, _n, reasons, _p: self.told.put(("subscribe", reasons))
        self.client.on_message = lambda _c, _u, message: self.told.put(("message", message))

    def start(self) -> ReasonCode:
        """Connect; what the server said."""
        self.client.connect("127.0.0.1", self.device.port, keepalive=30)
        self.client.loop_start()
        return self.next("connect")[0]

    def next(self, kind: str) -> Any:
        """The next thing of a kind that the client was told; others are skipped."""
        while True:
            name, what = self.told.get(timeout=PATIENCE_S)
            if name == kind:
                return what

    def publish(self, payload: object, qos: int, topic: str = "t", properties: Properties | None = None) -> None:
        """Publish and wait for the acknowledgement."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload)
        sent = self.client.publish(f"d/{self.device.id}/{topic}", body, qos, properties=properties)
        sent.wait_for_publish(PATIENCE_S)
        assert sent.is_published()

    def stop(self) -> None:
        leave(self.client)


Connect = Callable[..., PahoDevice]


@pytest.fixture(params=VERSIONS, ids=["3.1.1", "5"])
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """Connect devices with one version of the protocol."""
    opened: list[PahoDevice] = []

    def open_one(device: Device, **options: Any) -> PahoDevice:
        opened.append(PahoDevice(device, request.param, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.stop()


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_a_reading_is_stored(device: Device, connect: Connect, qos: int) -> None:
    client = connect(device)
    assert client.start() == "Success"
    client.publish({"temperature": 4.8, "door": False}, qos)
    (row,) = until(device.readings)
    assert row["data"] == {"temperature": 4.8, "door": False}
    assert (row["kind"], row["channel"]) == ("telemetry", None)


def test_an_acknowledged_reading_is_there_at_once(device: Device, connect: Connect) -> None:
    client = connect(device)
    client.start()
    for number in range(20):
        client.publish({"n": number}, 1 + number % 2)
        assert device.values()[-1] == {"n": number}


def test_topics_decide_kind_and_channel(device: Device, connect: Connect) -> None:
    client = connect(device)
    client.start()
    client.publish({"v": 1}, 1, "t/room/2")
    client.publish({"status": "online"}, 1, "s")
    client.publish(b"offline", 1, "s")
    for name in ("telemetry", "status", "events"):
        sent = client.client.publish(f"devices/{device.id}/{name}", b'{"old":true}', 1)
        sent.wait_for_publish(PATIENCE_S)
    assert [(row["kind"], row["channel"], row["data"]) for row in device.readings()] == [
        ("telemetry", "room/2", {"v": 1}),
        ("status", None, {"status": "online"}),
        ("status", None, {"status": "offline"}),
        ("telemetry", None, {"old": True}),
        ("status", None, {"old": True}),
        ("event", None, {"old": True}),
    ]


def test_an_array_is_so_many_readings_each_with_its_time(device: Device, connect: Connect) -> None:
    client = connect(device)
    client.start()
    client.publish([{"v": 1, "ts": 1777713304}, {"v": 2, "timestamp": "2026-05-02T09:15:05Z"}, {"v": 3}], 2)
    rows = device.readings()
    assert [row["time"] for row in rows[:2]] == ["2026-05-02T09:15:04Z", "2026-05-02T09:15:05Z"]
    assert rows[2]["time"] == rows[2]["received_at"]


def test_a_malformed_payload_is_acknowledged_counted_and_kept(device: Device, connect: Connect) -> None:
    client = connect(device)
    client.start()
    client.publish(b'{"v": 1', 1)
    _, reason = client.next("publish")
    five = client.client.protocol == MQTTProtocolVersion.MQTTv5
    assert reason == ("Payload format invalid" if five else "Success")
    client.publish(b"\xff\xfe", 0)
    client.publish({"v": 2}, 1)
    assert device.values() == [{"v": 2}]
    first, second = device.quarantined()
    assert (first["kind"], first["data"]["payload"], first["data"]["topic"]) == ("malformed", '{"v": 1', f"d/{device.id}/t")
    assert second["data"]["payload_base64"] == "//4="
    until(lambda: (device.shown()["malformed"] or {}).get("messages") == 2)
    shown = device.shown()["malformed"]
    assert "must be valid JSON" in shown["last_reason"]


def test_a_topic_that_means_nothing_is_kept_in_quarantine(device: Device, connect: Connect) -> None:
    client = connect(device)
    client.start()
    client.publish({"v": 1}, 1, "nonsense")
    assert device.values() == []
    assert "must be one that a device can publish to" in device.quarantined()[0]["data"]["reason"]


def test_a_wrong_token_is_refused(device: Device, connect: Connect, sibling: Device) -> None:
    client = connect(Device(device.id, sibling.token, device.port, device.api))
    assert client.start().is_failure


def test_a_last_will_becomes_a_status(device: Device, connect: Connect) -> None:
    client = connect(device)
    client.client.will_set(f"d/{device.id}/s", b'{"status":"offline"}', qos=1, retain=True)
    client.start()
    client.client._sock_close()  # no DISCONNECT
    assert until(device.values) == [{"status": "offline"}]
    assert device.readings()[0]["kind"] == "status"


def test_a_goodbye_takes_the_will_with_it(device: Device, connect: Connect) -> None:
    client = connect(device)
    client.client.will_set(f"d/{device.id}/s", b'{"status":"offline"}')
    client.start()
    client.publish({"v": 1}, 1)
    client.stop()
    client.next("disconnect")
    assert device.values() == [{"v": 1}]


def test_a_key_of_the_devices_own_makes_repetition_harmless(device: Device) -> None:
    client = PahoDevice(device, MQTTProtocolVersion.MQTTv5)
    client.start()
    named = Properties(PacketTypes.PUBLISH)
    named.UserProperty = [("dedupe_key", "n-1")]
    for _ in range(3):
        client.publish({"v": 1}, 1, properties=named)
    client.stop()
    assert device.values() == [{"v": 1}]
    via_http = {"data": {"v": 1}, "dedupe_key": "n-1"}
    assert device.api.post(f"{device.path}/telemetry", json=via_http).status_code == 200


def test_a_subscription_below_the_own_root_is_granted_and_others_refused(
    device: Device, connect: Connect, sibling: Device, stranger: Device
) -> None:
    client = connect(device)
    client.start()
    own = [f"d/{device.id}/c", f"d/{device.id}/#", f"d/{device.id}/+", f"devices/{device.id}/commands"]
    foreign = ["#", "+/#", "d/+/c", f"d/{sibling.id}/c", f"d/{stranger.id}/#", "$SYS/#", f"$share/g/d/{device.id}/c", "d/#"]
    client.client.subscribe([(topic, 1) for topic in own + foreign])
    reasons = client.next("subscribe")
    assert [reason.is_failure for reason in reasons] == [False] * len(own) + [True] * len(foreign)
