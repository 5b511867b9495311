"""Starting servers that may refuse to start, that other programs watch, and that are killed."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

from tests.support.forked import Forked, start_penstock
from tests.support.server import PENSTOCK, RunningServer, clean_environment, port_in
from tests.support.waiting import eventually

START_S = 30.0
Process = Forked | subprocess.Popen[str]
_all: list[Process] = []


@dataclass(frozen=True)
class Refusal:
    """A server that ended instead of listening: its exit status, and what it wrote to standard error."""

    status: int
    said: str


def start(data_dir: Path, *, under: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> RunningServer | Refusal:
    """Start `penstock serve`, perhaps under another program that hands its process over, and wait for its word.

    Without such a program it is forked from a process that has imported everything. Where the time of a start counts, use `env`.
    """
    with tempfile.NamedTemporaryFile("w", prefix="serve-", suffix=".log", dir=data_dir.parent, delete=False) as log:
        process = _start(
            under, ["serve", "--data-dir", str(data_dir), "--http", "127.0.0.1:0"], clean_environment(environment), log
        )
    _all.append(process)
    assert process.stdout is not None
    for line in process.stdout:
        if "is listening on" in line:
            return RunningServer(data_dir, process, line.split()[-1], Path(log.name), port_in(line, "mqtt"))
    process.stdout.close()
    return Refusal(process.wait(START_S), Path(log.name).read_text())


def _start(under: Sequence[str], arguments: list[str], environment: Mapping[str, str], log: IO[str]) -> Process:
    if not under:
        return start_penstock(arguments, environment, log)
    command = [*under, *PENSTOCK, *arguments]
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True, env=dict(environment)
    )


def serving(data_dir: Path, *, under: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> RunningServer:
    """Start a server that must start."""
    server = start(data_dir, under=under, environment=environment)
    assert isinstance(server, RunningServer), f"exit status {server.status}: {server.said}"
    return server


def working(data_dir: Path, *, under: Sequence[str] = ()) -> RunningServer:
    """Start a server that must start, and wait until it is ready for work."""
    server = serving(data_dir, under=under)
    assert eventually(lambda: httpx.get(f"{server.base_url}/ready").status_code == 200), "never ready"
    return server


def ready(data_dir: Path) -> tuple[RunningServer, float]:
    """As `working`, in a fresh process; the server, and after how many seconds it was ready."""
    began = time.monotonic()
    return working(data_dir, under=["env"]), time.monotonic() - began


def end(server: RunningServer, *, hard: bool = False, foreseen: bool = True) -> int:
    """Stop a server, or kill it; its exit status. What it logged must hold no traceback, if all was foreseen."""
    if hard:
        server.kill()
    status = server.stop() if server.process.poll() is None else server.process.returncode
    assert server.process.stdout is not None
    server.process.stdout.close()
    assert not foreseen or "Traceback" not in server.log(), server.log()
    return status


@contextmanager
def started(data_dir: Path, *, environment: Mapping[str, str] | None = None) -> Iterator[RunningServer]:
    """A server that must start, and end well."""
    server = serving(data_dir, environment=environment)
    yield server
    assert end(server) == 0


def end_what_is_left() -> None:
    """End the servers that a failed test left behind."""
    for process in _all:
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
    _all.clear()
