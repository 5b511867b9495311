"""How devices count, as rows: the usual way where nothing is said, and the devices of one customer by role and page."""

from __future__ import annotations

from decimal import Decimal

from penstock.core.customers.models import Placement
from penstock.core.customers.periods import Period
from penstock.core.meters.former import FormerMeter
from penstock.core.meters.models import Meter, MeterRole
from penstock.core.meters.registers import Register, Source
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
            return [(one.device_id, one.meter.role) for one in await tx.meters.of_customer(HOUSE, role, limit, after)]

        everything = [(10, MeterRole.LEAF), (11, MeterRole.PRINCIPAL), (12, MeterRole.LEAF)]
        assert await of(None) == everything
        assert await of(None, 1, 10) == everything[1:2]
        assert await of(MeterRole.LEAF) == [everything[0], everything[2]]
        assert await of(MeterRole.PRINCIPAL) == everything[1:2]
        assert await of(MeterRole.INTERMEDIATE) == []
    async with shelf.strange() as tx:
        assert await tx.meters.of_customer(HOUSE, None, 10, 0) == []


async def test_a_deleted_meter_keeps_its_settings_and_then_its_points_once(shelf: Shelf) -> None:
    ten, eleven, twelve = [await shelf.add_device(number, eui=f"70b3d57ed0061f{number}") for number in (10, 11, 12)]
    async with shelf.own() as tx:
        for device_id in (ten, eleven):
            await tx.placements.replace_periods(device_id, [Period(device_id=device_id, customer_id=CustomerId(72), from_us=0)])
        await tx.meters.set(ten, Meter(field="count", unit="L", role=MeterRole.PRINCIPAL, rolls_over_at=100_000))
        for device_id in (ten, eleven, twelve):
            await tx.devices.delete(device_id, 900)
        register = Register(sources=(Source(field="count", unit="L"),), unit="L", rolls_over_at=Decimal(100_000))
        former = FormerMeter(
            device_id=ten,
            name="device 10",
            eui="70b3d57ed0061f10",
            role=MeterRole.PRINCIPAL,
            registers=(register,),
            deleted_us=900,
            points=None,
        )
        found = await tx.former_meters.of([ten, eleven, twelve])
        assert found[ten] == former
        assert (found[eleven].registers, found[eleven].role) == (None, MeterRole.LEAF), "the default"
        assert list(found) == [ten, eleven], "nobody asks for the past of a device without a placement"
    async with shelf.strange() as tx:
        assert await tx.former_meters.of([ten]) == {}
        await tx.former_meters.keep_points(ten, b"a stranger's")
    async with shelf.own() as tx:
        await tx.former_meters.keep_points(ten, b"first")
        await tx.former_meters.keep_points(ten, b"second")
        assert (await tx.former_meters.of([ten]))[ten].points == b"first"
