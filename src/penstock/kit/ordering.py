"""Lists that people search and sort: what they asked for, and the place in a list from which a store reads.

A list has an order of its own, by which every page is read that asks for none; its cursor is the id of the last row. Other orders
are by a field and then by the id, so that two rows never have the same position; their cursors name them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from penstock.kit.errors import InvalidInput
from penstock.kit.ids import MAX_ID
from penstock.kit.paging import Page, decode_cursor, page_of

T = TypeVar("T")
Position = tuple[int | str, ...]
_LAST_TEXT = chr(sys.maxunicode) * 400
"""A text after every name, e-mail and address, which are all shorter."""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What to show of a list: the rows with a text, in an order such as `name` or `-name`; None: all, in its own order."""

    text: str | None = None
    sort: str | None = None


WHOLE = View()


class Place(msgspec.Struct, frozen=True):
    """From where to read a list: after a position in an order, "" for its own, and only rows with a text."""

    after: Position
    sort: str = ""
    text: str | None = None


After = Place | int | None
"""A place, or in a list's own order the id after which to read; None: from the beginning of one that is newest first."""


class Field(msgspec.Struct, frozen=True):
    """A field by which a list is sorted: the attribute of its items, and whether it is a text or a number."""

    attribute: str
    kind: type[str] | type[int] = str


class Ordering(Generic[T]):
    """The orders of a list. `own` is its own, by id; `fields` are the others by the names that callers use."""

    def __init__(self, own: str, fields: Mapping[str, Field], *, by_id: str = "id") -> None:
        self._own = own
        self._by_id = by_id
        self._fields = fields

    def place(self, view: View, cursor: str | None) -> Place:
        """Where a page begins.

        Raises:
            InvalidInput: the cursor is not one of this list in this order.
        """
        sort = self._sort(view)
        if not sort:
            after: Any = decode_cursor(cursor, tuple[int])
        else:
            found: Any = decode_cursor(cursor, self._cursor(sort))
            if found is not None and found[0] != sort:
                raise InvalidInput.field("cursor", "must be a cursor returned by this list in the same order")
            after = found[1:] if found else None
        return Place(after or self._start(sort or self._own), sort, view.text)

    def page(self, found: Sequence[T], limit: int, view: View) -> Page[T]:
        """The page of rows that were queried with one more than `limit`."""
        sort = self._sort(view)
        return page_of(found, limit, lambda last: (sort, *self.position(last, sort)) if sort else self.position(last, sort))

    def position(self, item: T, sort: str) -> Position:
        """The place of an item in an order, "" for the list's own."""
        number = getattr(item, self._by_id)
        field = self._fields.get(sort.lstrip("-"))
        return (getattr(item, field.attribute), number) if field else (number,)

    def select(self, items: Iterable[T], place: Place, *searched: str) -> list[T]:
        """The items of a list in memory that follow a place, in its order; `searched` are the attributes with texts.

        Letters are compared as SQLite does: A to Z are the same as a to z.
        """
        text, sort = _folded(place.text or ""), place.sort or self._own
        found = [one for one in items if any(text in _folded(getattr(one, name)) for name in searched)]
        return self.merge([one for one in found if self._follows(one, sort, place)], sort)

    def merge(self, items: Iterable[T], sort: str | None) -> list[T]:
        """Items in an order, None for the list's own."""
        by = sort or self._own
        return sorted(items, key=lambda one: _key(self.position(one, by)), reverse=by.startswith("-"))

    def _follows(self, item: T, sort: str, place: Place) -> bool:
        here, start = _key(self.position(item, sort)), _key(place.after)
        return here < start if sort.startswith("-") else here > start

    def _sort(self, view: View) -> str:
        return "" if view.sort in (None, self._own) else str(view.sort)

    def _cursor(self, sort: str) -> Any:
        field = self._fields.get(sort.lstrip("-"))
        if field is None:
            return tuple[str, int]
        return tuple[str, int, int] if field.kind is int else tuple[str, str, int]

    def _start(self, sort: str) -> Position:
        field, last = self._fields.get(sort.lstrip("-")), sort.startswith("-")
        number = MAX_ID if last else -1
        if field is None:
            return (number,)
        return (number if field.kind is int else _LAST_TEXT if last else "", number)


def _folded(text: str) -> bytes:
    return text.encode().lower()


def _key(position: Position) -> tuple[Any, ...]:
    return tuple(_folded(part) if isinstance(part, str) else part for part in position)


def by_name(own: str) -> Ordering[Any]:
    """The orders of a list by the names and ids of its items, whose own is `created_at` or `-created_at`."""
    return Ordering(own, {"name": Field("name")})
