"""Transactions: all or nothing, one organisation each, and a system that can be narrowed to one of them."""

from __future__ import annotations

import pytest

from penstock.core.customers.models import Customer
from penstock.kit.ids import CustomerId
from tests.adapters.storage.sqlite.test_customers import customer
from tests.support.shelf import Shelf

ONE = CustomerId(72)


async def found(shelf: Shelf) -> Customer | None:
    async with shelf.database.snapshot(shelf.acme) as tx:
        return await tx.customers.find(ONE)


async def create_and_fail(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.customers.create(customer(72))
        assert await tx.customers.find(ONE) is not None, "a transaction sees what it wrote"
        raise ZeroDivisionError


async def test_a_failure_leaves_nothing_of_it(shelf: Shelf) -> None:
    with pytest.raises(ZeroDivisionError):
        await create_and_fail(shelf)
    assert await found(shelf) is None


async def test_the_system_writes_for_one_organisation_and_for_nobody_else(shelf: Shelf) -> None:
    async with shelf.system() as tx:
        await tx.for_organization(shelf.acme).customers.create(customer(72))
        assert await tx.for_organization(shelf.other).customers.find(ONE) is None
    assert await found(shelf) == customer(72)


async def test_a_snapshot_shows_one_moment(shelf: Shelf) -> None:
    async with shelf.database.snapshot(shelf.acme) as before:
        assert await before.customers.list(10, 0) == []
        async with shelf.own() as tx:
            await tx.customers.create(customer(72))
        assert await before.customers.find(ONE) is None
    assert await found(shelf) == customer(72)


async def test_cursors_of_consumers_begin_at_zero_and_stay_where_they_were_put(shelf: Shelf) -> None:
    async with shelf.system() as tx:
        assert await tx.cursor("someone") == 0
        for seq in (7, 5):
            await tx.set_cursor("someone", seq)
            assert await tx.cursor("someone") == seq
        assert await tx.cursor("someone else") == 0
