"""A server that is killed while it delivers webhooks: what it acknowledged against what its receiver was told."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from tests.support.server import RunningServer, bootstrap_org, start_server
from tests.support.waiting import CEILING_S, eventually

ENVIRONMENT = {"PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "127.0.0.1"}
BATCH = 20


@dataclass
class Told:
    """What came out: readings that were acknowledged and not delivered, and events that came under two ids."""

    acknowledged: set[int] = field(default_factory=set)
    ids: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def lost(self) -> set[int]:
        return self.acknowledged - self.ids.keys()

    @property
    def renamed(self) -> dict[int, set[str]]:
        return {value: ids for value, ids in self.ids.items() if len(ids) > 1}


class _Killer:
    """Kills the server when so many more requests have come: before it answers, or just after."""

    def __init__(self) -> None:
        self.server: RunningServer | None = None
        self.after = 0
        self.before_answer = False
        self.lock = threading.Lock()

    def due(self) -> bool:
        with self.lock:
            if self.server is None:
                return False
            self.after -= 1
            return self.after == 0


def killed(folder: Path, kills: int) -> Told:
    """Kill a server so many times at another point of its deliveries, and let it end in peace."""
    told, killer = Told(), _Killer()
    receiver = ThreadingHTTPServer(("127.0.0.1", 0), _handler(told, killer))
    receiver.daemon_threads = True
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    data_dir = folder / "data"
    org = bootstrap_org(data_dir)
    server = start_server(data_dir, environment=ENVIRONMENT)
    try:
        with server.client(org) as client:
            hook = {"url": f"http://127.0.0.1:{receiver.server_address[1]}/", "topics": ["reading.*"]}
            assert client.post("/api/v2/webhooks", json=hook).status_code == 201
            made = client.post("/api/v2/devices", json={"name": "Pump"}).json()
        for kill in range(kills):
            _report(server, made, told, kill * BATCH, BATCH // 2)
            killer.after, killer.before_answer, killer.server = 1 + kill * 7 % (BATCH // 2), kill % 2 == 0, server
            _report(server, made, told, kill * BATCH + BATCH // 2, BATCH // 2)
            assert eventually(lambda: server.process.poll() is not None)  # noqa: B023  (called here, at once)
            killer.server = None
            _bury(server)
            server = start_server(data_dir, environment=ENVIRONMENT)
        _report(server, made, told, kills * BATCH, BATCH)
        eventually(lambda: not told.lost)
    finally:
        _bury(server)
        receiver.shutdown()
        receiver.server_close()
    return told


def _bury(server: RunningServer) -> None:
    server.kill()
    assert server.process.stdout is not None
    server.process.stdout.close()


def _report(server: RunningServer, made: dict[str, Any], told: Told, first: int, count: int) -> None:
    """Readings one by one, each noted when it is acknowledged; the server may die under it."""
    path, token = f"/api/v2/devices/{made['device']['id']}/telemetry", made["access_token"]
    with httpx.Client(base_url=server.base_url, headers={"Authorization": f"Bearer {token}"}, timeout=CEILING_S) as device:
        for value in range(first, first + count):
            try:
                answer = device.post(path, json={"data": {"v": value}})
            except httpx.TransportError:
                return
            if answer.is_success:
                told.acknowledged.add(value)


def _handler(told: Told, killer: _Killer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            value, name = body["data"]["data"]["v"], self.headers["webhook-id"]
            told.ids[value].add(name)
            due = killer.due()
            if due and killer.before_answer and killer.server is not None:
                killer.server.process.kill()
            self.send_response(204)
            self.send_header("content-length", "0")
            self.end_headers()
            if due and killer.server is not None:
                killer.server.process.kill()

        def log_message(self, *_: object) -> None:
            """Nothing: the test tells."""

    return Handler
