"""Search over everything that has a name."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from penstock.core.actor import Actor
from penstock.core.search.models import MAX_PER_KIND, Hit, HitKind, SearchRequest
from penstock.core.search.searchers import Searcher

_ORDER = {kind: place for place, kind in enumerate(HitKind)}


class SearchService:
    """Asks each searcher for which the caller has the scope."""

    def __init__(self, searchers: Sequence[Searcher]) -> None:
        self._searchers = searchers

    async def search(self, actor: Actor, text: str, kinds: Collection[HitKind], limit: int) -> list[Hit]:
        """The best hits for a text, of some kinds or, with none, of all. A caller without any of the scopes gets none."""
        request = SearchRequest(text=text.strip(), limit=min(limit, MAX_PER_KIND))
        if not request.text:
            return []
        found: list[Hit] = []
        for searcher in self._searchers:
            if (not kinds or searcher.kind in kinds) and actor.allows(searcher.scope):
                found += await searcher.search(actor, request)
        found.sort(key=lambda one: (one.rank, _ORDER[one.kind], one.name.casefold(), one.id))
        return found[:limit]
