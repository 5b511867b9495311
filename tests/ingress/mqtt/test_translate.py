"""From a device's messages to readings, and what is kept of one that is none."""

from __future__ import annotations

import base64
import json
from typing import Any, cast

import pytest

from penstock.core.devices.models import DeviceRef
from penstock.ingress.mqtt.protocol.packets import Property, Publish
from penstock.ingress.mqtt.topics import KIND_STATUS, Right, Route
from penstock.ingress.mqtt.translate import (
    DEDUPE_KEY,
    MAX_DEDUPE_KEY,
    MAX_KEPT_BYTES,
    MAX_READINGS,
    names_itself,
    to_malformed,
    to_new_readings,
)
from penstock.kit.clock import parse_time
from penstock.kit.errors import InvalidInput

DEVICE = cast(DeviceRef, object())
NOON = "2026-05-02T12:00:00Z"


def publish(payload: bytes, *keys: str, qos: int = 1, packet_id: int = 7) -> Publish:
    own: dict[Any, Any] = {Property.USER_PROPERTY: [("other", "x"), *((DEDUPE_KEY, key) for key in keys)]} if keys else {}
    return Publish("t", payload, qos, packet_id, False, False, own)


def read(message: Publish, kind: str = "telemetry") -> list[Any]:
    return to_new_readings(DEVICE, Route(Right.OWN, kind, "c"), message, lambda _: None)[0]


@pytest.mark.parametrize(
    ("payload", "times"),
    [
        (b'{"t": 1}', [None]),
        (b'{"t":1,"ts":1777723200}', [parse_time(NOON)]),
        (b'{"t": 1, "timestamp": "2026-05-02T12:00:00Z", "ts": 5}', [parse_time(NOON)]),
        (b'{"t": 1, "timestamp": null, "ts": 1777723200}', [parse_time(NOON)]),
        (b'[{"t": 1, "ts": 1777723200}, {"t":  2}]', [parse_time(NOON), None]),
    ],
)
def test_readings_are_kept_as_they_were_sent(payload: bytes, times: list[int | None]) -> None:
    found = read(publish(payload))
    assert [one.time_us for one in found] == times
    assert b"".join(one.payload for one in found).replace(b" ", b"") == payload.strip(b"[]").replace(b"}, {", b"}{").replace(
        b" ", b""
    )
    assert {(one.kind, one.channel) for one in found} == {("telemetry", "c")}


@pytest.mark.parametrize(
    "payload",
    [
        b'{"t": 1, "ts": "yesterday"}',
        b"",
        b"7",
        b"{}",
        b"[]",
        b"[7]",
        b"[{}]",
        b"online",
        b"{",
        b"[" + b",".join([b'{"t":1}'] * (MAX_READINGS + 1)) + b"]",
    ],
)
def test_what_is_no_reading(payload: bytes) -> None:
    with pytest.raises(InvalidInput):
        read(publish(payload))


def test_a_status_may_be_a_bare_word() -> None:
    assert read(publish(b"online"), KIND_STATUS)[0].payload == b'{"status":"online"}'
    for payload in (b"on line", "größe".encode(), b"a" * 33):
        with pytest.raises(InvalidInput):
            read(publish(payload), KIND_STATUS)


def test_names_of_messages() -> None:
    assert [one.dedupe_key for one in read(publish(b'{"t": 1}'))] == [None]
    assert [one.dedupe_key for one in read(publish(b'{"t": 1}', "k", qos=0))] == ["k"]
    assert [one.dedupe_key for one in read(publish(b'[{"t": 1}, {"t": 2}]', "k"))] == ["k\n0", "k\n1"]
    made = [
        read(publish(payload, qos=2, packet_id=number))[0].dedupe_key
        for payload, number in ((b'{"t": 1}', 7), (b'{"t": 1}', 8), (b'{"t": 2}', 7))
    ]
    assert len(set(made)) == 3
    assert made[0] == read(publish(b'{"t": 1}', qos=2))[0].dedupe_key
    assert [names_itself(one) for one in (publish(b"", "k"), publish(b""))] == [True, False]
    for key in ("", "x" * (MAX_DEDUPE_KEY + 1)):
        with pytest.raises(InvalidInput):
            read(publish(b'{"t": 1}', key))


def test_what_is_kept_of_a_message_that_is_none() -> None:
    text = json.loads(to_malformed(publish(b"x" * 5000), "no JSON"))
    assert text == {"topic": "t", "reason": "no JSON", "size_bytes": 5000, "payload": "x" * MAX_KEPT_BYTES}
    assert base64.b64decode(json.loads(to_malformed(publish(b"\xff\0"), ""))["payload_base64"]) == b"\xff\0"
