"""The worker of meter alarms: `kill -9` at every step, restarts, and readings that are looked at twice."""

from __future__ import annotations

import asyncio
import shutil
import signal
from pathlib import Path

import pytest

from penstock.core.meter_alarms.models import AlarmFilter
from penstock.kit.clock import HOUR_US
from penstock.kit.ids import Seq
from penstock.workers.meter_alarms import CONSUMER
from tests.support.commands import open_site
from tests.support.days import NOON_US, PassingClock
from tests.support.forked import run_module
from tests.support.server import clean_environment

from .watched_meters import HOURS, prepare, watch

STEPS = 40
"""More than the script has."""
ALARMS = [("continuous_flow", True), ("low_battery", False), ("tamper", True)]
EVENTS = sorted(["meter.alarm.opened"] * 3 + ["meter.alarm.closed"] * 2)


async def outcome(folder: Path) -> tuple[list[tuple[str, bool]], list[str]]:
    """The alarms with whether they are over, and the topics of the events."""
    async with open_site(folder, PassingClock(NOON_US + HOURS * HOUR_US), run_workers=False) as site:
        async with site.server.database.system_snapshot() as tx:
            topics = sorted(one.topic for one in await tx.outbox.next(100) if one.topic.startswith("meter."))
        page = await site.server.parts.meter_alarms.service.list(site.actor, AlarmFilter(), 100, None)
        return sorted((one.kind.value, one.until_us is not None) for one in page.items), topics


def run(folder: Path, step: int) -> int:
    done = run_module("tests.workers.watched_meters", [str(folder), str(step)], clean_environment())
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


@pytest.mark.parametrize("steps", [range(15, 16), pytest.param(range(1, STEPS), marks=pytest.mark.prove)], ids=str)
def test_killed_at_every_step(tmp_path: Path, steps: range) -> None:
    made = tmp_path / "made"
    made.mkdir()
    asyncio.run(prepare(made))
    killed = 0
    for step in steps:
        folder = tmp_path / str(step)
        shutil.copytree(made, folder)
        if run(folder, step) == -signal.SIGKILL:
            killed += 1
            asyncio.run(watch(folder, 0))
        assert asyncio.run(outcome(folder)) == (ALARMS, EVENTS), step
    assert killed
    assert len(steps) == 1 or killed < len(steps), "many steps cover the whole script"


async def test_readings_that_are_looked_at_twice_open_nothing_twice(tmp_path: Path) -> None:
    await prepare(tmp_path)
    async with open_site(tmp_path, run_workers=False) as site, site.server.database.system_snapshot() as tx:
        began = await tx.cursor(CONSUMER)
    await watch(tmp_path, 0)
    first = await outcome(tmp_path)
    async with open_site(tmp_path, run_workers=False) as site, site.server.database.system() as tx:
        await tx.set_cursor(CONSUMER, Seq(began))
    await watch(tmp_path, 0)
    assert first == await outcome(tmp_path) == (ALARMS, EVENTS)


async def test_what_arrived_before_the_first_start_is_not_evaluated(tmp_path: Path) -> None:
    await prepare(tmp_path)
    async with open_site(tmp_path, run_workers=False) as site:
        async with site.server.database.system() as tx:
            await tx.set_cursor(CONSUMER, Seq(10**9))
        worker = site.server.parts.meter_alarms.worker
        assert await worker.step() is False
        assert worker.lag == 0
