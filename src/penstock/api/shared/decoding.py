"""Decodes the ids and lists of requests for the core."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.not_found import MAX_SHOWN, not_found
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, I, IdKind, Prefix, decode


def path_id(kind: IdKind[I], text: str) -> I:
    """Decode an id in a path.

    Raises:
        PenstockError: it is not an id of this kind; the error is that of an unknown id, and names it as it was sent.
    """
    number = decode(kind, text)
    if number is None:
        raise not_found(kind, text)
    return number


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
        raise InvalidInput.field(field, f"must be an id such as {kind}_0c2k9fq7w3m1x; {text[:MAX_SHOWN]} is not one", "id")
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
