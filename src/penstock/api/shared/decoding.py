"""Decodes the ids and lists of requests for the core."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, I, IdKind, Prefix, decode


def path_id(kind: IdKind[I], text: str) -> I:
    """Decode an id in a path. A malformed one becomes 0, which no object has, so malformed and unknown ids look the same."""
    return decode(kind, text) or kind.make(0)


def device_id_of(call: Call[Any, Any]) -> DeviceId:
    """The device in a call's path."""
    return path_id(Prefix.DEVICE, call.path["device_id"])


def body_id(kind: IdKind[I], text: str, field: str) -> I:
    """Decode an id in a body or query.

    Raises:
        InvalidInput: it is not an id of this kind.
    """
    number = decode(kind, text)
    if number is None:
        raise InvalidInput.field(field, f"must be an id that starts with {kind}_", "id")
    return number


def split_list(text: str | None, field: str, limit: int) -> tuple[str, ...]:
    """Decode a comma-separated query parameter.

    Raises:
        InvalidInput: an entry is empty, or there are more than `limit`.
    """
    if not text:
        return ()
    parts = tuple(part.strip() for part in text.split(","))
    if not all(parts) or len(parts) > limit:
        raise InvalidInput.field(field, f"must be a comma-separated list of 1 to {limit} names")
    return tuple(dict.fromkeys(parts))
