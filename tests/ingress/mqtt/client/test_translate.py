"""What messages of brokers say: devices, values, times."""

from __future__ import annotations

import json
from typing import Any

import pytest

from penstock.core.connections.settings import Subscription
from penstock.ingress.mqtt.client.translate import Subscriptions, at_path, lorawan_event, rows_of
from penstock.kit.errors import InvalidInput


def read(topic: str, payload: bytes, pattern: str, /, **options: Any) -> list[tuple[str, Any, int | None]]:
    heard = Subscriptions([Subscription(topic=pattern, **options)]).match(topic)
    return [(row.device, json.loads(row.payload), row.time_us) for row in rows_of(heard, payload)[0]]


@pytest.mark.parametrize(
    ("topic", "payload", "pattern", "options", "wanted"),
    [
        ("s/a/t", b'{"x": 1, "y": {"z": 2}}', "s/{{deviceId}}/t", {}, [("a", {"x": 1, "y": {"z": 2}}, None)]),
        ("s/a/t", b"21.50", "s/{{deviceId}}/t", {}, [("a", {"t": 21.5}, None)]),
        ("s/a/t", b"-7", "s/{{deviceId}}/t", {}, [("a", {"t": -7}, None)]),
        ("s/a/t", b" true\n", "s/{{deviceId}}/t", {}, [("a", {"t": True}, None)]),
        ("s/a/t", b"21,5 C", "s/{{deviceId}}/t", {}, [("a", {"t": "21,5 C"}, None)]),
        ("s/a/t", b"NaN", "s/{{deviceId}}/t", {}, [("a", {"t": "NaN"}, None)]),
        ("s/a/t", b"1e999", "s/{{deviceId}}/t", {}, [("a", {"t": "1e999"}, None)]),
        ("s/a/t", b"9" * 30, "s/{{deviceId}}/t", {}, [("a", {"t": "9" * 30}, None)]),
        ("s/a/t", b'{"x":1}', "s/{{deviceId}}/t", {"payload": "text"}, [("a", {"t": '{"x":1}'}, None)]),
        ("a/rms", b"4", "{{deviceId}}/{{key}}", {}, [("a", {"rms": 4}, None)]),
        ("a/rms", b'{"x":4}', "{{deviceId}}/{{key}}", {}, [("a", {"rms": {"x": 4}}, None)]),
        ("s/a/t/21.5", b"", "s/{{deviceId}}/t/{{value}}", {}, [("a", {"t": 21.5}, None)]),
        ("s/a/t/on", b"\xff", "s/{{deviceId}}/{{key}}/{{value}}", {}, [("a", {"t": "on"}, None)]),
        ("s/a/t/3", b'{"rssi":-80}', "s/{{deviceId}}/t/{{value}}", {}, [("a", {"rssi": -80, "t": 3}, None)]),
        (
            "s/a",
            b'[{"x":1,"ts":10},{"x":2}]',
            "s/{{deviceId}}",
            {},
            [("a", {"x": 1, "ts": 10}, 10_000_000), ("a", {"x": 2}, None)],
        ),
        ("g", b'{"id":"a","x":1}', "g", {"device_id_path": "id"}, [("a", {"id": "a", "x": 1}, None)]),
        ("g", b'{"d":[{"id":7}]}', "g", {"device_id_path": "d.0.id"}, [("7", {"d": [{"id": 7}]}, None)]),
        ("g/b", b'{"x":1}', "g/{{deviceId}}", {"device_id_path": "id"}, [("b", {"x": 1}, None)]),
        ("s/a", b'{"at":{"t":10}}', "s/{{deviceId}}", {"time_path": "at.t"}, [("a", {"at": {"t": 10}}, 10_000_000)]),
        (
            "s/a",
            b'{"timestamp":"1970-01-01T00:00:02Z"}',
            "s/{{deviceId}}",
            {},
            [("a", {"timestamp": "1970-01-01T00:00:02Z"}, 2_000_000)],
        ),
        ("s/a", b'{"timestamp":"soon"}', "s/{{deviceId}}", {}, [("a", {"timestamp": "soon"}, None)]),
        (
            "s/a",
            b'{"data":[{"ts":10,"x":1.50},{"time":20,"data":{"x":2}},{"x":3}],"time":30}',
            "s/{{deviceId}}",
            {},
            [("a", {"x": 1.5}, 10_000_000), ("a", {"x": 2}, 20_000_000), ("a", {"x": 3}, 30_000_000)],
        ),
        (
            "g",
            b'{"node":{"id":"a"},"data":[{"at":10,"x":1},{"at":"noon","x":2}]}',
            "g",
            {"device_id_path": "node.id", "time_path": "at"},
            [("a", {"at": 10, "x": 1}, 10_000_000), ("a", {"at": "noon", "x": 2}, None)],
        ),
        ("g", b'{"data":[{"id":7}]}', "g", {"device_id_path": "data.0.id"}, [("7", {"data": [{"id": 7}]}, None)]),
        ("s/a", b'{"data":[{"x":1}],"y":2}', "s/{{deviceId}}", {}, [("a", {"data": [{"x": 1}], "y": 2}, None)]),
        ("a/k", b'{"data":[{"x":1}]}', "{{deviceId}}/{{key}}", {}, [("a", {"k": {"data": [{"x": 1}]}}, None)]),
    ],
)
def test_a_message_is_read(topic: str, payload: bytes, pattern: str, options: dict[str, Any], wanted: list[Any]) -> None:
    assert read(topic, payload, pattern, **options) == wanted


def test_an_object_is_kept_as_it_was_sent() -> None:
    heard = Subscriptions([Subscription(topic="s/{{deviceId}}")]).match("s/a")
    assert rows_of(heard, b'{ "x" : 1.50 }')[0][0].payload == b'{ "x" : 1.50 }'


@pytest.mark.parametrize(
    ("payload", "options"),
    [
        (b"", {}),
        (b"\xff\xfe", {}),
        (b"a\x00b", {}),
        (b"x" * 1_001, {}),
        (b"{", {}),
        (b"{}", {}),
        (b"[]", {}),
        (b"[1, 2]", {}),
        (b'{"x":1,"x":2}', {}),
        (b'{"x":NaN}', {}),
        (b'{"x":' + b"[" * 40 + b"]" * 40 + b"}", {}),
        (b"{" * 100_000, {}),
        (b"[" + b'{"x":1},' * 1_000 + b'{"x":1}]', {}),
        (b"21.5", {"payload": "json"}),
        (b'{"x":"\\ud800"}', {}),
    ],
)
def test_what_holds_no_reading_is_refused_in_words(payload: bytes, options: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read("s/a", payload, "s/{{deviceId}}", **options)
    assert refusal.value.detail


@pytest.mark.parametrize("payload", [b'{"x":1}', b'{"id":""}', b'{"id":{}}', b'{"id":true}', b'{"id":"' + b"a" * 300 + b'"}'])
def test_a_message_without_a_device_is_refused(payload: bytes) -> None:
    with pytest.raises(InvalidInput, match="a device id is required"):
        read("g", payload, "g", device_id_path="id")
    with pytest.raises(InvalidInput, match="a device id is required"):
        read("s/", b"1", "s/{{deviceId}}")


def test_the_first_subscription_that_fits_reads_the_message() -> None:
    both = Subscriptions([Subscription(topic="s/{{deviceId}}/t", qos=2), Subscription(topic="s/{{deviceId}}/#")])
    assert both.filters == {"s/+/t": 2, "s/+/#": 1}
    assert both.match("s/a/t").key == "t"
    assert both.match("s/a/u").key == "value"
    with pytest.raises(InvalidInput, match="must match a subscription"):
        both.match("x")


def test_small_readers() -> None:
    assert at_path({"a.b": 1, "a": {"b": 2}}, "a.b") == 1
    assert at_path({"a": [1]}, "a.5") is None
    assert at_path({"a": 1}, "a.b.c") is None
    assert lorawan_event("application/1/device/70b3d57ed0061f2a/event/up") == "up"
    assert lorawan_event("v3/app@tenant/devices/x/up") is None
