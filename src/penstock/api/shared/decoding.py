"""Ids and lists inside requests: from their texts to what the core takes."""

from __future__ import annotations

from penstock.kit.errors import InvalidInput
from penstock.kit.ids import I, IdKind, decode


def path_id(kind: IdKind[I], text: str) -> I:
    """An id from a path. One that is no such id at all becomes 0, which nothing has: malformed and unknown look alike."""
    return decode(kind, text) or kind.make(0)


def body_id(kind: IdKind[I], text: str, field: str) -> I:
    """An id from a body or query.

    Raises:
        InvalidInput: it is no id of this kind.
    """
    number = decode(kind, text)
    if number is None:
        raise InvalidInput.field(field, f"an id here begins with {kind}_", "id")
    return number


def split_list(text: str | None, field: str, limit: int) -> tuple[str, ...]:
    """A comma-separated query field.

    Raises:
        InvalidInput: an empty member, or more than `limit`.
    """
    if not text:
        return ()
    parts = tuple(part.strip() for part in text.split(","))
    if not all(parts) or len(parts) > limit:
        raise InvalidInput.field(field, f"a comma-separated list of 1 to {limit} names")
    return tuple(dict.fromkeys(parts))
