"""Converts messages to readings, and malformed messages to quarantined ones.

A payload is a JSON object of values, or an array of such objects, of which an invalid one leaves the others valid. An object with
such an array as its `data`, and nothing else but a time, is an array too (`core/telemetry/elements.py`). The event time is in
its field `timestamp` or `ts`, as RFC 3339 or epoch seconds or milliseconds; if it is missing or null, the event time is the time
of arrival. A status can also be a single word, as last wills often are.
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec

from penstock.core.devices.models import DeviceRef
from penstock.core.telemetry.elements import Around, key_of, read_around, read_element
from penstock.core.telemetry.errors import PayloadTooLarge
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


class RowFault(msgspec.Struct, frozen=True, gc=False):
    """An element of an array that is not a reading: its index, its text, and why."""

    number: int
    text: bytes
    reason: str


Converted = TypeVar("Converted")
Sorted = tuple[list[Converted], list[RowFault]]
NOT_READINGS = "a message must be an object of values, or an array of such objects"
_NO_FAULTS: list[RowFault] = []
_raw_rows = msgspec.json.Decoder(list[msgspec.Raw])


def to_new_readings(device: DeviceRef, route: Route, publish: Publish, check: Callable[[NewReading], None]) -> Sorted[NewReading]:
    """The readings of a message, each payload exactly as sent, and the elements of its array that are not readings.

    `check` raises PayloadTooLarge for a reading that is too large to be stored.

    Raises:
        InvalidInput: the message holds no readings; the error states why.
    """
    payload = publish.payload
    key = _dedupe_key(publish)
    word = payload.strip().strip(b'"')
    if route.kind == KIND_STATUS and word.isalpha() and word.isascii() and len(word) <= 32:
        payload = b'{"status":"%s"}' % word
    try:
        value = strict_json.decode(payload)
    except InvalidInput:
        if not is_array(payload):
            if (around := read_around(payload)) is not None:
                return _from_around(device, route, around, key, check)
            raise
        value = None
    if type(value) is dict:
        if type(value.get("data")) is list and (around := read_around(payload)) is not None:
            return _from_around(device, route, around, key, check)
        _check_row(value)
        return [NewReading(device, payload, _event_time(value), route.kind, route.channel, key, Source.MQTT)], _NO_FAULTS
    if value is not None and type(value) is not list:
        raise InvalidInput.field("", NOT_READINGS)
    return _from_array(device, route, payload, key, value, check)


def _from_array(
    device: DeviceRef, route: Route, payload: bytes, key: str | None, value: list[Any] | None, check: Callable[[NewReading], None]
) -> Sorted[NewReading]:
    def to_reading(number: int, text: bytes, row: Any) -> NewReading:
        _check_row(row)
        own_key = None if key is None else f"{key}\n{number}"
        reading = NewReading(device, text, _event_time(row), route.kind, route.channel, own_key, Source.MQTT)
        check(reading)
        return reading

    if value and len(value) <= MAX_READINGS:
        texts = _raw_rows.decode(payload)
        # Almost always all are valid. Only otherwise is each element looked at on its own.
        with contextlib.suppress(InvalidInput, PayloadTooLarge):
            rows = enumerate(zip(texts, value, strict=True))
            return [to_reading(number, bytes(text), row) for number, (text, row) in rows], _NO_FAULTS
    rows_alone = array_rows(payload, MAX_READINGS, value)
    return sort_out(rows_alone, lambda number, row: to_reading(number, row.text, row.value))


def _from_around(
    device: DeviceRef, route: Route, around: Around, key: str | None, check: Callable[[NewReading], None]
) -> Sorted[NewReading]:
    def to_reading(number: int, row: strict_json.Row) -> NewReading:
        found = read_element(row)
        time_us = read_time(around.time if found.time is None else found.time, "time")
        kind, channel = found.kind or route.kind, found.channel or route.channel
        own_key = found.dedupe_key or (None if key is None else f"{key}\n{number}")
        if own_key is None and time_us is not None and found.time is not None:
            own_key = key_of(time_us, kind, channel, found.data)
        reading = NewReading(device, found.data, time_us, kind, channel, own_key, Source.MQTT)
        check(reading)
        return reading

    check_count(around.rows, MAX_READINGS)
    return sort_out(around.rows, to_reading, "data")


def is_array(payload: bytes) -> bool:
    """Whether a payload starts as a JSON array."""
    return payload.lstrip(b" \t\r\n")[:1] == b"["


def array_rows(payload: bytes, limit: int, value: list[Any] | None = None) -> list[strict_json.Row]:
    """The elements of an array of readings; `value` is the array, if it was decoded before.

    Raises:
        InvalidInput: it is not a JSON array, is empty or has more than `limit` elements.
    """
    rows = strict_json.decode_rows(payload, value)
    if not rows:
        raise InvalidInput.field("", NOT_READINGS)
    check_count(rows, limit)
    return rows


def check_count(rows: list[strict_json.Row], limit: int) -> None:
    """Raises: InvalidInput: there are more than `limit` readings."""
    if len(rows) > limit:
        raise InvalidInput.field("", f"a message must have at most {limit} readings")


def sort_out(
    rows: list[strict_json.Row], convert: Callable[[int, strict_json.Row], Converted], name: str = ""
) -> Sorted[Converted]:
    """Convert the elements of an array, and set aside those that cannot be converted. `name` is that of the array.

    Raises:
        InvalidInput: none can be converted; the error is that of the first.
    """
    found: list[Converted] = []
    faults: list[RowFault] = []
    for number, row in enumerate(rows):
        try:
            if row.fault is not None:
                raise row.error
            found.append(convert(number, row))
        except (InvalidInput, PayloadTooLarge) as error:
            faults.append(RowFault(number, row.text, f"{name}[{number}]: {error.detail}"))
    if not found:
        raise InvalidInput.field("", faults[0].reason)
    return found, faults


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


def to_malformed(publish: Publish, reason: str, part: bytes | None = None) -> bytes:
    """The quarantined form of a malformed message, or of one element of it: a JSON object with topic, reason, and start."""
    return to_kept(publish.topic, publish.payload if part is None else part, reason)


def to_kept(topic: str, payload: bytes, reason: str) -> bytes:
    """The same for a part of a message."""
    kept = payload[:MAX_KEPT_BYTES]
    out: dict[str, object] = {"topic": topic[:512], "reason": reason, "size_bytes": len(payload)}
    try:
        out["payload"] = kept.decode()
    except UnicodeDecodeError:
        out["payload_base64"] = base64.b64encode(kept).decode()
    return msgspec.json.encode(out)
