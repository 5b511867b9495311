"""The port to what is searched: a noun adds itself by a searcher in the list that the bootstrap builds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from penstock.core.actor import Actor
from penstock.core.database import OrganizationDatabase
from penstock.core.search.models import Found, Hit, HitKind, Rank, SearchRequest, id_range, rank_of
from penstock.core.search.store import SearchTransaction
from penstock.core.tokens.models import TokenFilter
from penstock.core.tokens.service import TokenService
from penstock.kit.ids import IdKind, Prefix, text_of

_SEPARATORS = str.maketrans("", "", ":-. ")
_SUBSTRING_FROM = 3
"""Shorter texts are in nearly every name, so they are searched only at its beginning."""


class Searcher(Protocol):
    """Searches things of one kind. It is called only for callers with the scope, who may see all things that it finds."""

    @property
    def kind(self) -> HitKind:
        """The kind of its hits."""

    @property
    def scope(self) -> str:
        """The scope that reading such things requires."""

    async def search(self, actor: Actor, request: SearchRequest) -> Sequence[Hit]:
        """The best hits, at most `request.limit`."""


class StoredSearcher:
    """Searches the rows of a noun with the statement of its kind: see `SqliteSearch`."""

    def __init__(self, kind: HitKind, scope: str, prefix: IdKind[Any], database: OrganizationDatabase[SearchTransaction]) -> None:
        self.kind = kind
        self.scope = scope
        self._prefix = prefix
        self._database = database

    async def search(self, actor: Actor, request: SearchRequest) -> Sequence[Hit]:
        between = id_range(self._prefix, request.text)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.search.find(self.kind, request.text, between, request.limit)
        return [_hit(self.kind, self._prefix, one, request.text) for one in found]


class DeviceSearcher:
    """Searches devices, of which there can be a hundred thousand: by indexes, and by parts of names if these find none."""

    kind = HitKind.DEVICE
    scope = "devices:read"

    def __init__(self, database: OrganizationDatabase[SearchTransaction]) -> None:
        self._database = database

    async def search(self, actor: Actor, request: SearchRequest) -> Sequence[Hit]:
        text, limit = request.text, request.limit
        found: dict[int, Found] = {}
        async with self._database.snapshot(actor.org_id) as tx:
            store = tx.search
            if (between := id_range(Prefix.DEVICE, text)) is not None:
                _add(found, await store.devices_by_id(between, limit))
            _add(found, await store.devices_by_name(text, limit))
            for spelling in dict.fromkeys((text, text.lower(), text.lower().translate(_SEPARATORS))):
                if spelling and len(found) < limit:
                    _add(found, await store.devices_by_identifier(spelling, limit))
            key, colon, value = text.partition(":")
            if colon and len(found) < limit:
                _add(found, await store.devices_by_label(key.strip(), value.strip(), limit))
            if not found and len(text) >= _SUBSTRING_FROM:
                _add(found, await store.devices_containing(text, limit))
        return [_hit(self.kind, Prefix.DEVICE, one, text) for one in list(found.values())[:limit]]


class TokenSearcher:
    """Searches tokens, of which a caller sees those that are granted. They are addressed by their names."""

    kind = HitKind.TOKEN
    scope = "tokens:read"

    def __init__(self, tokens: TokenService) -> None:
        self._tokens = tokens

    async def search(self, actor: Actor, request: SearchRequest) -> Sequence[Hit]:
        page = await self._tokens.list(actor, TokenFilter(text=request.text), request.limit, None)
        tokens = [one.token for one in page.items]
        return [
            Hit(kind=self.kind, id=one.name, name=one.name, detail=one.issuer, rank=rank_of(one.name, request.text))
            for one in tokens
        ]


def _add(found: dict[int, Found], more: Sequence[Found]) -> None:
    for one in more:
        found.setdefault(one.id, one)


def _hit(kind: HitKind, prefix: IdKind[Any], one: Found, text: str) -> Hit:
    public = text_of(prefix, one.id)
    rank = Rank.EXACT if public == text.lower() else rank_of(one.name, text)
    return Hit(kind=kind, id=public, name=one.name, detail=one.detail, rank=rank)
