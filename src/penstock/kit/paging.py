"""Pages of a list: a limit, an opaque cursor to continue from, and nothing else.

A cursor is the sort key of the last row of the page, as JSON in URL-safe base64. It is not secret and grants nothing: the query
that uses it is bound to the caller's organisation like every other, so a foreign cursor only selects a position.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from penstock.kit.errors import InvalidInput

T = TypeVar("T")


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One page of a list and the cursor of the next one, None at the end."""

    items: list[T]
    next_cursor: str | None = None


def page_of(found: Sequence[T], limit: int, key: Callable[[T], tuple[int | str, ...]]) -> Page[T]:
    """The page of rows that were queried with one more than `limit`; `key` returns a row's sort key."""
    more = len(found) > limit
    return Page(items=list(found[:limit]), next_cursor=encode_cursor(*key(found[limit - 1])) if more else None)


async def all_items(load: Callable[[str | None], Awaitable[Page[T]]]) -> list[T]:
    """Every item of a list, for an answer that has no pages; `load` returns the page at a cursor."""
    items: list[T] = []
    cursor: str | None = None
    while True:
        page = await load(cursor)
        items += page.items
        cursor = page.next_cursor
        if cursor is None:
            return items


def encode_cursor(*key: int | str) -> str:
    """The cursor after a row with this sort key."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def decode_cursor(text: str | None, types: type[T]) -> T | None:
    """The sort key inside a cursor, or None without a cursor.

    Raises:
        InvalidInput: the text is not a cursor of this list.
    """
    if not text:
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        key = msgspec.json.decode(raw, type=types)
    except (binascii.Error, ValueError):
        raise InvalidInput.field("cursor", "must be a cursor returned by this list") from None
    if any(isinstance(part, int) and not -(2**63) <= part < 2**63 for part in key):  # type: ignore[attr-defined]
        raise InvalidInput.field("cursor", "must be a cursor returned by this list")
    return key
