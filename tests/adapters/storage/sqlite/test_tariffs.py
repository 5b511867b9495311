"""Tariffs and their assignments in the database."""

from __future__ import annotations

from datetime import date

import msgspec

from penstock.core.tariffs.models import Assignment
from penstock.kit.ids import CustomerId, TariffId
from tests.adapters.storage.sqlite.test_customers import customer
from tests.core.tariffs.test_timeline import prices, tariff
from tests.support.shelf import Shelf

HOUSE = CustomerId(72)
WATER = tariff(3, prices(date(2026, 1, 1), "1.234567"), prices(date(2026, 7, 1), "2", date(2027, 1, 1)))


async def test_a_tariff_comes_back_as_it_was(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.tariffs.create(WATER)
        renamed = msgspec.structs.replace(WATER, name="Other", versions=WATER.versions[:1], updated_us=5)
        assert await tx.tariffs.find(WATER.id) == WATER
        await tx.tariffs.update(renamed)
        assert await tx.tariffs.list(10, 0) == [renamed]
        assert await tx.tariffs.list(10, 3) == []
        await tx.tariffs.delete(WATER.id)
        assert await tx.tariffs.find(WATER.id) is None
    async with shelf.strange() as tx:
        assert await tx.tariffs.list(10, 0) == []


async def test_assignments_are_replaced_as_a_whole(shelf: Shelf) -> None:
    def assigned(begin: date | None, end: date | None) -> Assignment:
        return Assignment(customer_id=HOUSE, tariff_id=TariffId(3), begin=begin, end=end)

    both = [assigned(None, date(2026, 5, 1)), assigned(date(2026, 5, 1), None)]
    async with shelf.own() as tx:
        await tx.customers.create(customer(HOUSE))
        await tx.tariffs.create(WATER)
        assert not await tx.tariffs.is_assigned(WATER.id)
        await tx.tariffs.assign(HOUSE, None, both[:1])
        await tx.tariffs.assign(HOUSE, None, both)
        assert await tx.tariffs.assignments(HOUSE, None) == both
        assert await tx.tariffs.is_assigned(WATER.id)
    async with shelf.strange() as tx:
        assert await tx.tariffs.assignments(HOUSE, None) == []
        assert not await tx.tariffs.is_assigned(WATER.id)
        await tx.tariffs.delete(WATER.id)
    async with shelf.own() as tx:
        assert await tx.tariffs.find(WATER.id) == WATER
