"""A server with a meter in one process that can be killed at any step: `python -m tests.workers.watched_meters FOLDER STEP`.

Steps are counted in statements to the database. The readings are in the log before the first step; 0 lets it run to its end.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import msgspec

from penstock.core.customers.models import NewCustomer, Placement
from penstock.core.devices.models import NewDevice
from penstock.core.telemetry.models import NewReading
from penstock.kit.clock import HOUR_US
from tests.support.commands import Site, open_site
from tests.support.days import NOON_US, PassingClock
from tests.workers.alerted import arm

HOURS = 30


async def prepare(folder: Path) -> None:
    """A meter that leaks for a day, was tampered with, and whose battery is low; its readings were not looked at yet."""
    clock = PassingClock()
    async with open_site(folder, clock, run_workers=False) as site:
        server = site.server
        device_id = (await server.devices.create(site.actor, NewDevice(name="Flat 12"))).device.id
        new = NewCustomer(name="House", admin_email="a@example.org", tenant_name="house")
        customer = await server.parts.customers.service.create(site.actor, new)
        async with server.database.transaction(site.actor.org_id) as tx:
            await tx.placements.set(device_id, Placement(customer_id=customer.id))
        await server.parts.meter_alarms.worker.step()
        clock.us += HOURS * HOUR_US
        await report(site, device_id)


async def report(site: Site, device_id: int) -> None:
    ref = await site.server.directory.get(site.actor.org_id, device_id)
    readings = [
        {"consumption_m3": 100 + (n if n < HOURS - 2 else HOURS - 3) / 250, "tamper": n == 3, "battery": 2.8 if n > 20 else 3.6}
        for n in range(HOURS)
    ]
    for n, reading in enumerate(readings):
        await site.server.telemetry.ingest([NewReading(ref, msgspec.json.encode(reading), time_us=NOON_US + n * HOUR_US)])


async def watch(folder: Path, step: int) -> None:
    """Look at the readings, killed at a step."""
    async with open_site(folder, PassingClock(NOON_US + HOURS * HOUR_US), run_workers=False) as site:
        if step:
            arm(step)
        while await site.server.parts.meter_alarms.worker.step():
            pass


if __name__ == "__main__":
    asyncio.run(watch(Path(sys.argv[1]), int(sys.argv[2])))
