"""Customers with meters, on a server in this process."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from penstock.core.customers.models import NewCustomer, NewResident
from penstock.core.devices.models import NewDevice
from penstock.core.telemetry.models import NewReading
from penstock.kit.ids import CustomerId, DeviceId, ResidentId
from tests.support.commands import Site


async def add_meter(site: Site, readings: Iterable[tuple[int, object]], name: str = "Meter") -> DeviceId:
    """A device that reported `consumption_m3` at some times."""
    device = (await site.server.devices.create(site.actor, NewDevice(name=name))).device
    bodies = [(time_us, msgspec.json.encode({"consumption_m3": value})) for time_us, value in readings]
    await site.server.telemetry.ingest([NewReading(device.ref(), body, time_us) for time_us, body in bodies])
    return device.id


async def add_customer(site: Site, timezone: str = "UTC") -> CustomerId:
    new = NewCustomer(name="House", admin_email="a@example.org", tenant_name="house", timezone=timezone)
    return (await site.server.parts.customers.service.create(site.actor, new)).id


async def add_resident(site: Site, customer_id: CustomerId) -> ResidentId:
    new = NewResident(name="Grace", email="grace@example.org")
    return (await site.server.parts.customers.service.create_resident(site.actor, customer_id, new)).id


async def place(
    site: Site, device_id: DeviceId, customer_id: CustomerId, resident_id: ResidentId | None = None, from_us: int | None = None
) -> None:
    await site.server.parts.customers.placements.place(site.actor, device_id, customer_id, resident_id, from_us)
