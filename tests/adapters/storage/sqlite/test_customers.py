"""Customers, their residents, and where devices stand: by pages, by organisation, and after a customer is gone."""

from __future__ import annotations

import pytest

from penstock.core.customers.errors import TenantNameTaken
from penstock.core.customers.models import Customer, Mark, Placement, Resident, Standing
from penstock.kit.ids import CustomerId, ResidentId
from tests.support.shelf import Shelf

HOUR = 3_600_000_000


def customer(number: int, tenant: str = "") -> Customer:
    return Customer(
        id=CustomerId(number),
        name=f"House {number}",
        admin_email="a@example.org",
        tenant_name=tenant or f"house-{number}",
        created_us=1,
        updated_us=1,
    )


def resident(number: int, customer_id: int) -> Resident:
    return Resident(id=ResidentId(number), customer_id=CustomerId(customer_id), name="Grace", email="g@example.org", created_us=1)


async def test_a_tenant_name_is_unique_in_an_organisation_alone(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.customers.create(customer(72, "north"))
        with pytest.raises(TenantNameTaken):
            await tx.customers.create(customer(73, "north"))
    async with shelf.strange() as tx:
        await tx.customers.create(customer(74, "north"))
        assert await tx.customers.find_by_tenant("north") == customer(74, "north")
        assert await tx.customers.find(CustomerId(72)) is None
        await tx.customers.delete(CustomerId(72))
    async with shelf.own() as tx:
        assert await tx.customers.find_by_tenant("north") == customer(72, "north")


async def test_pages_of_customers_and_of_one_customers_residents(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        for number in (72, 73, 74):
            await tx.customers.create(customer(number))
        for number, owner in ((1, 72), (2, 73), (3, 72)):
            await tx.residents.create(resident(number, owner))
        assert [one.id for one in await tx.customers.list(2, 0)] == [72, 73]
        assert [one.id for one in await tx.customers.list(2, 73)] == [74]
        assert [one.id for one in await tx.residents.list(CustomerId(72), 10, 0)] == [1, 3]
        assert [one.id for one in await tx.residents.list(CustomerId(72), 10, 1)] == [3]
        await tx.customers.delete(CustomerId(72))
        assert await tx.residents.find(ResidentId(1)) is None, "residents go with their customer"
        assert await tx.residents.find(ResidentId(2)) == resident(2, 73)
    async with shelf.strange() as tx:
        assert await tx.residents.find(ResidentId(2)) is None


async def test_a_device_loses_its_place_with_the_customer_and_keeps_its_mark(shelf: Shelf) -> None:
    device_id = await shelf.add_device(10)
    async with shelf.own() as tx:
        await tx.customers.create(customer(72))
        await tx.residents.create(resident(1, 72))
        assert await tx.placements.find(device_id) == Placement()
        placed = Placement(customer_id=CustomerId(72), resident_id=ResidentId(1), mark=Mark.MAINTENANCE, marked_us=5)
        await tx.placements.set(device_id, placed)
        assert await tx.placements.in_maintenance([device_id, device_id]) == {device_id}
        assert [one.device.id for one in await tx.placements.of_resident(ResidentId(1), 10, 0)] == [device_id]
        assert await tx.placements.of_resident(ResidentId(1), 10, device_id) == []
        await tx.customers.delete(CustomerId(72))
        assert await tx.placements.find(device_id) == Placement(mark=Mark.MAINTENANCE, marked_us=5)
    async with shelf.strange() as tx:
        assert await tx.placements.find(device_id) == Placement()
        await tx.placements.set(device_id, Placement())
        assert await tx.placements.in_maintenance([device_id]) == frozenset()
    async with shelf.own() as tx:
        assert await tx.placements.in_maintenance([device_id]) == {device_id}, "a stranger changed it"


@pytest.mark.parametrize(
    ("mark", "seen_us", "now_us", "standing"),
    [
        (None, None, 100 * HOUR, Standing.ONLINE),
        (None, HOUR, 2 * HOUR, Standing.ONLINE),
        (None, HOUR, 2 * HOUR + 1, Standing.OFFLINE),
        (Mark.MAINTENANCE, HOUR, HOUR, Standing.MAINTENANCE),
        (Mark.OFFLINE, HOUR, HOUR, Standing.OFFLINE),
        (Mark.OFFLINE, HOUR + 1, 2 * HOUR, Standing.ONLINE),
    ],
)
async def test_pages_by_standing_agree_with_the_rule_in_the_core(
    mark: Mark | None, seen_us: int | None, now_us: int, standing: Standing, shelf: Shelf
) -> None:
    device_id = await shelf.add_device(10, eui="70b3d57ed0061f2a")
    await shelf.add_device(11)  # has no EUI, and is never among them
    async with shelf.own() as tx:
        if seen_us is not None:
            await tx.devices.mark_seen({device_id: seen_us})
        await tx.placements.set(device_id, Placement(mark=mark, marked_us=HOUR if mark else None))
        for one in Standing:
            found = await tx.placements.page(one, now_us, HOUR, 10, 0)
            assert [placed.device.id for placed in found] == ([device_id] if one is standing else [])
            assert all(placed.standing(now_us, HOUR) is one for placed in found)
        assert await tx.placements.page(None, now_us, HOUR, 10, 1) == []
    async with shelf.strange() as tx:
        assert await tx.placements.page(None, now_us, HOUR, 10, 0) == []
