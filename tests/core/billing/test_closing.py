"""Months that are over: closed once, as they were when they ended, however late."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from pypdf import PdfReader

from penstock.api.v2.billing.files import as_csv, as_pdf
from penstock.bootstrap import DataDir, open_control, open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.billing.models import ActiveDevices, Statement, bill_of, parts_of
from penstock.core.customers.models import Customer, NewCustomer
from penstock.core.devices.models import NewDevice
from penstock.core.telemetry.models import NewReading
from penstock.core.tenancy.models import Plan, Price
from penstock.kit.clock import DAY_US
from penstock.settings import Settings, load_settings
from penstock.workers.statements import StatementsWorker
from tests.support.days import HeldClock


def us(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def settings() -> Settings:
    price = Price(tier="starter", base_cost=Decimal("49.00"), device_cost=Decimal("0.59"), included_devices=25)
    found = load_settings(environment={})
    return msgspec.structs.replace(found, plans=found.plans | {"priced": Plan(price=price)})


@asynccontextmanager
async def opened(folder: Path, clock: HeldClock) -> AsyncIterator[tuple[Server, Actor]]:
    async with open_server(DataDir(folder / "data"), settings(), clock, run_workers=False) as server:
        async with server.database.system_snapshot() as tx:
            known = await tx.organizations.find_by_name("Acme")
        if known is None:
            known = (await server.tenancy.bootstrap("Acme", "a@example.org")).organization
            await server.subscriptions.set_plan("Acme", "priced")
        yield server, Actor.system(known.id)


async def reporting(server: Server, actor: Actor, name: str = "meter") -> int:
    """A device that has just reported and was counted."""
    device_id = (await server.devices.create(actor, NewDevice(name=name))).device.id
    await report(server, actor, device_id)
    return device_id


async def report(server: Server, actor: Actor, device_id: int) -> None:
    ref = await server.directory.get(actor.org_id, device_id)
    await server.telemetry.ingest([NewReading(ref, b'{"consumption_m3":1}')])
    await server.workers.observer.step()


def worker_of(server: Server) -> StatementsWorker:
    return StatementsWorker(
        closer=server.parts.meters.closer, database=server.database, log=server.log, clock=server.clock, interval_s=60
    )


async def statements(server: Server, actor: Actor) -> list[Statement]:
    return (await server.parts.meters.billing.list(actor, 100, None)).items


async def customer(server: Server, actor: Actor, name: str) -> Customer:
    wanted = NewCustomer(name=name, admin_email="a@example.org", tenant_name=name)
    return await server.parts.meters.customers.create(actor, wanted)


def months(found: list[Statement]) -> list[tuple[str, int]]:
    return [(datetime.fromtimestamp(one.bill.begin_us // 10**6, UTC).strftime("%Y-%m"), one.bill.active_devices) for one in found]


async def test_a_month_is_closed_once_and_those_that_were_missed_too(tmp_path: Path) -> None:
    clock = HeldClock(us("2026-02-10T00:00:00"))
    async with opened(tmp_path, clock) as (server, actor):
        first = await reporting(server, actor)
        await reporting(server, actor)
        clock.us = us("2026-03-01T00:00:00") - 1
        assert await worker_of(server).step() == 0
        clock.us = us("2026-03-01T00:09:59")
        assert await worker_of(server).step() == 0, "what was on its way at midnight may still be counted"
        clock.us = us("2026-03-05T00:00:00")
        await report(server, actor, first)
    clock.us = us("2026-05-20T00:00:00")
    async with opened(tmp_path, clock) as (server, actor):
        assert await worker_of(server).step() == 3
        assert await worker_of(server).step() == 0
        found = await statements(server, actor)
        assert months(found) == [("2026-04", 0), ("2026-03", 1), ("2026-02", 2)]
        assert [str(one.bill.total_cost) for one in found] == ["49.00"] * 3


async def test_a_month_is_billed_by_how_it_ended_and_stays_so(tmp_path: Path) -> None:
    clock = HeldClock(us("2026-02-10T00:00:00"))
    async with opened(tmp_path, clock) as (server, actor):
        east, west = await customer(server, actor, "East"), await customer(server, actor, "West")
        place = server.parts.meters.placements.place
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


async def test_nothing_is_closed_before_its_readings_are_counted(tmp_path: Path) -> None:
    clock = HeldClock(us("2026-02-10T00:00:00"))
    async with opened(tmp_path, clock) as (server, actor):
        device_id = (await server.devices.create(actor, NewDevice(name="m"))).device.id
        ref = await server.directory.get(actor.org_id, device_id)
        await server.telemetry.ingest([NewReading(ref, b'{"consumption_m3":1}')])
        clock.us = us("2026-03-02T00:00:00")
        assert await worker_of(server).step() == 0
        await server.workers.observer.step()
        assert await worker_of(server).step() == 1
        assert months(await statements(server, actor)) == [("2026-02", 1)]


async def test_changes_of_plans_are_told_in_the_outbox(tmp_path: Path) -> None:
    clock = HeldClock(us("2026-02-10T00:00:00"))
    async with opened(tmp_path, clock) as (server, _):
        await server.subscriptions.set_plan("Acme", "priced")
        await server.subscriptions.set_plan("Acme", "priced", clock.us + DAY_US)
        clock.us += 2 * DAY_US
        await server.subscriptions.end_due()
        async with server.database.system_snapshot() as tx:
            topics = [entry.topic for entry in await tx.outbox.next(100) if entry.topic.startswith("billing.")]
    assert topics == [f"billing.subscription.{what}" for what in ("created", "updated", "canceled")]


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.core.billing.test_closing import HeldClock, opened, us, worker_of
async def main():
    async with opened(Path(sys.argv[1]), HeldClock(us("2031-01-02T00:00:00"))) as (server, _):
        print("ready", flush=True)
        await worker_of(server).step()
        print("done", flush=True)
asyncio.run(main())
"""


@pytest.mark.prove
async def test_a_kill_in_between_neither_loses_nor_doubles_a_month(tmp_path: Path) -> None:
    clock = HeldClock(us("2026-02-10T00:00:00"))
    async with opened(tmp_path, clock) as (server, actor):
        await reporting(server, actor)
    for round_ in range(20):
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.002 * round_)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    async with opened(tmp_path, HeldClock(us("2031-01-02T00:00:00"))) as (server, actor):
        await worker_of(server).step()
        assert len(months(await statements(server, actor))) == len(set(months(await statements(server, actor)))) == 59


def statement(names: list[str]) -> Statement:
    price = Price(tier="starter", base_cost=Decimal("49.00"), device_cost=Decimal("0.59"), included_devices=25)
    bill = bill_of(price, 42, (us("2026-04-01T00:00:00"), us("2026-05-01T00:00:00")))
    active = [ActiveDevices(customer_id=n or None, name=name, devices=42 // len(names)) for n, name in enumerate(names)]
    return Statement(
        id=7, organization="Acme", plan="p", bill=bill, parts=parts_of(bill, active), created_us=us("2026-05-01T00:10:00")
    )


def test_the_pdf_says_what_the_statement_says() -> None:
    one = statement(["", "Riverside", "Straße", "=cmd()", "Дом", "x" * 200, ""])
    pdf = as_pdf(one)
    assert pdf == as_pdf(one)
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for wanted in ("Statement 2026-04", "Total 59.03 EUR", "Riverside", "Straße", "???", "(no customer)", "(removed)", "8.43"):
        assert wanted in text
    rows = as_csv(one).decode().splitlines()
    assert rows[0] == "month,customer_id,customer,active_devices,amount,currency"
    assert rows[-1] == "2026-04,,Total,42,59.03,EUR"
    assert any(",'=cmd()," in row for row in rows), "a spreadsheet takes no name for a formula"
    assert len(PdfReader(io.BytesIO(as_pdf(statement([f"c{n}" for n in range(200)])))).pages) > 3


async def test_what_was_before_it_was_kept_is_not_billed(tmp_path: Path) -> None:
    async with opened(tmp_path, HeldClock(us("2026-02-10T00:00:00"))) as (_, actor):
        pass
    data_dir = DataDir(tmp_path / "data")
    async with open_control(data_dir, settings()) as control, control.database.transaction(actor.org_id) as tx:
        await tx.bills.set_billed_until(us("2026-04-01T00:00:00"))
    async with opened(tmp_path, HeldClock(us("2026-05-20T00:00:00"))) as (server, actor):
        await worker_of(server).step()
        assert months(await statements(server, actor)) == [("2026-04", 0)]
