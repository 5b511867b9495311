"""Decodes one stored uplink again. Pure.

The result is the payload that the uplink would have been stored with if its codec had been the present one. An uplink that can no
longer be decoded keeps its values: a codec that fails must not cost values that another one has decoded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from penstock.core.codecs.models import CodecInput, Result
from penstock.core.codecs.running import decoded, payload_of, within_limit
from penstock.core.codecs.store import CodecInUse
from penstock.core.redecodes.models import NewPayload
from penstock.core.telemetry.models import Reading, hash_of
from penstock.core.uplinks.decoding import METADATA, decoded_payload, kept_message
from penstock.core.uplinks.histories import divide
from penstock.core.uplinks.models import NetworkMessage
from penstock.core.uplinks.store import KeptReading
from penstock.kit.ids import Seq

Derive: TypeAlias = Callable[[NetworkMessage], Mapping[str, object]]
"""The values that an endpoint for uplinks adds to those of the codec."""
_FAILED = "failed"


class StoredUplink(msgspec.Struct, frozen=True):
    """An uplink as it is stored: its message before a codec ran, its bytes, the facts next to its values, and the values."""

    reading: Reading
    message: NetworkMessage
    payload: bytes
    metadata: dict[str, Any]
    values: dict[str, Any]

    @property
    def has_values(self) -> bool:
        """Whether any values are stored."""
        return bool(self.values)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How many readings an uplink may have, how large each may be, and how far one's time may be after the arrival."""

    max_readings: int
    max_payload_bytes: int
    max_ahead_us: int


class Redecoded(msgspec.Struct, frozen=True):
    """The outcome for one uplink: its new payload, time and hashed key, None if they stay, and its values if these are others.

    `earlier` are the readings besides, which the uplink carried.
    """

    payload: bytes | None = None
    time_us: int | None = None
    changed: dict[str, Any] | None = None
    failed: bool = False
    earlier: tuple[NewPayload, ...] = ()
    dedupe: bytes | None = None


def stored_uplink(reading: Reading, derive: Derive) -> StoredUplink | None:
    """A reading as an uplink; None if it contains no bytes that could be decoded."""
    kept = KeptReading(time_us=reading.time_us, received_us=reading.received_us, payload=reading.payload, dedupe_key=None)
    try:
        message, metadata = kept_message("", kept)
    except (ValueError, AttributeError):  # an object named `lorawan` that the device itself sent
        return None
    values = message.values or {}
    earlier = metadata.get("network_values") if isinstance(message.codec, dict) else _sent(message, derive)
    message = msgspec.structs.replace(message, codec=None, values=earlier or None)
    payload = payload_of(message) if isinstance(message.data, str) else None
    return None if payload is None else StoredUplink(reading, message, payload, metadata, values)


def input_of(uplink: StoredUplink, used: CodecInUse) -> CodecInput:
    """What the codec receives: the same as when the uplink arrived."""
    return CodecInput(
        payload=uplink.payload,
        f_port=uplink.message.f_port,
        received_us=uplink.message.time_us,
        variables=used.settings,
    )


def redecoded(
    uplink: StoredUplink, used: CodecInUse, result: Result, derive: Derive, limits: Limits, *, has_route: bool
) -> Redecoded:
    """The outcome for a stored uplink. `has_route`: it came through a connection, which adds no values.

    What would not have been stored on arrival is not stored now: invalid elements, and those that are too large or of the future.
    """
    result = within_limit(result, limits.max_readings)
    failed = result.data is None
    if failed and uplink.has_values:
        return Redecoded(failed=True)
    message = decoded(uplink.message, used, result)
    latest_us = uplink.reading.received_us + limits.max_ahead_us
    divided = divide(message, uplink.reading.received_us, limits.max_readings, lambda time_us: time_us > latest_us)
    messages = [message] if divided is None else [part.message for part in divided.parts]
    if not failed and _is_derived(uplink, derive, has_route=has_route):
        messages = [msgspec.structs.replace(one, values={**(one.values or {}), **derive(one)} or None) for one in messages]
    found = _of_main(uplink, messages.pop(), failed=failed)
    is_ahead = found.time_us is not None and found.time_us > latest_us
    if is_ahead or (found.payload is not None and len(found.payload) > limits.max_payload_bytes):
        return Redecoded(failed=True)
    earlier = [_new(uplink, one) for one in messages if (one.time_us or 0) <= latest_us]
    fitting = tuple(one for one in earlier if len(one.payload) <= limits.max_payload_bytes)
    return msgspec.structs.replace(found, earlier=fitting) if fitting else found


def _of_main(uplink: StoredUplink, message: NetworkMessage, *, failed: bool) -> Redecoded:
    """The outcome for the reading that is stored."""
    payload, time_us = decoded_payload(message, uplink.metadata), message.time_us
    is_moved = time_us is not None and time_us != uplink.reading.time_us
    if payload == uplink.reading.payload and not is_moved:
        return Redecoded(failed=failed)
    changed = is_moved or payload != _as_of_version(uplink, message)
    values = (message.values or {}) if changed else None
    return Redecoded(payload, time_us if is_moved else None, values, failed, dedupe=_hash_of(message))


def _new(uplink: StoredUplink, message: NetworkMessage) -> NewPayload:
    """An earlier reading that an uplink carried, as a reading of its own."""
    time_us = uplink.reading.time_us if message.time_us is None else message.time_us
    return NewPayload(uplink.reading.device_id, Seq(0), message.payload(message.values or {}), time_us, _hash_of(message))


def _hash_of(message: NetworkMessage) -> bytes | None:
    return None if message.dedupe_key is None else hash_of(message.dedupe_key)


def _sent(message: NetworkMessage, derive: Derive) -> dict[str, Any]:
    """The values that the network server sent, without those that were derived from them on arrival."""
    values = dict(message.values or {})
    for name, value in derive(message).items():
        rest = {key: one for key, one in values.items() if key != name}
        if values.get(name) == value == derive(msgspec.structs.replace(message, values=rest)).get(name):
            values = rest
    return values


def _is_derived(uplink: StoredUplink, derive: Derive, *, has_route: bool) -> bool:
    """Whether derived values belong to an uplink: it has some, or it has no values and came through an endpoint that derives."""
    if not uplink.has_values:
        return not has_route
    found = derive(msgspec.structs.replace(uplink.message, values=uplink.values))
    return bool(found) and all(name in uplink.values for name in found)


def _as_of_version(uplink: StoredUplink, message: NetworkMessage) -> bytes:
    """The stored payload as if the present version of the codec had decoded the same."""
    codec = uplink.metadata.get("codec")
    if not isinstance(codec, dict) or message.codec is None:
        return uplink.reading.payload
    about = codec | {name: message.codec[name] for name in ("profile_id", "version")}
    return msgspec.json.encode({**uplink.values, METADATA: {**uplink.metadata, "codec": about}})


class _Lorawan(msgspec.Struct):
    data: str | None = None
    encrypted: bool = False
    codec: dict[str, Any] | None = None


_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_LORAWAN = msgspec.json.Decoder(_Lorawan)


def lacks_values(payload: bytes) -> bool | None:
    """Whether a stored payload is that of an uplink whose codec failed, or that has no values; None if it cannot be decoded."""
    try:
        fields = _FIELDS.decode(payload)
        about = _LORAWAN.decode(fields.get(METADATA, b"{}"))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if about.data is None or about.encrypted:
        return None
    return len(fields) == 1 or (about.codec is not None and about.codec.get("status") == _FAILED)
