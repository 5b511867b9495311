"""Every worker of a server against storage that fails for ever: the server stops all the same, and its log stays short."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import structlog

from penstock.adapters.storage.sqlite.connection import Session, StorageUnavailable
from penstock.adapters.storage.sqlite.log import SqliteReadingLog
from penstock.adapters.storage.sqlite.readings import SqliteReadingStore
from penstock.bootstrap import DataDir, Server, open_server
from penstock.core.telemetry.errors import DiskFull
from penstock.kit.conditions import Conditions, share
from penstock.settings import load_settings
from penstock.workers import loop, supervisor
from tests.support.patching import replace_in_thread
from tests.support.waiting import CEILING_S

Call = Callable[..., Awaitable[Any]]
NEVER_S = 10**6
ROUNDS = 30


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with open_server(DataDir(tmp_path / "data"), load_settings(environment={}), run_workers=False) as opened:
        yield opened


async def fails(*_: object) -> None:
    raise StorageUnavailable(reason="database or disk is full")


async def fails_when_cancelled(*_: object) -> None:
    """As a rollback that fails after a cancellation: its error replaces the cancellation."""
    try:
        await asyncio.sleep(NEVER_S)
    finally:
        raise StorageUnavailable(reason="cannot rollback - no transaction is active")


async def is_broken_when_cancelled(*_: object) -> None:
    try:
        await asyncio.sleep(NEVER_S)
    finally:
        raise RuntimeError("a bug while cleaning up")


async def is_broken(*_: object) -> None:
    raise RuntimeError("a bug")


class Deaf:
    """Ignores cancellation until the test lets go of it."""

    def __init__(self) -> None:
        self.let_go = False

    async def __call__(self, *_: object) -> None:
        while not self.let_go:
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(NEVER_S)
        raise asyncio.CancelledError


def fail_all_storage(monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    def refuse(*_: object) -> None:
        raise DiskFull

    replace_in_thread(monkeypatch, Session, "call", call)
    replace_in_thread(monkeypatch, SqliteReadingStore, "_run", call)
    replace_in_thread(monkeypatch, SqliteReadingLog, "read_after", call)
    replace_in_thread(monkeypatch, SqliteReadingLog, "append", refuse)
    monkeypatch.setattr(loop, "RETRY_S", 0.001)
    monkeypatch.setattr(supervisor, "RESTART_S", 0.001)
    monkeypatch.setattr(supervisor, "AGAIN_S", 0.01)


async def run_and_stop(server: Server) -> list[asyncio.Task[None]]:
    """Run all workers for a while and stop them. Returns those that are still running."""
    server.log.subscribe(lambda _: None)
    running = server.workers.supervisor
    running.start()
    for _ in range(ROUNDS):
        await asyncio.sleep(0.01)
    async with asyncio.timeout(CEILING_S):
        await running.stop()
    return [task for task in running._tasks if not task.done()]


@pytest.mark.parametrize("call", [fails, fails_when_cancelled, is_broken, is_broken_when_cancelled])
async def test_every_worker_stops(server: Server, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    with monkeypatch.context() as failing, structlog.testing.capture_logs():  # to write hundreds of tracebacks takes long
        fail_all_storage(failing, call)
        left = await run_and_stop(server)
    assert left == []


async def test_a_worker_that_never_ends_keeps_no_server_alive(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as failing, structlog.testing.capture_logs() as logs:
        deaf = Deaf()
        fail_all_storage(failing, deaf)
        failing.setattr(supervisor, "STOP_S", 0.05)
        left = await run_and_stop(server)
        deaf.let_go = True
        await server.workers.supervisor.stop()
    assert len(left) > 2
    (line,) = [line for line in logs if line["event"] == "workers_not_stopped"]
    assert line["workers"] == sorted(task.get_name() for task in left)


async def test_a_full_disk_is_one_line_however_many_workers_meet_it(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 0.0
    share(Conditions(lambda: now_s))
    with monkeypatch.context() as failing, structlog.testing.capture_logs() as logs:
        fail_all_storage(failing, fails)
        assert await run_and_stop(server) == []
    lines = [line for line in logs if "disk" in str(line)]
    assert len(lines) == 1, lines


async def test_a_worker_that_fails_in_the_same_way_is_one_line(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as failing, structlog.testing.capture_logs() as logs:
        fail_all_storage(failing, is_broken)
        await run_and_stop(server)
    repeated = Counter(line["worker"] for line in logs if line["event"] == "worker_failed")
    assert repeated
    assert set(repeated.values()) == {1}
