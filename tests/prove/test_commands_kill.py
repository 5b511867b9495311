"""`kill -9` between every pair of steps of a command: none is executed twice, none is lost without a word.

Two scripts: a server with its device in a child process that dies at the n-th step, for every n; and a real server over
sockets that is killed after each call.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections import Counter
from pathlib import Path

import httpx
import pytest

from penstock.core.commands.models import ExecutionFilter, State
from tests.support.commands import open_site
from tests.support.forked import run_module
from tests.support.server import RunningServer, bootstrap_org, clean_environment, start_server

from .commanded import executed, prepare
from .conftest import Note

STEPS = 190
"""More than the script has."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commanded") / "made"
    folder.mkdir()
    asyncio.run(prepare(folder))
    return folder


def run(folder: Path, step: int) -> int:
    done = run_module("tests.prove.commanded", [str(folder), str(step)], clean_environment())
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


async def outcome(folder: Path) -> dict[str, tuple[State, list[State]]]:
    async with open_site(folder, run_workers=False) as site:
        page = await site.commands.executions.list(site.actor, ExecutionFilter(), 10, None)
        assert sorted(one.name for one in page.items) == ["again", "once"], "each was asked for once"
        return {one.name: (one.state, await site.states(one.id)) for one in page.items}


def check(folder: Path) -> None:
    times = Counter(name for _, name in executed(folder))
    found = asyncio.run(outcome(folder))
    assert times["once"] <= 1, "executed twice"
    assert times["again"] >= 1
    assert found["again"][0] is State.DONE
    # Killed after the hand-out was noted and before anything left: it is told as sent, never as received, and expires.
    assert found["once"][0] is (State.DONE if times["once"] else State.SENT), found
    for _, states in found.values():
        assert states[0] is State.QUEUED
        assert states.count(State.DONE) <= 1


@pytest.mark.parametrize("steps", [range(4, STEPS, 95), pytest.param(range(1, STEPS), marks=pytest.mark.prove)], ids=str)
def test_killed_at_every_step(prepared: Path, tmp_path: Path, note: Note, steps: range) -> None:
    killed = 0
    for step in steps:
        folder = tmp_path / str(step)
        shutil.copytree(prepared, folder)
        killed += run(folder, step) != 0
        assert run(folder, 0) == 0
        check(folder)
        shutil.rmtree(folder)
    note("kills, executed twice, lost", f"{killed}, 0, 0", "0 twice, 0 lost")
    assert killed > 0
    assert len(steps) < 10 or killed < len(steps), "the last steps lie behind the end, so all were tried"


@pytest.mark.prove
def test_killed_twice_in_a_row(prepared: Path, tmp_path: Path) -> None:
    folder = tmp_path / "twice"
    shutil.copytree(prepared, folder)
    for step in (30, 12, 0):
        run(folder, step)
    check(folder)


@pytest.mark.prove
def test_killed_after_every_call_over_sockets(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    org = bootstrap_org(data_dir)
    servers: list[RunningServer] = []

    def api(method: str, path: str, body: object = None, token: str | None = None, **headers: str) -> httpx.Response:
        """One call to a server of its own, which is killed right after the answer."""
        server = start_server(data_dir)
        servers.append(server)
        own = {"Authorization": f"Bearer {token}"} if token else org.headers()
        answer = httpx.request(method, server.base_url + path, json=body, headers=own | headers, timeout=30)
        server.kill()
        assert server.process.stdout is not None
        server.process.stdout.close()
        assert answer.is_success, answer.text
        return answer

    made = api("POST", "/api/v2/devices", {"name": "Pump"}).json()
    path, token = f"/api/v2/devices/{made['device']['id']}/commands", made["access_token"]
    command = api("POST", path, {"name": "restart", "repeatable": True}).json()
    key = {"Idempotency-Key": "tonight"}
    asked = [api("POST", f"{path}/{command['id']}/execute", {}, **key).json()["id"] for _ in range(2)]
    assert asked[0] == asked[1]
    fetched = [api("GET", "/api/v2/device/commands?confirm=true", token=token).json()["data"] for _ in range(2)]
    assert [[one["id"] for one in page] for page in fetched] == [asked[:1]] * 2
    ack = f"/api/v2/device/commands/{asked[0]}/ack"
    states = [api("POST", ack, said, token=token).json()["state"] for said in ({}, {"progress": 50}, {"ok": True}, {"ok": True})]
    assert states == ["received", "received", "done", "done"]
    assert api("GET", "/api/v2/device/commands?confirm=true", token=token).json()["data"] == []
    found = api("GET", f"/api/v2/command-executions/{asked[0]}").json()
    assert [row["state"] for row in found["history"]] == ["queued", "sent", "queued", "sent", "received", "done"]
    assert all(server.process.returncode == -signal.SIGKILL for server in servers)
