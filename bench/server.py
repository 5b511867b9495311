"""The server under test: the real command, with its default settings except one, in its own process."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec

from bench.http import request
from bench.loadgen import run, send_all
from bench.machine import SERVER_CORE, Process, on_core
from tests.support.server import PENSTOCK, Org, RunningServer, bootstrap_org, start_server

UNPROTECTED = (sys.executable, "-m", "bench.unprotected")
VALUES_PER_READING = 3
CAUGHT_UP_S = 60.0
IDLE_AFTER_S, IDLE_CORE = 300.0, 0.05
WITHOUT_PACING = {"PENSTOCK_LIMITS_BACKFILL_PER_SECOND": "0"}
"""A history is loaded at full speed, without the pacing for devices that flush their buffers."""


@dataclass(frozen=True)
class Device:
    """A device with its access token."""

    id: str
    token: str


class Server:
    """A running server, its organisation and its process."""

    def __init__(self, data_dir: Path, org: Org, running: RunningServer) -> None:
        self.data_dir = data_dir
        self.org = org
        self.running = running
        self.port = int(running.base_url.rpartition(":")[2])
        self.process = Process(running.process.pid)

    @property
    def key_headers(self) -> dict[str, str]:
        """The headers of a call with the organisation's key."""
        return self.org.headers()

    def get(self, path: str) -> bytes:
        """The bytes of a GET with the organisation's key."""
        return request("GET", path, self.key_headers)

    def post(self, path: str, body: bytes) -> bytes:
        """The bytes of a POST with the organisation's key."""
        return request("POST", path, self.key_headers, body)

    def create_devices(self, count: int) -> list[Device]:
        """Create devices."""
        bodies = (msgspec.json.encode({"name": f"Device {number}"}) for number in range(count))
        answers = run(send_all(self.port, [self.post("/api/v2/devices", body) for body in bodies]))
        created = [msgspec.json.decode(answer) for answer in answers]
        return [Device(item["device"]["id"], item["access_token"]) for item in created]

    def wait_until_caught_up(self) -> None:
        """Wait until the followers of the log have processed all loaded readings, so that they do not affect a figure."""
        deadline = time.monotonic() + CAUGHT_UP_S
        with self.running.client(self.org) as client:
            while self._lag(client) and time.monotonic() < deadline:
                time.sleep(0.2)

    def wait_until_idle(self) -> None:
        """Wait until the server has evaluated all loaded readings, so that a figure includes no other work."""
        deadline = time.monotonic() + IDLE_AFTER_S
        busy = True
        while busy and time.monotonic() < deadline:
            self.process.restart_clock()
            time.sleep(2)
            busy = self.process.cpu() > IDLE_CORE

    def _lag(self, client: httpx.Client) -> float:
        for line in client.get("/metrics").text.splitlines():
            name, _, value = line.rpartition(" ")
            if not line.startswith("#") and "observer_lag" in name:
                return float(value)
        return 0

    def health_s(self) -> float:
        """The time until a new connection gets a success from /health; infinite if it gets none."""
        begun = time.perf_counter()
        try:
            good = httpx.get(f"{self.running.base_url}/health", timeout=10).status_code == 200
        except httpx.HTTPError:
            good = False
        return time.perf_counter() - begun if good else float("inf")

    def stop(self) -> None:
        """Stop the server as an operator would, and kill it if that takes too long."""
        if self.running.process.poll() is None:
            try:
                self.running.stop()
            finally:
                if self.running.process.poll() is None:
                    self.running.kill()
        if self.running.process.stdout is not None:
            self.running.process.stdout.close()


def start(
    data_dir: Path,
    org: Org | None = None,
    *,
    pinned: bool,
    protected: bool = True,
    environment: dict[str, str] | None = None,
) -> Server:
    """Start a server on a data directory. Without `org` an organisation is created; without `protected` nothing is limited."""
    org = org or bootstrap_org(data_dir, "Bench")
    with on_core(SERVER_CORE if pinned else None):
        program = PENSTOCK if protected else UNPROTECTED  # a fresh process, which inherits the core
        # None means the default, which tests replace.
        settings: dict[str, str | None] = {"PENSTOCK_ALARMS_INTERVAL_S": None, **WITHOUT_PACING, **(environment or {})}
        return Server(data_dir, org, start_server(data_dir, environment=settings, program=program))


@contextmanager
def fresh_server(
    data_dir: Path, *, pinned: bool, protected: bool = True, environment: dict[str, str] | None = None
) -> Iterator[Server]:
    """A server on an empty data directory, which is stopped at the end."""
    server = start(data_dir, pinned=pinned, protected=protected, environment=environment)
    try:
        yield server
    finally:
        server.stop()


def payload(chance: random.Random) -> bytes:
    """The values of one reading as a device sends them."""
    return b'{"temperature":%.2f,"humidity":%.1f,"battery_v":%.3f}' % (
        chance.uniform(-10, 35),
        chance.uniform(20, 95),
        chance.uniform(3.0, 4.2),
    )


def ingest_requests(device: Device, chance: random.Random, count: int = 8) -> list[bytes]:
    """Readings of one device as it would send them, one per request."""
    headers = {"authorization": f"Bearer {device.token}"}
    return [
        request("POST", "/api/devices/ingest", headers, b'{"device_id":"%s","data":%s}' % (device.id.encode(), payload(chance)))
        for _ in range(count)
    ]
