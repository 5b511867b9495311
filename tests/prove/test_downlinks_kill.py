"""`kill -9` while network servers are asked: no downlink goes twice that must not, and none is told as more than is known."""

from __future__ import annotations

import asyncio
import shutil
import signal
import threading
from collections import Counter
from pathlib import Path

import pytest

from penstock.core.commands.models import ExecutionFilter, State
from penstock.kit.ids import Prefix, encode
from tests.e2e.test_downlinks import SENT, Meter, by_api, webhook
from tests.support.commands import open_site
from tests.support.forked import run_module
from tests.support.network_servers import chirpstack, things_stack
from tests.support.server import RunningServer, bootstrap_org, clean_environment, start_server
from tests.support.waiting import eventually

from .conftest import Note
from .downlinked import executed, prepare

STEPS = 500
"""More than the script has."""
ENVIRONMENT = {"PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "127.0.0.0/8", "PENSTOCK_DOWNLINKS_LOOK_INTERVAL_S": "0.2"}


def run(folder: Path, step: int) -> int:
    done = run_module("tests.prove.downlinked", [str(folder), str(step)], clean_environment())
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


async def outcome(folder: Path) -> dict[str, tuple[str, State]]:
    async with open_site(folder, run_workers=False) as site:
        page = await site.commands.executions.list(site.actor, ExecutionFilter(), 10, None)
        assert sorted(one.name for one in page.items) == ["again", "once"], "each was asked for once"
        return {one.name: (f"penstock:{encode(Prefix.EXECUTION, one.id)}", one.state) for one in page.items}


def check(folder: Path) -> None:
    times = Counter(name for _, name in executed(folder))
    found = asyncio.run(outcome(folder))
    (once, once_state), (again, again_state) = found["once"], found["again"]
    assert times[once] <= 1, "sent twice"
    assert once_state is (State.DONE if times[once] else State.SENT)
    assert times[again] >= 1
    assert again_state is State.DONE


def closed(server: RunningServer) -> None:
    """Let go of what a server that has ended said."""
    assert server.process.stdout is not None
    server.process.stdout.close()


@pytest.mark.prove
def test_killed_at_every_step(tmp_path: Path, note: Note) -> None:
    made, killed = tmp_path / "made", 0
    made.mkdir()
    asyncio.run(prepare(made))
    for step in range(1, STEPS):
        folder = tmp_path / str(step)
        shutil.copytree(made, folder)
        died = run(folder, step) != 0
        assert run(folder, 0) == 0
        check(folder)
        shutil.rmtree(folder)
        killed += died
        if not died and step > 20:
            break
    note("kills, sent twice, lost", f"{killed}, 0, 0", "0 twice, 0 lost")
    assert 20 < killed < STEPS - 1, "the last steps lie behind the end, so all were tried"


@pytest.mark.prove
def test_killed_between_the_servers_taking_it_and_our_knowing(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    org = bootstrap_org(data_dir)
    server = start_server(data_dir, environment=ENVIRONMENT)
    with chirpstack() as chirp, things_stack() as things:
        with server.client(org) as api:
            meters = Meter(api, "chirpstack", by_api(chirp)).report(), Meter(api, "things_stack", webhook(things)).report()
            for meter in meters:
                assert eventually(lambda path=f"/api/v2/devices/{meter.id}/connection": api.get(path).json()["connection_id"])
            asked = threading.Event()
            chirp.on_enqueue = lambda _: (asked.wait(3), server.kill())  # type: ignore[assignment, func-returns-value]
            once, again = (meters[0].ask(SENT, repeatable=repeatable) for repeatable in (False, True))
            asked.set()
            server.process.wait(30)
        chirp.on_enqueue = lambda _: None
        closed(server)
        server = start_server(data_dir, environment=ENVIRONMENT)
        try:
            with server.client(org) as api:
                for meter in meters:
                    meter.api = api
                meters[0].comes_to(again, "sent")
                assert eventually(lambda: len(chirp.items) == 2)
                assert meters[0].states(once) == ["queued", "sent"], "nobody knows, so nothing is done"
                other = meters[1].ask(SENT)
                meters[1].comes_to(other, "sent")
                meters[1].tell(None, downlink_ack={"correlation_ids": [f"penstock:{other}"]})
                meters[1].comes_to(other, "done")
        finally:
            server.stop()
            closed(server)
