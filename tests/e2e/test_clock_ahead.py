"""A look at a clock that is years ahead: nothing stored goes, no plan ends and no month is closed, also after a restart."""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from decimal import Decimal
from pathlib import Path

import msgspec

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap import open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.alerts.conditions import NoData, Threshold
from penstock.core.alerts.models import NewAlert, OccurrenceFilter, Target
from penstock.core.devices.connectivity import Connectivity
from penstock.core.devices.models import NewDevice
from penstock.core.telemetry.models import NewReading
from penstock.core.tenancy.models import KeyRequest, KeyStatus, Plan, Price
from penstock.kit.clock import DAY_US, HOUR_US
from penstock.kit.settled_clock import SETTLES_S
from penstock.settings import load_settings
from tests.support.days import HeldClock, reading

YEARS_US = 12 * 365 * DAY_US
HOT = NewAlert(name="hot", target=Target(all=True), condition=Threshold(field="t", operator=">", value=100))
SILENT = NewAlert(name="silent", target=Target(all=True), condition=NoData(after_us=HOUR_US))
EMPTIED = {"outbox", "mail_queue"}
"""Queues, from which their workers take."""


@asynccontextmanager
async def opened(folder: Path, clock: HeldClock) -> AsyncIterator[Server]:
    found = load_settings(environment={})
    price = Price(tier="starter", base_cost=Decimal(49), device_cost=Decimal(0), included_devices=25)
    week = Plan(retention_days=7, audit_days=7, api_access=True, price=price)
    settings = msgspec.structs.replace(found, plans=found.plans | {"week": week})
    async with open_server(DataDir(folder / "data"), settings, clock, run_workers=False) as server:
        yield server


async def fill(server: Server, clock: HeldClock) -> int:
    """An organisation whose plan ends, with readings and keys of five days."""
    org = (await server.tenancy.bootstrap("Acme", "a@example.org")).organization
    await server.subscriptions.set_plan("Acme", "week", until_us=clock.us + 100 * DAY_US)
    for day in range(5):
        await server.log.append([reading(clock, org=org.id, device=100, value=day)])
        await server.keys.create(Actor.system(org.id), KeyRequest(name=f"key {day}"))
        clock.next_day()
    await step_all(server)
    return org.id


async def step_all(server: Server) -> None:
    """One step of every worker; only those that work for one endpoint at a time have others."""
    for run in server.workers.supervisor.workers.values():
        step = getattr(getattr(run, "__self__", None), "step", None)
        if step is not None and not inspect.signature(step).parameters:
            await step()
    await server.log.flush()


def stored(folder: Path) -> dict[str, int]:
    """The number of rows of each table, and of readings."""
    found: dict[str, int] = {}
    paths = [folder / "data" / "penstock.db", *sorted((folder / "data" / "telemetry").glob("*.db"))]
    for path in paths:
        with closing(sqlite3.connect(path)) as connection:
            for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
                found[f"{path.stem}.{table}"] = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
    return found


def lost(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    less = {name: rows - after.get(name, 0) for name, rows in before.items() if after.get(name, 0) < rows}
    return {name: rows for name, rows in less.items() if name.partition(".")[2] not in EMPTIED}


async def names_of_open(server: Server, actor: Actor) -> list[str]:
    found = await server.parts.alerts.occurrences.list(actor, OccurrenceFilter(), 10, None)
    return sorted(one.name for one in found.items if one.cleared_us is None)


async def check_untouched(server: Server, folder: Path, before: dict[str, int]) -> None:
    assert lost(before, stored(folder)) == {}
    async with server.database.system_snapshot() as tx:
        acme = await tx.organizations.find_by_name("Acme")
    assert acme is not None
    assert acme.plan == "week"
    keys = (await server.keys.list(Actor.system(acme.id), KeyStatus.ACTIVE, 100, None)).items
    assert len(keys) == 6
    assert stored(folder)["penstock.statements"] == 0


async def test_one_look_at_a_clock_that_is_ahead(tmp_path: Path) -> None:
    clock = HeldClock()
    async with opened(tmp_path, clock) as server:
        await fill(server, clock)
        before = stored(tmp_path)
        clock.us += YEARS_US
        await step_all(server)
        await check_untouched(server, tmp_path, before)
    async with opened(tmp_path, clock) as server:  # a start with the wrong clock
        await step_all(server)
        await check_untouched(server, tmp_path, before)
        clock.us -= YEARS_US
        await step_all(server)
        await check_untouched(server, tmp_path, before)


async def test_a_clock_that_stays_ahead_is_right(tmp_path: Path) -> None:
    clock = HeldClock()
    async with opened(tmp_path, clock) as server:
        await fill(server, clock)
        before = stored(tmp_path)
        clock.us += YEARS_US
        await step_all(server)
        clock.s += SETTLES_S
        clock.us += DAY_US
        await step_all(server)
        gone = lost(before, stored(tmp_path))
        assert any(name.endswith(".readings") for name in gone)
        async with server.database.system_snapshot() as tx:
            acme = await tx.organizations.find_by_name("Acme")
        assert acme is not None
        assert acme.plan == "free"


async def test_a_device_that_reported_to_a_clock_that_was_ahead_is_watched_again(tmp_path: Path) -> None:
    """It is seen when it reports, becomes silent, and its alerts go on."""
    clock = HeldClock()
    async with opened(tmp_path, clock) as server:
        org = (await server.tenancy.bootstrap("Acme", "a@example.org")).organization
        actor = Actor.system(org.id)
        device = (await server.devices.create(actor, NewDevice(name="pump"))).device
        ref = await server.directory.get(org.id, device.id)
        await server.parts.alerts.definitions.create(actor, HOT)
        await server.parts.alerts.definitions.create(actor, SILENT)

        async def report(value: int) -> None:
            await server.telemetry.ingest([NewReading(ref, b'{"t":%d}' % value)])
            await step_all(server)

        await report(1)
        clock.next_day()
        await step_all(server)  # offline, so that it comes online by the wrong clock
        clock.us += YEARS_US
        await report(1)
        clock.us -= YEARS_US
        await report(200)
        found = await server.devices.get(actor, device.id)
        assert found.last_seen_us == clock.us
        assert await names_of_open(server, actor) == ["hot"]
        clock.next_day()
        await step_all(server)
        found = await server.devices.get(actor, device.id)
        assert found.noted is Connectivity.OFFLINE
        assert await names_of_open(server, actor) == ["hot", "silent"]
