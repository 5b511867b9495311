"""Search in rows: the best names first, patterns are literal, and strangers find nothing."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.search.models import HitKind
from penstock.kit.ids import AlertId
from tests.core.alerts.watch import an_alert
from tests.support.shelf import Shelf


async def test_the_best_alerts_first(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        for number, name in enumerate(("Heatpump hot", "North pump hot", "pump 10% hot", "Door"), 1):
            await tx.alerts.create(msgspec.structs.replace(an_alert(), id=AlertId(number), org_id=shelf.acme, name=name))
        found = await tx.search.find(HitKind.ALERT, "PUMP", None, 10)
        assert [one.name for one in found] == ["pump 10% hot", "North pump hot", "Heatpump hot"]
        assert [one.id for one in await tx.search.find(HitKind.ALERT, "0% h", None, 10)] == [3]
        assert [one.id for one in await tx.search.find(HitKind.ALERT, "none", (4, 4), 10)] == [4]
        assert len(await tx.search.find(HitKind.ALERT, "pump", None, 2)) == 2
    async with shelf.strange() as tx:
        assert await tx.search.find(HitKind.ALERT, "pump", (1, 9), 10) == []


@pytest.mark.parametrize("kind", [one for one in HitKind if one not in (HitKind.DEVICE, HitKind.DASHBOARD, HitKind.TOKEN)])
async def test_every_kind_has_a_statement(shelf: Shelf, kind: HitKind) -> None:
    async with shelf.own() as tx:
        found = await tx.search.find(kind, "@example.org", None, 10)
    assert [one.detail for one in found] == (["acme@example.org"] if kind is HitKind.PERSON else [])
