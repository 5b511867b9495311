"""Ids as UUIDs, for clients that know no other form."""

from __future__ import annotations

import uuid

from penstock.kit.ids import MAX_ID, I, IdKind

_VERSION, _VARIANT = 8, 2
_LOW_BITS = 62
_LOW_MASK = 2**_LOW_BITS - 1


def to_uuid(kind: IdKind[I], number: I) -> str:
    """A Penstock id as a UUID of version 8 (RFC 9562), the version whose bits are left to the implementation.

    Shape: 48 bits of the id's prefix, then the number in the 74 bits that version and variant leave.
    """
    tag = int.from_bytes(kind.encode().ljust(6, b"\0"), "big")
    return str(uuid.UUID(int=tag << 80 | _VERSION << 76 | number >> _LOW_BITS << 64 | _VARIANT << 62 | number & _LOW_MASK))


def from_uuid(kind: IdKind[I], text: str) -> I:
    """The number in a UUID created by `to_uuid`. Any other string becomes 0, which no object has."""
    try:
        value = uuid.UUID(text).int
    except ValueError:
        return kind.make(0)
    number = kind.make((value >> 64 & 0xFFF) << _LOW_BITS | value & _LOW_MASK)
    # Encoded again and compared: another kind's prefix or another version must not lead to an object of this kind.
    return number if number <= MAX_ID and to_uuid(kind, number) == text.lower() else kind.make(0)
