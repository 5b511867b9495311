"""Iottly's names for devices and messages: pure functions; none of these names is stored.

A device's UUID contains the device's number and its checksum in the bits that version 4 leaves free, so that it can be decoded
and a mistyped one matches no device. A message's id contains the second of its arrival and its sequence number.
"""

from __future__ import annotations

from hashlib import blake2b
from uuid import UUID

from penstock.core.devices.models import Device, IdentifierKind
from penstock.kit.ids import DeviceId, Seq, object_id

_ID_BITS = 63
_CHECK_BITS = 59
_LOW_BITS = 62
"""The bits after the variant in a UUID. The other 60 free bits are before it, split by the version."""


def device_name(device: Device) -> str:
    """The UUID of a device: its external identifier from Iottly if it has one, else the one derived from its id."""
    external_ids = (one.value for one in device.identifiers if one.kind is IdentifierKind.EXTERNAL and is_uuid(one.value))
    return next(external_ids, None) or encode_uuid(device.id)


def is_uuid(text: str) -> bool:
    """Whether a string is a UUID in the usual notation."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def encode_uuid(device_id: DeviceId) -> str:
    """The UUID (version 4) derived from a device's id."""
    free = _check(device_id) << _ID_BITS | device_id
    high, low = divmod(free, 1 << _LOW_BITS)
    # 0x4 is the version and 0b10 the variant, at their places in a UUID (RFC 9562).
    number = (high >> 12) << 80 | 0x4 << 76 | (high & 0xFFF) << 64 | 0b10 << _LOW_BITS | low
    return str(UUID(int=number))


def decode_uuid(text: str) -> DeviceId | None:
    """The device id in a UUID created by `encode_uuid`; None for any other UUID."""
    if not is_uuid(text):
        return None
    number = UUID(text).int
    high = (number >> 80) << 12 | number >> 64 & 0xFFF
    device_id = DeviceId((high << _LOW_BITS | number & (1 << _LOW_BITS) - 1) & (1 << _ID_BITS) - 1)
    return device_id if encode_uuid(device_id) == text else None


def message_name(received_us: int, seq: Seq) -> str:
    """The id of a message. Ids increase in log order."""
    return object_id(received_us, seq)


def _check(device_id: DeviceId) -> int:
    digest = blake2b(device_id.to_bytes(8), digest_size=8, person=b"iottly device").digest()
    return int.from_bytes(digest) >> 64 - _CHECK_BITS
