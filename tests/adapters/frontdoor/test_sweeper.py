"""R1: slow clients are closed in time, honest ones are not. Bare uvicorn shows that each of these tests can fail."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.frontdoor.sweeper import sweep_interval_s
from tests.support.pace import in_time
from tests.support.waiting import CEILING_S

from .probe import PIECE
from .running import Client, Running, eventually, running

pytestmark = pytest.mark.alone

DEADLINE_S = 0.3
LIMITS = FrontDoorConfig(
    header_timeout_s=DEADLINE_S,
    body_timeout_s=DEADLINE_S,
    keep_alive_timeout_s=DEADLINE_S,
    write_stall_timeout_s=DEADLINE_S,
    max_idle_per_address=1000,
)
LATEST_S = DEADLINE_S + 4 * sweep_interval_s(LIMITS)
"""The deadline, two sweeps, and as much again for a busy machine."""

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n"
POST_CHUNKED = b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

SLOW = {
    "idle": (b"", b""),
    "empty lines": (b"", b"\r\n"),
    "target": (b"GET /", b"x"),
    "header": (GET, b"X: y\r\n"),
    "body": (POST, b"x"),
    "chunk size": (POST_CHUNKED, b"0"),
    "chunks": (POST_CHUNKED, b"1\r\nx\r\n"),
}
"""What a slow client begins with, and what it goes on dribbling."""


@pytest.fixture(scope="module")
def hasty() -> Iterator[Running]:
    with running(LIMITS) as at:
        yield at


def dribble(port: int, slow: dict[str, tuple[bytes, bytes]], seconds: float) -> tuple[dict[str, float], float]:
    """When each slow client was closed, if it was, and the longest time that another one waited for an answer."""
    start, closed, slowest = time.monotonic(), dict[str, float](), 0.0
    with ExitStack() as stack:
        clients = {name: stack.enter_context(Client(port)) for name in slow}
        for name, client in clients.items():
            client.send(slow[name][0])
        while (now := time.monotonic()) - start < seconds and len(closed) < len(slow):
            for name in clients.keys() - closed.keys():
                if clients[name].open_after(0.002):
                    clients[name].send(slow[name][1])
                else:
                    closed[name] = time.monotonic() - start
            with Client(port) as other:
                now = time.monotonic()
                assert other.get("/other").body == b"/other"
                slowest = max(slowest, time.monotonic() - now)
    return closed, slowest


def test_slow_clients_are_closed_while_others_are_served(hasty: Running) -> None:
    closed, slowest = dribble(hasty.port, SLOW, CEILING_S)
    assert closed.keys() == SLOW.keys()
    assert min(closed.values()) > DEADLINE_S
    assert in_time(max(closed.values()), LATEST_S)
    assert in_time(slowest, 0.2)


def test_bare_uvicorn_keeps_slow_clients() -> None:
    with running(bare=True) as at:
        assert dribble(at.port, SLOW, 2 * LATEST_S)[0] == {}


def test_slow_header_and_body_are_told_why(hasty: Running) -> None:
    for begun in (b"GET / HTTP/1.1\r\nHost", POST + b"x"):
        with Client(hasty.port) as client:
            client.send(begun)
            answer = client.answer()
            assert answer.problem["code"] == "http.timeout"
            assert answer.status == 408
            assert client.rest() == b""


def test_idle_clients_are_closed_without_a_word(hasty: Running) -> None:
    with Client(hasty.port) as fresh, Client(hasty.port) as used:
        assert used.get().status == 200
        assert fresh.rest() == b""
        assert used.rest() == b""


def test_application_sees_a_disconnect_when_a_body_stalls(hasty: Running) -> None:
    with Client(hasty.port) as client:
        client.send(b"POST /stalled HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        client.rest()
    assert eventually(lambda: "/stalled" in hasty.probe.cut)


def test_a_body_at_the_minimum_rate_may_take_longer(hasty: Running) -> None:
    with Client(hasty.port) as client:
        client.send(POST)
        start = time.monotonic()
        for _ in range(50):
            client.send(b"x" * 100)
            time.sleep(0.03)
        assert time.monotonic() - start > 2 * LATEST_S
        assert len(client.answer().body) == 5000


def test_rate_earns_no_time_for_a_body_that_was_answered(hasty: Running) -> None:
    with Client(hasty.port) as client:
        start = time.monotonic()
        client.send(b"POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n")
        assert client.answer().status == 413
        while client.open_after(0.02):
            client.send(b"x" * 1000)
        took_s = time.monotonic() - start
        assert took_s > DEADLINE_S
        assert in_time(took_s, LATEST_S)


def test_time_spent_by_the_application_is_not_the_clients(hasty: Running) -> None:
    with Client(hasty.port) as client:
        hasty.probe.release.clear()
        client.send(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.open_after(1.5 * LATEST_S)
        hasty.probe.release.set()
        assert client.answer().body == b"/slow"


def test_a_request_sent_ahead_may_wait_for_its_turn(hasty: Running) -> None:
    with Client(hasty.port) as client:
        hasty.probe.release.clear()
        client.send(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n" + POST)
        assert client.open_after(1.5 * LATEST_S)
        hasty.probe.release.set()
        assert client.answer().body == b"/slow"


def test_a_reader_that_stops_is_cut(hasty: Running) -> None:
    with Client(hasty.port, receive_buffer=4096) as client:
        client.send(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        assert eventually(lambda: "/endless" in hasty.probe.cut)
        assert b"x" in client.rest()


def test_a_reader_that_stops_is_cut_even_after_the_response(hasty: Running) -> None:
    with Client(hasty.port, receive_buffer=4096) as client:
        client.send(b"GET /large HTTP/1.0\r\n\r\n")
        time.sleep(2 * LATEST_S)
        assert 0 < len(client.rest()) < 300 * len(PIECE)


def test_bare_uvicorn_keeps_a_reader_that_stops() -> None:
    with running(bare=True) as at, Client(at.port, receive_buffer=4096) as client:
        client.send(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        assert not eventually(lambda: "/endless" in at.probe.cut, 2 * LATEST_S)


def test_a_slow_reader_is_not_cut(hasty: Running) -> None:
    hasty.probe.cut.clear()
    with Client(hasty.port, receive_buffer=4096) as client:
        client.send(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        start = time.monotonic()
        while time.monotonic() - start < 2 * LATEST_S:
            assert client.socket.recv(2048)
            time.sleep(0.02)
        assert hasty.probe.cut == []


def test_sweeps_are_no_more_than_a_second_apart() -> None:
    assert sweep_interval_s(FrontDoorConfig()) == 1
    assert sweep_interval_s(LIMITS) == DEADLINE_S / 4
