"""The worker that closes months: each once, those that were missed too, killed or not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from penstock.core.devices.models import NewDevice
from penstock.core.telemetry.models import NewReading
from tests.core.billing.closed import months, opened, report, reporting, statements, us, worker_of
from tests.support.days import HeldClock, PassingClock


async def test_a_month_is_closed_once_and_those_that_were_missed_too(tmp_path: Path) -> None:
    clock = PassingClock(us("2026-02-10T00:00:00"))
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


async def test_nothing_is_closed_before_its_readings_are_counted(tmp_path: Path) -> None:
    clock = PassingClock(us("2026-02-10T00:00:00"))
    async with opened(tmp_path, clock) as (server, actor):
        device_id = (await server.devices.create(actor, NewDevice(name="m"))).device.id
        ref = await server.directory.get(actor.org_id, device_id)
        await server.telemetry.ingest([NewReading(ref, b'{"consumption_m3":1}')])
        clock.us = us("2026-03-02T00:00:00")
        assert await worker_of(server).step() == 0
        await server.workers.observer.step()
        assert await worker_of(server).step() == 1
        assert months(await statements(server, actor)) == [("2026-02", 1)]


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.core.billing.closed import HeldClock, opened, us, worker_of
async def main():
    async with opened(Path(sys.argv[1]), HeldClock(us("2031-01-02T00:00:00"))) as (server, _):
        print("ready", flush=True)
        await worker_of(server).step()
        print("done", flush=True)
asyncio.run(main())
"""


@pytest.mark.prove
async def test_a_kill_in_between_neither_loses_nor_doubles_a_month(tmp_path: Path) -> None:
    clock = PassingClock(us("2026-02-10T00:00:00"))
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
