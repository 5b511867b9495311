"""Start and end: addresses, ports taken, applications that do not start, signals with requests under way."""

from __future__ import annotations

import asyncio
import itertools
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.frontdoor.server import CannotListen, StartFailed, listen, serve
from tests.support.waiting import CEILING_S

from .running import Client, running

ROOT = Path(__file__).parents[3]


@contextmanager
def process(grace_s: float) -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [sys.executable, "-m", "tests.adapters.frontdoor.served", str(grace_s)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as served:
        assert served.stdout is not None
        try:
            assert served.stdout.readline() == "startup\n"
            yield served, int(served.stdout.readline().rpartition(":")[2])
        finally:
            served.kill()


def said_until_the_end(served: subprocess.Popen[str]) -> list[str]:
    out, err = served.communicate(timeout=CEILING_S)
    assert served.returncode == 0, err
    return out.split()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_requests_finish(number: signal.Signals) -> None:
    with process(5) as (served, port), Client(port) as busy, Client(port) as idle:
        busy.send(b"GET /0.5 HTTP/1.1\r\nHost: a\r\n\r\n")
        assert served.stdout is not None
        assert served.stdout.readline() == "request\n"
        idle.send(b"GET / HT")
        served.send_signal(number)
        assert idle.rest() == b""
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        assert busy.answer().body == b"done"
        assert busy.rest() == b""
        assert said_until_the_end(served) == ["stopping", "shutdown", "returned"]


@pytest.mark.parametrize("numbers", list(itertools.product((signal.SIGTERM, signal.SIGINT), repeat=2)), ids=str)
def test_a_second_signal_waits_for_no_request(numbers: tuple[signal.Signals, signal.Signals]) -> None:
    with process(3_600) as (served, port), Client(port) as busy:
        busy.send(b"GET /3600 HTTP/1.1\r\nHost: a\r\n\r\n")
        assert served.stdout is not None
        assert served.stdout.readline() == "request\n"
        served.send_signal(numbers[0])
        assert served.stdout.readline() == "stopping\n"
        served.send_signal(numbers[1])
        assert said_until_the_end(served) == ["returned"]


def test_grace_is_bounded() -> None:
    with process(1) as (served, port), Client(port) as busy:
        busy.send(b"GET /3600 HTTP/1.1\r\nHost: a\r\n\r\n")
        start = time.monotonic()
        assert served.stdout is not None
        assert served.stdout.readline() == "request\n"
        served.terminate()
        assert said_until_the_end(served) == ["stopping", "shutdown", "returned"]
        assert time.monotonic() - start >= 1


def test_a_signal_closes_websockets_with_a_code() -> None:
    with process(5) as (served, port), connect(f"ws://127.0.0.1:{port}/") as live:
        served.terminate()
        with pytest.raises(ConnectionClosed) as closed:
            live.recv(CEILING_S)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
        assert said_until_the_end(served) == ["stopping", "shutdown", "returned"]


def test_lifespan_surrounds_serving() -> None:
    with running() as at, Client(at.port) as client:
        assert client.get().status == 200
        assert at.probe.lifespan == ["startup"]
    assert at.probe.lifespan == ["startup", "shutdown"]


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    (taken,) = listen("127.0.0.1", 0)
    port = taken.getsockname()[1]
    with taken, pytest.raises(CannotListen) as failed:
        listen("127.0.0.1", port)
    assert str(failed.value) == f"cannot listen on 127.0.0.1:{port}: Address already in use"
    assert isinstance(failed.value, OSError)


def test_a_host_that_is_unknown_is_said_in_one_line() -> None:
    with pytest.raises(CannotListen, match=r"^cannot listen on 300\.1\.1\.1:80: [^\n]+$"):
        listen("300.1.1.1", 80)


def test_names_are_bound_on_all_their_addresses_with_one_port() -> None:
    bound = listen("localhost", 0)
    try:
        assert len({each.getsockname()[1] for each in bound}) == 1
    finally:
        for each in bound:
            each.close()


async def test_an_application_that_does_not_start_is_an_error() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no disk"})

    bound = listen("127.0.0.1", 0)
    with pytest.raises(StartFailed):
        await serve(app, config=FrontDoorConfig(), on_ready=pytest.fail, shutdown_grace_s=1, sockets=bound)
    assert bound[0].fileno() == -1


async def test_ipv6_addresses_are_written_as_such() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for event in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{event}.complete"})

    ready: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
    serving = asyncio.ensure_future(
        serve(app, config=FrontDoorConfig(), on_ready=ready.set_result, shutdown_grace_s=1, host="::1", port=0)
    )
    (address,) = await asyncio.wait_for(ready, CEILING_S)
    assert address.startswith("http://[::1]:")
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
