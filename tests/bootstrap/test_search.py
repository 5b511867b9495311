"""Every kind of hit has a searcher."""

from __future__ import annotations

from typing import Any, cast

from penstock.bootstrap.search import search_part
from penstock.core.search.models import HitKind
from tests.support.in_process import InProcessServer


def test_every_kind_is_searched(in_process: InProcessServer) -> None:
    async def kinds(server: Any) -> set[HitKind]:
        (endpoints,) = search_part(server, server.parts.tokens).endpoints
        return {one.kind for one in cast("Any", endpoints)._search._searchers}

    assert in_process.call(kinds) == set(HitKind)
