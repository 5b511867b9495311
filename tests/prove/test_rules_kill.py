"""`kill -9` between every pair of steps of a rule: no command, alert or derived reading twice, none missing."""

from __future__ import annotations

import asyncio
import shutil
import signal
from pathlib import Path

import msgspec
import pytest

from penstock.core.alerts.models import OccurrenceFilter
from penstock.core.commands.models import ExecutionFilter
from penstock.core.devices.models import DeviceFilter
from penstock.core.rules.models import Outcome, RunFilter
from tests.support.commands import open_site
from tests.support.forked import run_module
from tests.support.server import clean_environment

from .conftest import Note
from .ruled import prepare

STEPS = 480
"""More than the script has."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ruled") / "made"
    folder.mkdir()
    asyncio.run(prepare(folder))
    return folder


def run(folder: Path, step: int) -> int:
    done = run_module("tests.prove.ruled", [str(folder), str(step)], clean_environment())
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


async def check(folder: Path) -> None:
    async with open_site(folder, run_workers=False) as site:
        runs = (await site.server.parts.rules.runs.list(site.actor, RunFilter(), 10, None)).items
        assert [one.outcome for one in runs] == [Outcome.DONE] * 2, runs
        assert all([result.ok for result in one.results] == [True] * 4 for one in runs)
        executions = (await site.commands.executions.list(site.actor, ExecutionFilter(), 10, None)).items
        assert len(executions) == 2, "each reading sends one command"
        readings = await site.server.log.read_after(0, 100)
        derived = [msgspec.json.decode(one.payload) for one in readings if one.kind == "derived"]
        assert sorted(one["double"] for one in derived) == [4, 6]
        (device,) = (await site.server.devices.list(site.actor, DeviceFilter(), 10, None)).items
        assert device.labels == {"warm": "yes"}
        (raised,) = (await site.server.parts.alerts.occurrences.list(site.actor, OccurrenceFilter(), 10, None)).items
        assert (raised.value, raised.suppressed, raised.message) == (2, 1, "2"), "raised once, and asked for once more"


@pytest.mark.prove
def test_killed_at_every_second_step(prepared: Path, tmp_path: Path, note: Note) -> None:
    killed = 0
    for step in range(1, STEPS, 2):
        folder = tmp_path / str(step)
        shutil.copytree(prepared, folder)
        killed += run(folder, step) != 0
        assert run(folder, 0) == 0
        asyncio.run(check(folder))
        shutil.rmtree(folder)
    note("kills, done twice, lost", f"{killed}, 0, 0", "0 twice, 0 lost")
    assert killed > 0
