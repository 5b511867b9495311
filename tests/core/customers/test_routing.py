"""Which devices are placed by the tenant in their uplinks, and how often that is looked up."""

from __future__ import annotations

from penstock.core.customers.periods import Period
from penstock.core.customers.routing import TenantRouting
from penstock.core.devices.models import DeviceRef, DeviceStatus
from penstock.kit.ids import CustomerId, DeviceId, OrgId
from tests.adapters.storage.sqlite.test_customers import customer
from tests.support.shelf import Shelf


async def test_a_device_is_looked_up_once_for_a_tenant_and_again_after_a_customer_was_made(shelf: Shelf) -> None:
    placed: list[tuple[OrgId, DeviceId, CustomerId]] = []

    async def place_first(*wanted: object) -> None:
        placed.append(wanted)  # type: ignore[arg-type]  # the three of PlaceFirst

    routing = TenantRouting(shelf.database, place_first)
    ten, eleven = [
        DeviceRef(await shelf.add_device(number), shelf.acme, shelf.project_id, DeviceStatus.ACTIVE) for number in (10, 11)
    ]
    async with shelf.own() as tx:
        await tx.placements.replace_periods(eleven.id, [Period(device_id=eleven.id, customer_id=72, from_us=0, to_us=5)])
    for tenant in (None, "house-72"):
        await routing.route(ten, tenant)
    async with shelf.own() as tx:
        await tx.customers.create(customer(72))
    await routing.route(ten, "house-72")
    assert placed == [], "there was no such customer, and that is known"
    routing.forget()
    for device in (ten, ten, eleven):
        await routing.route(device, "house-72")
    assert placed == [(shelf.acme, ten.id, 72)], "eleven had a placement, which ended"


async def test_the_customer_of_a_tenant_receives_the_devices_that_named_it_before(shelf: Shelf) -> None:
    placed: list[object] = []

    async def place_first(*wanted: object) -> None:
        placed.append(wanted)

    routing = TenantRouting(shelf.database, place_first)
    device = DeviceRef(await shelf.add_device(10), shelf.acme, shelf.project_id, DeviceStatus.ACTIVE)
    for tenant in ("house-72", "another"):
        await routing.route(device, tenant)
    await routing.created(shelf.acme, customer(72))
    assert placed == [(shelf.acme, device.id, 72)]
