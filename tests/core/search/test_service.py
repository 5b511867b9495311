"""Search asks only where the caller may read, and puts the best first."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.core.actor import Actor, ActorKind
from penstock.core.search.models import Hit, HitKind, SearchRequest, rank_of
from penstock.core.search.service import SearchService
from penstock.kit.ids import OrgId

NAMES = ("Heatpump", "Pump", "North pump", "Pump 2")


class Fixed:
    """A searcher that finds the same names, and keeps what it was asked for."""

    def __init__(self, kind: HitKind, scope: str) -> None:
        self.kind, self.scope = kind, scope
        self.asked: list[SearchRequest] = []

    async def search(self, actor: Actor, request: SearchRequest) -> Sequence[Hit]:
        self.asked.append(request)
        return [Hit(kind=self.kind, id=one, name=one, detail="", rank=rank_of(one, request.text)) for one in NAMES]


def caller(*scopes: str) -> Actor:
    return Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1, scopes=frozenset(scopes))


async def test_the_best_of_all_kinds_come_first() -> None:
    search = SearchService([Fixed(HitKind.RULE, "rules:read"), Fixed(HitKind.DEVICE, "devices:read")])
    found = await search.search(caller("rules:read", "devices:read"), "pump", (), 5)
    assert [(one.kind, one.name) for one in found] == [
        (HitKind.DEVICE, "Pump"),
        (HitKind.RULE, "Pump"),
        (HitKind.DEVICE, "Pump 2"),
        (HitKind.RULE, "Pump 2"),
        (HitKind.DEVICE, "North pump"),
    ]


async def test_only_what_the_caller_may_read_and_wants_is_asked() -> None:
    rules, devices = Fixed(HitKind.RULE, "rules:read"), Fixed(HitKind.DEVICE, "devices:read")
    search = SearchService([rules, devices])
    assert await search.search(caller("profile:read"), "pump", (), 50) == []
    await search.search(caller("rules:read"), " pump ", (), 50)
    await search.search(caller("rules:read", "devices:read"), "pump", {HitKind.RULE}, 5)
    assert (rules.asked, devices.asked) == ([SearchRequest(text="pump", limit=10), SearchRequest(text="pump", limit=5)], [])


async def test_spaces_find_nothing() -> None:
    assert await SearchService([Fixed(HitKind.RULE, "rules:read")]).search(caller("rules:read"), "  ", (), 5) == []
