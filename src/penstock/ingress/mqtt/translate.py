"""Converts messages to readings, and malformed messages to quarantined ones.

A payload is a JSON object of values, or an array of such objects. The event time is in its field `timestamp` or `ts`, as RFC
3339 or epoch seconds or milliseconds; if it is missing or null, the event time is the time of arrival. A status can also be a
single word, as last wills often are.
"""

from __future__ import annotations

import base64
from hashlib import blake2b
from typing import Any

import msgspec

from penstock.core.devices.models import DeviceRef
from penstock.core.telemetry.models import NewReading, Source
from penstock.ingress.mqtt.protocol.packets import Property, Publish
from penstock.ingress.mqtt.topics import KIND_STATUS, Route
from penstock.kit import strict_json
from penstock.kit.errors import InvalidInput
from penstock.kit.event_time import read_time

MAX_READINGS = 1_000
"""Readings in one message."""
MAX_KEPT_BYTES = 4_096
"""How much of a malformed payload is quarantined."""
MAX_DEDUPE_KEY = 200
DEDUPE_KEY = "dedupe_key"
"""The user property (MQTT 5) with the device's own dedupe key."""
_TIME_FIELDS = ("timestamp", "ts")
_raw_rows = msgspec.json.Decoder(list[msgspec.Raw])


def to_new_readings(device: DeviceRef, route: Route, publish: Publish) -> list[NewReading]:
    """The readings of a message, each payload exactly as sent.

    Raises:
        InvalidInput: the message holds no readings; the error states why.
    """
    payload = publish.payload
    key = _dedupe_key(publish)
    word = payload.strip()
    if route.kind == KIND_STATUS and word.isalpha() and word.isascii() and len(word) <= 32:
        payload = b'{"status":"%s"}' % word
    value = strict_json.decode(payload)
    if type(value) is dict:
        _check_row(value)
        return [NewReading(device, payload, _event_time(value), route.kind, route.channel, key, Source.MQTT)]
    if type(value) is not list or not value:
        raise InvalidInput.field("", "a message must be an object of values, or an array of such objects")
    if len(value) > MAX_READINGS:
        raise InvalidInput.field("", f"a message must have at most {MAX_READINGS} readings")
    for row in value:
        _check_row(row)
    return [
        NewReading(
            device,
            bytes(raw),
            _event_time(row),
            route.kind,
            route.channel,
            None if key is None else f"{key}\n{number}",
            Source.MQTT,
        )
        for number, (row, raw) in enumerate(zip(value, _raw_rows.decode(payload), strict=True))
    ]


def _check_row(row: Any) -> None:
    if type(row) is not dict or not row:
        raise InvalidInput.field("", "a reading must be an object with at least one value")


def _event_time(row: dict[str, Any]) -> int | None:
    for field in _TIME_FIELDS:
        if row.get(field) is not None:
            return read_time(row[field], field)
    return None


def _dedupe_key(publish: Publish) -> str | None:
    """The key that distinguishes a repeated delivery from a new message.

    The device's own key is used at every QoS. At QoS 2, the key is the packet identifier with topic and payload: so a message
    whose exchange was interrupted by a crash of the server is recognised, although the session state was lost.
    """
    if publish.properties:
        for name, value in publish.properties.get(Property.USER_PROPERTY, ()):
            if name == DEDUPE_KEY:
                if not 0 < len(value) <= MAX_DEDUPE_KEY:
                    raise InvalidInput.field(DEDUPE_KEY, f"must have 1 to {MAX_DEDUPE_KEY} characters")
                return str(value)
    if publish.qos < 2:
        return None
    return f"mqtt\n{publish.packet_id}\n{publish.topic}\n{blake2b(publish.payload, digest_size=16).hexdigest()}"


def names_itself(publish: Publish) -> bool:
    """Whether the device sent its own dedupe key with the message."""
    return any(name == DEDUPE_KEY for name, _ in publish.properties.get(Property.USER_PROPERTY, ()))


def to_malformed(publish: Publish, reason: str) -> bytes:
    """The quarantined form of a malformed message: a JSON object with its topic, the reason, and its start."""
    return to_kept(publish.topic, publish.payload, reason)


def to_kept(topic: str, payload: bytes, reason: str) -> bytes:
    """The same for a part of a message."""
    kept = payload[:MAX_KEPT_BYTES]
    out: dict[str, object] = {"topic": topic[:512], "reason": reason, "size_bytes": len(payload)}
    try:
        out["payload"] = kept.decode()
    except UnicodeDecodeError:
        out["payload_base64"] = base64.b64encode(kept).decode()
    return msgspec.json.encode(out)
