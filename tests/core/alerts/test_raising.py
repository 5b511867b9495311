"""Alerts of rules: one definition by name, raised once for a device, and cleared with the rule."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.core.alerts.errors import AlertLimitReached
from penstock.core.alerts.models import ClearReason, Maintenance, Occurrence
from penstock.core.alerts.raising import AlertRequest, RuleAlerts, clear_of_rule
from penstock.core.devices.errors import DeviceNotFound
from penstock.kit.ids import DeviceId, IdSource, RuleId, RunId
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

RULE, TEN = RuleId(3), DeviceId(10)


@pytest.fixture(autouse=True)
async def device(shelf: Shelf) -> None:
    await shelf.add_device(10)


class Rule:
    """Raises and clears for Acme, with the clock in hand."""

    def __init__(self, shelf: Shelf, most: int = 10) -> None:
        self.shelf, self.clock = shelf, HeldClock()
        self.ids = IdSource(self.clock.now_us)
        self.alerts = RuleAlerts(ids=self.ids, clock=self.clock, max_per_org=most)

    def request(self, act: str, **about: Any) -> AlertRequest:
        known: dict[str, Any] = {"act": act, "rule_id": RULE, "run_id": RunId(4), "name": "frost", "device_id": TEN, "time_us": 5}
        return AlertRequest(**known | about)

    async def raised(self, act: str, **about: Any) -> Occurrence | None:
        self.clock.us += 1_000_000
        async with self.shelf.own() as tx:
            return await self.alerts.raise_for(tx, self.shelf.acme, self.request(act, **about))

    async def cleared(self, act: str, **about: Any) -> Occurrence | None:
        async with self.shelf.own() as tx:
            return await self.alerts.clear_for(tx, self.shelf.acme, self.request(act, **about))

    async def now(self, found: Occurrence) -> Occurrence:
        async with self.shelf.own() as tx:
            again = await tx.occurrences.find(found.id)
        assert again is not None
        return again


async def test_the_same_act_raises_once_and_another_is_suppressed_while_it_is_open(shelf: Shelf) -> None:
    rule = Rule(shelf)
    first = await rule.raised("a", value=7, seq=2)
    assert first is not None
    assert await rule.raised("a") == first
    assert await rule.raised("b") == first
    assert (await rule.now(first)).suppressed == 1
    over = await rule.cleared("c", value=1)
    assert over is not None
    assert (over.id, over.clear_reason, over.clear_value) == (first.id, ClearReason.CONDITION, 1)
    assert await rule.cleared("d") is None
    again = await rule.raised("e")
    assert again is not None
    assert (again.id != first.id, again.alert_id) == (True, first.alert_id), "one definition for the name"


async def test_nothing_is_raised_in_maintenance_or_where_it_is_disabled(shelf: Shelf) -> None:
    rule = Rule(shelf)
    first = await rule.raised("a")
    assert first is not None
    await rule.cleared("b")
    for until_us, raised in ((None, False), (rule.clock.us + 5_000_000, False), (rule.clock.us, True)):
        muted = Maintenance(device_id=TEN, until_us=until_us, reason="", created_by="", created_us=1)
        async with shelf.own() as tx:
            await tx.alerts.set_maintenance(muted)
        assert (await rule.raised(f"at {until_us}") is not None) is raised
    await rule.cleared("c")
    async with shelf.own() as tx:
        alert = await tx.alerts.find(first.alert_id)
        assert alert is not None
        await tx.alerts.update(msgspec.structs.replace(alert, enabled=False))
    assert await rule.raised("d") is None


async def test_a_deleted_device_and_a_full_organisation_are_refused(shelf: Shelf) -> None:
    rule = Rule(shelf, most=1)
    with pytest.raises(DeviceNotFound):
        await rule.raised("a", device_id=DeviceId(11))
    assert await rule.raised("b")
    with pytest.raises(AlertLimitReached):
        await rule.raised("c", name="heat")
    assert await rule.cleared("d", name="heat") is None


async def test_what_a_deleted_rule_raised_is_cleared_and_stays(shelf: Shelf) -> None:
    rule = Rule(shelf)
    await shelf.add_device(11)
    found = [await rule.raised(f"{number}", device_id=DeviceId(number)) for number in (10, 11)]
    other = await rule.raised("x", rule_id=RuleId(9))
    async with shelf.own() as tx:
        await clear_of_rule(tx, RULE, 77, rule.ids.number)
    for one in found:
        assert one is not None
        assert ((await rule.now(one)).cleared_us, (await rule.now(one)).clear_reason) == (77, ClearReason.CHANGED)
    assert other is not None
    assert (await rule.now(other)).cleared_us is None
