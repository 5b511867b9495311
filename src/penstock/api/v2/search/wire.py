"""Search over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from penstock.core.search.models import MAX_HITS, MAX_TEXT, HitKind
from penstock.kit.wire_types import one_of

TypeName = Literal["device", "dashboard", "alert", "rule", "connection", "customer", "profile", "webhook", "token", "person"]


class SearchQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The text to search for. `types` can be repeated; without it, all types are searched."""

    q: Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
    types: Annotated[list[TypeName], Meta(max_length=10)] = []
    limit: Annotated[int, Meta(ge=1, le=MAX_HITS)] = 20


class Hit(Struct, frozen=True):
    """A thing that was found. `id` is its id, of a token its name; `detail` is one line about it."""

    type: Annotated[str, one_of(*HitKind)]
    id: str
    name: str
    detail: str


class Hits(Struct, frozen=True):
    """The hits, the best first."""

    data: list[Hit]
