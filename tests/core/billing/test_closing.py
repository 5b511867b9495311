"""Months that are over: closed once, as they were when they ended, however late."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from penstock.bootstrap import DataDir, open_control
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.customers.models import Customer, NewCustomer
from penstock.core.devices.models import DevicePatch, Identifier, IdentifierKind, NewDevice
from penstock.core.telemetry.models import NewReading
from tests.core.billing.closed import months, opened, reporting, settings, statements, us, worker_of
from tests.support.days import HeldClock, PassingClock

EUI = Identifier(kind=IdentifierKind.EUI, value="70b3d57ed0061f2a")


async def customer(server: Server, actor: Actor, name: str) -> Customer:
    wanted = NewCustomer(name=name, admin_email="a@example.org", tenant_name=name)
    return await server.parts.customers.service.create(actor, wanted)


async def test_a_month_is_billed_by_how_it_ended_and_stays_so(tmp_path: Path) -> None:
    clock = PassingClock(us("2026-02-10T00:00:00"))
    async with opened(tmp_path, clock) as (server, actor):
        east, west = await customer(server, actor, "East"), await customer(server, actor, "West")
        place = server.parts.customers.placements.place
        moved, gone = await reporting(server, actor), await reporting(server, actor)
        await reporting(server, actor)
        await place(actor, moved, east.id, None)
        await place(actor, gone, east.id, None)
        await place(actor, moved, west.id, None)
        await server.devices.delete(actor, gone)
        clock.us = us("2026-03-02T00:00:00")
        await server.subscriptions.set_plan("Acme", "free")
        await place(actor, moved, east.id, None)
        assert await worker_of(server).step() == 1
        (february,) = await statements(server, actor)
        assert (february.plan, february.bill.active_devices) == ("priced", 3), "one that is deleted was active"
        assert [(part.name, part.active_devices) for part in february.parts] == [("", 1), ("East", 1), ("West", 1)]
        assert sum(part.amount for part in february.parts) == february.bill.total_cost == Decimal("49.00")
        clock.us = us("2026-05-02T00:00:00")
        assert await worker_of(server).step() == 2
        assert await statements(server, actor) == [february], "a month on a plan without a price has none"


async def test_a_meter_that_is_registered_again_is_billed_once_to_its_last_customer(tmp_path: Path) -> None:
    clock = PassingClock(us("2026-02-10T00:00:00"))
    async with opened(tmp_path, clock) as (server, actor):
        east, west = await customer(server, actor, "East"), await customer(server, actor, "West")
        place, summary = server.parts.customers.placements.place, server.parts.billing.service.summary
        await reporting(server, actor)
        for house in (east, west, None):
            device_id = await reporting(server, actor, eui="70B3D57ED0061F2A")
            if house is not None:
                await place(actor, device_id, house.id, None)
            assert (await summary(actor)).active_devices == 2
            await server.devices.delete(actor, device_id)
        late = (await server.devices.create(actor, NewDevice(name="late", identifiers=[EUI]))).device
        await server.telemetry.ingest([NewReading(late.ref(), b'{"consumption_m3":1}')])
        await server.devices.delete(actor, late.id)
        await server.workers.observer.step()  # counts it after its deletion
        assert (await summary(actor)).active_devices == 2
        named_later = await reporting(server, actor)
        await server.devices.update(actor, named_later, DevicePatch(identifiers=[EUI]))
        await server.devices.delete(actor, named_later)
        assert (await summary(actor)).active_devices == 2
        clock.us = us("2026-03-02T00:00:00")
        await reporting(server, actor, eui="70b3d57ed0061f2a")
        assert await worker_of(server).step() == 1
        (february,) = await statements(server, actor)
        assert [(part.name, part.active_devices) for part in february.parts] == [("", 1), ("West", 1)]
        assert (await summary(actor)).active_devices == 1, "another month"


async def test_what_was_before_it_was_kept_is_not_billed(tmp_path: Path) -> None:
    async with opened(tmp_path, HeldClock(us("2026-02-10T00:00:00"))) as (_, actor):
        pass
    data_dir = DataDir(tmp_path / "data")
    async with open_control(data_dir, settings()) as control, control.database.transaction(actor.org_id) as tx:
        await tx.bills.set_billed_until(us("2026-04-01T00:00:00"))
    async with opened(tmp_path, HeldClock(us("2026-05-20T00:00:00"))) as (server, actor):
        await worker_of(server).step()
        assert months(await statements(server, actor)) == [("2026-04", 0)]
