"""A search through readings: as many as are wanted, page by page, and never more than one search may look at."""

from __future__ import annotations

from typing import Any, cast

import pytest

from penstock.core.actor import Actor
from penstock.core.telemetry import search
from penstock.core.telemetry.errors import SearchTooWide
from penstock.core.telemetry.models import HistoryQuery, Reading, TimeRange
from penstock.core.telemetry.search import ReadingSearch
from penstock.kit.ids import DeviceId, OrgId, Seq

PAGE = 10


class History:
    """So many readings, in order, and the pages that were asked for."""

    def __init__(self, count: int) -> None:
        self.rows = [Reading(OrgId(1), DeviceId(1), at, at, b"{}", seq=Seq(at)) for at in range(count)]
        self.pages: list[int] = []

    async def history(self, actor: Actor, query: HistoryQuery) -> tuple[list[Reading], None]:
        self.pages.append(query.limit)
        begin = 0 if query.after is None else query.after[1] + 1
        return self.rows[begin : begin + query.limit], None

    async def find(self, limit: int, **about: Any) -> list[int]:
        query = HistoryQuery(device_id=DeviceId(1), range=TimeRange(from_us=0, to_us=10**6), limit=limit)
        found = await ReadingSearch(cast(Any, self)).find(Actor.system(OrgId(1)), query, **about)
        return [one.seq for one in found]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "EXPORT_PAGE", PAGE)
    monkeypatch.setattr(search, "MAX_SCANNED", 3 * PAGE)


async def test_without_a_predicate_no_more_is_read_than_wanted() -> None:
    history = History(100)
    assert await history.find(3, skip=2) == [2, 3, 4]
    assert history.pages == [5]
    assert await history.find(4, skip=13) == [13, 14, 15, 16]
    assert await History(4).find(9, skip=2) == [2, 3]
    assert await History(0).find(9) == []


async def test_what_matches_is_found_across_pages() -> None:
    history = History(25)
    assert await history.find(3, matches=lambda one: one.seq % 7 == 0, skip=1) == [7, 14, 21]
    assert history.pages == [PAGE] * 3
    assert await History(20).find(9, matches=lambda one: one.seq == 19) == [19]


async def test_a_search_ends_after_as_many_as_it_may_look_at() -> None:
    assert await History(3 * PAGE - 1).find(1, matches=lambda one: False) == []
    with pytest.raises(SearchTooWide):
        await History(100).find(1, matches=lambda one: one.seq == 3 * PAGE)
    assert await History(100).find(1, matches=lambda one: one.seq == 3 * PAGE - 1) == [3 * PAGE - 1]
