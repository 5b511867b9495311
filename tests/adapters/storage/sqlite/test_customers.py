"""Customers, their residents, and where devices stand: by pages, by organisation, and after a customer is gone."""

from __future__ import annotations

import pytest

from penstock.core.customers.errors import TenantNameTaken
from penstock.core.customers.models import Customer, Mark, Placement, Resident, Standing
from penstock.core.customers.periods import Period, PlacedSpans, Span
from penstock.kit.ids import CustomerId, DeviceId, ResidentId
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
        await tx.placements.replace_periods(device_id, [period(device_id, 72, 1, 5)])
        (own,) = await tx.placements.of_resident(ResidentId(1), 10, 0)
        assert (own.device.id, own.since_us) == (device_id, 5)
        assert await tx.placements.of_resident(ResidentId(1), 10, device_id) == []
        assert await tx.placements.assigned_us(device_id, ResidentId(1)) == 5
        assert await tx.placements.assigned_us(device_id, ResidentId(2)) is None
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


def period(device_id: DeviceId, customer_id: int, resident_id: int | None, from_us: int, to_us: int | None = None) -> Period:
    resident = None if resident_id is None else ResidentId(resident_id)
    return Period(device_id=device_id, customer_id=CustomerId(customer_id), resident_id=resident, from_us=from_us, to_us=to_us)


async def test_periods_are_found_by_device_customer_and_resident_also_of_a_deleted_device(shelf: Shelf) -> None:
    ten, eleven = await shelf.add_device(10, eui="70b3d57ed0061f2a"), await shelf.add_device(11)
    moved = [period(ten, 72, None, 0, 100), period(ten, 72, 1, 100, 200), period(ten, 73, 2, 300)]
    async with shelf.own() as tx:
        for number in (72, 73):
            await tx.customers.create(customer(number))
        await tx.placements.replace_periods(ten, [period(ten, 72, 9, 5)])
        await tx.placements.replace_periods(ten, moved)
        await tx.placements.replace_periods(eleven, [period(eleven, 72, None, 150)])
        assert await tx.placements.periods_of_device(ten) == moved
    for deleted in (False, True):
        async with shelf.own() as tx:
            if deleted:
                await tx.devices.delete(ten, 900)
            of_ten = PlacedSpans(
                device_id=ten, name="device 10", eui="70b3d57ed0061f2a", is_former=deleted, spans=(Span(0, 200),)
            )
            of_eleven = PlacedSpans(device_id=eleven, name="device 11", eui=None, is_former=False, spans=(Span(150),))
            found = await tx.placements.periods_of_customer(CustomerId(72), 50, 160, 10, 0)
            assert found == [of_ten, of_eleven], "whole, whatever the range"
            assert await tx.placements.periods_of_customer(CustomerId(72), 50, 160, 1, 0) == [of_ten]
            assert await tx.placements.periods_of_customer(CustomerId(72), 0, 1000, 9, ten) == [of_eleven]
            assert await tx.placements.periods_of_customer(CustomerId(72), 200, 1000, 9, 0) == [of_eleven], "it had left"
            assert await tx.placements.periods_of_customer(CustomerId(72), 0, 150, 9, 0) == [of_ten], "it came later"
            (of_resident,) = await tx.placements.periods_of_resident(ResidentId(1), 0, 1000, 9, 0)
            assert (of_resident.spans, of_resident.is_former) == ((Span(100, 200),), deleted)
            (at_last,) = await tx.placements.periods_of_customer(CustomerId(73), 0, 1000, 9, 0)
            assert at_last.spans == (Span(300, 900 if deleted else None),), "it is nobody's after its deletion"
    async with shelf.strange() as tx:
        assert await tx.placements.periods_of_device(ten) == []
        await tx.placements.replace_periods(ten, [])
        assert await tx.placements.periods_of_customer(CustomerId(72), 0, 1000, 9, 0) == []
        assert await tx.placements.periods_of_resident(ResidentId(1), 0, 1000, 9, 0) == []
        await tx.placements.end_customer(CustomerId(72), 5)
        await tx.placements.end_resident(ResidentId(1), 5)
    async with shelf.own() as tx:
        assert await tx.placements.periods_of_device(ten) == [*moved[:2], period(ten, 73, 2, 300, 900)]
        assert await tx.placements.periods_of_device(eleven) == [period(eleven, 72, None, 150)]


async def test_the_periods_of_a_deleted_customer_or_resident_end_and_are_kept(shelf: Shelf) -> None:
    device_id = await shelf.add_device(10)
    async with shelf.own() as tx:
        await tx.placements.replace_periods(device_id, [period(device_id, 72, 1, 0)])
        await tx.placements.end_resident(ResidentId(1), 500)
        stays = [period(device_id, 72, 1, 0, 500), period(device_id, 72, None, 500)]
        assert await tx.placements.periods_of_device(device_id) == stays
        await tx.placements.end_customer(CustomerId(72), 700)
        assert await tx.placements.periods_of_device(device_id) == [stays[0], period(device_id, 72, None, 500, 700)]
