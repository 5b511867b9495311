"""Each kind of thing that search names is searched, by one searcher."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from penstock.bootstrap.search import search_part
from penstock.core.people.roles import SCOPES, Role
from penstock.core.search.models import HitKind


def test_each_kind_has_its_searcher() -> None:
    parts: Any = SimpleNamespace(database=None, service=None)
    (endpoints,) = search_part(parts, parts).endpoints
    searchers = vars(vars(endpoints)["_search"])["_searchers"]
    assert sorted(one.kind for one in searchers) == sorted(HitKind)
    assert {one.scope for one in searchers} <= SCOPES[Role.OWNER]
