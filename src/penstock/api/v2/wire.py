"""Structs that all resources of the native API share."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from msgspec import Meta, Struct

T = TypeVar("T")
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Word = Annotated[str, Meta(min_length=1, max_length=64)]
Text = Annotated[str, Meta(max_length=2000)]
Id = Annotated[str, Meta(min_length=1, max_length=64)]
Labels = Annotated[dict[Word, Annotated[str, Meta(max_length=256)]], Meta(max_length=64)]
Limit = Annotated[int, Meta(ge=1, le=1000)]
Cursor = Annotated[str, Meta(max_length=512)]
SearchText = Annotated[str, Meta(min_length=1, max_length=100)]
ByName = Literal["name", "-name", "created_at", "-created_at"]
Status = Literal["active", "paused"]


class ListOf(Struct, Generic[T], frozen=True):
    """A page of a list. `next_cursor` is null on the last page."""

    data: list[T]
    next_cursor: str | None = None


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    """A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page."""

    limit: Limit = 100
    cursor: Cursor | None = None


class Searched(Page, frozen=True, forbid_unknown_fields=True):
    """A page of the list, of things with a text."""

    q: SearchText | None = None


class NewestFirst(Searched, frozen=True, forbid_unknown_fields=True):
    """A page of the list, newest first unless sorted otherwise."""

    sort: ByName = "-created_at"


class OldestFirst(Searched, frozen=True, forbid_unknown_fields=True):
    """A page of the list, oldest first unless sorted otherwise."""

    sort: ByName = "created_at"
