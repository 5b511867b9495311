"""Search over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.routes import Routes
from penstock.api.v2.search import wire
from penstock.api.v2.search.examples import HITS, QUERY
from penstock.core.search.models import HitKind
from penstock.core.search.service import SearchService
from penstock.kit.operation import Example


class SearchEndpoints:
    """Search everything by name."""

    routes = Routes("/api/v2/search", surface="v2", tag="Search")

    def __init__(self, search: SearchService) -> None:
        self._search = search

    @routes.get(scope="profile:read", example=Example(query=QUERY, answer=HITS))
    async def search(self, call: Call[wire.SearchQuery, None]) -> wire.Hits:
        """Search devices, alerts, rules and other things by name.

        At most 10 of each type: names that begin with the text first, then those with a word that does, then others that contain
        it. Devices are found by identifier, label (`key:value`) and id too, and all things by the beginning of their id. Each
        type requires its read scope; types without it are omitted.
        """
        query = call.query
        found = await self._search.search(call.actor, query.q, {HitKind(one) for one in query.types}, query.limit)
        return wire.Hits([wire.Hit(one.kind.value, one.id, one.name, one.detail) for one in found])
