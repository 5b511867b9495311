"""`kill -9` between every pair of steps from a reading to a receiver: every event told, under one id, and raised once."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import threading
from collections import defaultdict
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from penstock.core.alerts.models import OccurrenceFilter
from penstock.core.webhooks.models import MessageStatus
from tests.support.forked import run_module
from tests.support.server import clean_environment
from tests.support.webhooks import open_hooks

from .conftest import Note
from .told import TOPICS, prepare

STEPS = 100
"""More than the chain has."""


class Heard(ThreadingHTTPServer):
    """A receiver that notes the ids under which each event came, in the order in which events came first."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.ids: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.calls = 0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Heard

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.ids[body["type"], body["data"]["event_id"]].add(self.headers["webhook-id"])
        self.server.calls += 1
        self.send_response(204)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: the test tells."""


@pytest.fixture
def heard() -> Iterator[Heard]:
    receiver = Heard()
    receiver.daemon_threads = True
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    yield receiver
    receiver.shutdown()
    receiver.server_close()


def run(folder: Path, step: int) -> int:
    done = run_module("tests.prove.told", [str(folder), str(step)], clean_environment())
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


async def stuck(folder: Path) -> list[str]:
    """What is left undone: messages that were not delivered, events that nobody was told of, occurrences that are none."""
    async with open_hooks(folder) as site:
        found = [f"message {one.topic}" for one in await site.messages() if one.status is not MessageStatus.DELIVERED]
        async with site.server.database.system_snapshot() as tx:
            found += [f"outbox {one.topic}" for one in await tx.outbox.next(10)]
        page = await site.server.parts.alerts.occurrences.list(site.actor, OccurrenceFilter(), 10, None)
        values = [(one.value, one.cleared_us is not None) for one in page.items[::-1]]
        return found + ([] if values == [(7, True), (9, False)] else [f"occurrences {values}"])


@pytest.mark.parametrize("steps", [(61,), pytest.param(range(1, STEPS), marks=pytest.mark.prove)], ids=["short", "long"])
def test_killed_at_every_step(tmp_path: Path, heard: Heard, note: Note, steps: range) -> None:
    made = tmp_path / "made"
    made.mkdir()
    asyncio.run(prepare(made, f"http://127.0.0.1:{heard.server_address[1]}/"))
    killed = twice = 0
    for step in steps:
        folder = tmp_path / str(step)
        shutil.copytree(made, folder)
        heard.ids.clear()
        heard.calls = 0
        killed += run(folder, step) != 0
        assert run(folder, 0) == 0
        assert sorted(topic for topic, _ in heard.ids) == sorted(TOPICS), step
        assert [ids for ids in heard.ids.values() if len(ids) != 1] == [], step
        assert asyncio.run(stuck(folder)) == [], step
        twice += heard.calls - len(TOPICS)
        shutil.rmtree(folder)
    note("kills, told again under the same id, lost, renamed", f"{killed}, {twice}, 0, 0", "0 lost, 0 renamed")
    assert killed > 0
    assert isinstance(steps, tuple) or killed < len(steps), "the last steps lie behind the end, so all were tried"
