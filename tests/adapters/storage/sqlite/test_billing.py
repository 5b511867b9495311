"""Active devices of months, plans of the past, and statements that never change."""

from __future__ import annotations

import sqlite3
from decimal import Decimal

import pytest

from penstock.core.billing.models import ActiveDevices, Statement, bill_of
from penstock.core.tenancy.models import Price
from penstock.core.usage.models import DeviceHour
from penstock.kit.ids import CustomerId, StatementId
from tests.adapters.storage.sqlite.test_customers import customer
from tests.core.billing.closed import us
from tests.support.shelf import Shelf

MAY_US, JUNE_US = us("2026-05-01T00:00:00"), us("2026-06-01T00:00:00")


def statement(number: int, begin_us: int) -> Statement:
    price = Price(tier="t", base_cost=Decimal("1.10"), device_cost=Decimal("0.10"))
    bill = bill_of(price, 1, (begin_us, begin_us + 1))
    return Statement(id=StatementId(number), organization="Acme", plan="p", bill=bill, parts=[], created_us=9)


async def test_a_plan_is_the_one_of_the_last_change_before_or_what_the_next_replaced(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        assert await tx.bills.plan_at(100) is None
        await tx.bills.record_plan(100, "free", "starter")
        await tx.bills.record_plan(200, "starter", "pro")
        await tx.bills.record_plan(200, "pro", "enterprise")
        found = [await tx.bills.plan_at(at_us) for at_us in (50, 100, 101, 200, 201)]
    assert found == ["free", "free", "starter", "starter", "enterprise"]
    async with shelf.strange() as tx:
        assert await tx.bills.plan_at(150) is None


async def test_statements_come_latest_month_first_one_a_month(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        for number, begin_us in ((1, MAY_US), (2, JUNE_US)):
            await tx.bills.add(statement(number, begin_us))
        assert [one.id for one in await tx.bills.list(10, JUNE_US + 1)] == [2, 1]
        assert [one.id for one in await tx.bills.list(10, JUNE_US)] == [1]
        assert [one.id for one in await tx.bills.list(1, JUNE_US + 1)] == [2]
        assert await tx.bills.find(StatementId(1)) == statement(1, MAY_US)
        with pytest.raises(sqlite3.IntegrityError):
            await tx.bills.add(statement(3, MAY_US))
    async with shelf.strange() as tx:
        assert await tx.bills.find(StatementId(1)) is None
        assert await tx.bills.list(10, JUNE_US + 1) == []


async def test_active_devices_are_their_customers_of_that_month(shelf: Shelf) -> None:
    devices = [await shelf.add_device(number) for number in (10, 11, 12)]
    async with shelf.own() as tx:
        await tx.customers.create(customer(72))
        for month_us in (MAY_US, JUNE_US):
            hours = [DeviceHour(device_id=one, hour_us=month_us, readings=1, data_points=1, size_bytes=1) for one in devices]
            await tx.usage.add_devices(hours)
        await tx.bills.move_device(devices[0], CustomerId(72), MAY_US)
        assert await tx.bills.count_active(MAY_US) == await tx.bills.count_active(JUNE_US) == 3
        assert await tx.bills.active_by_customer(MAY_US) == [
            ActiveDevices(customer_id=None, name=None, devices=2),
            ActiveDevices(customer_id=CustomerId(72), name="House 72", devices=1),
        ]
        assert await tx.bills.active_by_customer(JUNE_US) == [ActiveDevices(customer_id=None, name=None, devices=3)]
        await tx.bills.clear_customer(CustomerId(72), MAY_US)
        assert await tx.bills.active_by_customer(MAY_US) == [ActiveDevices(customer_id=None, name=None, devices=3)]
    async with shelf.strange() as tx:
        assert await tx.bills.count_active(MAY_US) == 0


async def test_how_far_months_are_billed_is_kept_per_organisation(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        assert await tx.bills.billed_until() is None
        for until_us in (MAY_US, JUNE_US):
            await tx.bills.set_billed_until(until_us)
    async with shelf.own() as tx:
        assert await tx.bills.billed_until() == JUNE_US
    async with shelf.strange() as tx:
        assert await tx.bills.billed_until() is None
