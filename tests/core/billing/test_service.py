"""Bills of the month to date, and statements by month and organisation."""

from __future__ import annotations

from decimal import Decimal

import pytest

from penstock.core.actor import Actor
from penstock.core.billing.errors import StatementNotFound
from penstock.core.billing.service import BillingService
from penstock.core.tenancy.models import Plan, Price
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.usage.models import DeviceHour
from penstock.kit.ids import DeviceId, StatementId
from tests.adapters.storage.sqlite.test_billing import JUNE_US, MAY_US, statement
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

PRICED = Plan(price=Price(tier="starter", base_cost=Decimal("49.00"), device_cost=Decimal("0.50"), included_devices=1))


def billing(shelf: Shelf, plan: Plan, now_us: int = JUNE_US) -> BillingService:
    plans = PlanCatalogue(shelf.database, {"enterprise": plan})
    return BillingService(database=shelf.database, plans=plans, clock=HeldClock(now_us))


async def report(shelf: Shelf, number: int, hour_us: int) -> None:
    device_id = await shelf.add_device(number)
    async with shelf.own() as tx:
        hour = DeviceHour(device_id=DeviceId(device_id), hour_us=hour_us, readings=1, data_points=1, size_bytes=1)
        await tx.usage.add_devices([hour])


async def test_the_month_to_date_counts_its_own_devices(shelf: Shelf) -> None:
    for number, hour_us in ((10, MAY_US), (11, JUNE_US), (12, JUNE_US)):
        await report(shelf, number, hour_us)
    bill = await billing(shelf, PRICED).summary(Actor.system(shelf.acme))
    assert (bill.active_devices, bill.overage_devices, bill.total_cost) == (2, 1, Decimal("49.50"))
    may = await billing(shelf, PRICED, JUNE_US - 1).summary(Actor.system(shelf.acme))
    assert (may.active_devices, may.end_us) == (1, JUNE_US)
    assert (await billing(shelf, PRICED).summary(Actor.system(shelf.other))).active_devices == 0


async def test_a_plan_without_a_price_costs_nothing_and_has_no_overage(shelf: Shelf) -> None:
    await report(shelf, 10, JUNE_US)
    bill = await billing(shelf, Plan()).summary(Actor.system(shelf.acme))
    assert (bill.tier, bill.active_devices, bill.overage_devices, bill.total_cost) == ("enterprise", 1, 0, Decimal("0.00"))


async def test_statements_are_the_organisations_own(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        for number, begin_us in ((1, MAY_US), (2, JUNE_US)):
            await tx.bills.add(statement(number, begin_us))
    bills, actor = billing(shelf, PRICED), Actor.system(shelf.acme)
    first = await bills.list(actor, 1, None)
    rest = await bills.list(actor, 1, first.next_cursor)
    assert [one.id for one in (*first.items, *rest.items)] == [2, 1]
    assert (await bills.get(actor, StatementId(1))).id == 1
    with pytest.raises(StatementNotFound):
        await bills.get(Actor.system(shelf.other), StatementId(1))
    assert (await bills.list(Actor.system(shelf.other), 10, None)).items == []
