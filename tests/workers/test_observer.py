"""The observer with an organisation of many devices: its work grows with the readings, and others write between its commits."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from penstock.bootstrap import Server
from penstock.core.devices.models import DeviceFilter, DeviceRef, DeviceStatus
from penstock.core.telemetry.models import NewReading
from penstock.kit.ids import DeviceId
from penstock.workers.observer import SLICE_ROWS, WRITE_ROWS
from tests.support.commands import Site, open_site
from tests.support.days import HeldClock

DEVICES = 2_000


async def add_devices(site: Site, count: int) -> list[DeviceRef]:
    """Devices without names, straight into the database: their creation is not the subject."""
    org_id = site.actor.org_id
    async with site.server.database.snapshot(org_id) as tx:
        project = await tx.projects.find_default()
    assert project is not None
    columns = "id, org_id, project_id, name, type, description, status, settings, labels, token_digest, token_prefix"
    rows = [
        (number, org_id, project.id, "", "", "", "active", "{}", "{}", b"%d" % number, "", 1, 1) for number in range(1, count + 1)
    ]
    async with site.server.database.transaction(org_id) as tx:
        sql = f"INSERT INTO devices ({columns}, created_us, updated_us) VALUES ({', '.join('?' * 13)})"
        await tx.session.call(lambda connection: connection.executemany(sql, rows))
    return [DeviceRef(DeviceId(row[0]), org_id, project.id, DeviceStatus.ACTIVE) for row in rows]


@asynccontextmanager
async def counting(server: Server, commits: list[int]) -> AsyncIterator[list[int]]:
    """The steps of SQLite's machine, in thousands, that the only writer takes; and the readings' rows at each commit."""
    steps = [0]

    def tick() -> int:
        steps[0] += 1
        return 0

    def trace(statement: str) -> None:
        commits.extend([1] if statement == "COMMIT" else [])

    def use(connection: sqlite3.Connection) -> None:
        connection.set_progress_handler(tick, 1_000)
        connection.set_trace_callback(trace)

    async with server.database.system() as tx:
        await tx.session.call(use)
    commits.clear()
    yield steps
    async with server.database.system() as tx:
        await tx.session.call(lambda connection: connection.set_progress_handler(None, 0))


async def observe(site: Site, devices: list[DeviceRef]) -> tuple[int, int]:
    """Thousands of SQLite's steps, and commits, to process one reading of each device."""
    telemetry, observer = site.server.telemetry, site.server.workers.observer
    await telemetry.append(telemetry.receive([NewReading(device, b'{"t":1,"h":2}') for device in devices]))
    commits: list[int] = []
    async with counting(site.server, commits) as steps:
        while await observer.step():
            pass
        done = len(commits)
        assert observer.lag == 0
        return steps[0], done


async def test_twice_the_devices_are_twice_the_work(tmp_path: Path) -> None:
    found = []
    for number, count in enumerate((DEVICES // 2, DEVICES)):
        async with open_site(tmp_path / str(number), HeldClock(), run_workers=False) as site:
            steps, _ = await observe(site, await add_devices(site, count))
            found.append(steps)
    assert found[1] < 3 * found[0], "the work for one reading grows with the number of devices"


async def test_other_writers_come_between_its_commits(tmp_path: Path) -> None:
    async with open_site(tmp_path, HeldClock(), run_workers=False) as site:
        _, commits = await observe(site, await add_devices(site, DEVICES))
        # Each device has two sensors, and a part ends with a slice of readings.
        assert commits >= 3 * DEVICES / (WRITE_ROWS + 3 * SLICE_ROWS)


async def test_what_each_commit_recorded_is_recorded_once(tmp_path: Path) -> None:
    async with open_site(tmp_path, HeldClock(), run_workers=False) as site:
        devices = await add_devices(site, DEVICES)
        await observe(site, devices)
        await observe(site, devices)
        async with site.server.database.snapshot(site.actor.org_id) as tx:
            assert (await tx.usage.since(0)).readings == 2 * DEVICES
            assert [one.key for one in await tx.sensors.list(devices[-1].id, 10, "")] == ["h", "t"]
        async with site.server.database.system_snapshot() as system:
            told = [entry.subject_id for entry in await system.outbox.next(10 * DEVICES) if entry.topic == "device.online"]
        assert sorted(told) == [device.id for device in devices]


async def test_the_devices_of_the_plan_are_counted_whatever_they_are(tmp_path: Path) -> None:
    async with open_site(tmp_path, HeldClock(), run_workers=False) as site:
        devices = await add_devices(site, 10)
        await site.server.devices.set_status(site.actor, devices[0].id, DeviceStatus.PAUSED)
        async with site.server.database.snapshot(site.actor.org_id) as tx:
            assert await tx.devices.count(DeviceFilter()) == 10
            assert await tx.devices.count(DeviceFilter(status=DeviceStatus.ACTIVE)) == 9
