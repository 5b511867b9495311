"""How devices count, as rows: the usual way where nothing is said, and the devices of one customer by role and page."""

from __future__ import annotations

from penstock.core.customers.models import Placement
from penstock.core.meters.models import Meter, MeterRole
from penstock.kit.ids import CustomerId, DeviceId
from tests.adapters.storage.sqlite.test_customers import customer
from tests.support.shelf import Shelf

TEN = DeviceId(10)
MAIN = Meter(field="energy", unit="kWh", role=MeterRole.PRINCIPAL, rolls_over_at=100_000)
HOUSE = CustomerId(72)


async def test_what_was_said_replaces_the_usual_until_it_is_taken_back(shelf: Shelf) -> None:
    await shelf.add_device(10)
    async with shelf.own() as tx:
        assert await tx.meters.find(TEN) == Meter()
        for meter in (Meter(unit="l"), MAIN):
            await tx.meters.set(TEN, meter)
    async with shelf.strange() as tx:
        assert await tx.meters.find(TEN) == Meter()
        await tx.meters.set(TEN, Meter(unit="stolen"))
        await tx.meters.delete(TEN)
    async with shelf.own() as tx:
        assert await tx.meters.find(TEN) == MAIN, "a stranger changed it"
        await tx.meters.delete(TEN)
        assert await tx.meters.find(TEN) == Meter()


async def test_the_devices_of_a_customer_by_role_and_page(shelf: Shelf) -> None:
    for number in (10, 11, 12, 13):
        await shelf.add_device(number)
    async with shelf.own() as tx:
        await tx.customers.create(customer(72))
        for number in (10, 11, 12):
            await tx.placements.set(DeviceId(number), Placement(customer_id=HOUSE))
        await tx.meters.set(DeviceId(11), MAIN)

        async def of(role: MeterRole | None, limit: int = 10, after: int = 0) -> list[tuple[int, MeterRole]]:
            return [(one.device_id, one.role) for one in await tx.meters.of_customer(HOUSE, role, limit, after)]

        everything = [(10, MeterRole.LEAF), (11, MeterRole.PRINCIPAL), (12, MeterRole.LEAF)]
        assert await of(None) == everything
        assert await of(None, 1, 10) == everything[1:2]
        assert await of(MeterRole.LEAF) == [everything[0], everything[2]]
        assert await of(MeterRole.PRINCIPAL) == everything[1:2]
        assert await of(MeterRole.INTERMEDIATE) == []
    async with shelf.strange() as tx:
        assert await tx.meters.of_customer(HOUSE, None, 10, 0) == []
