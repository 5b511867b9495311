"""R1: slow clients are closed in time, honest ones are not. Bare uvicorn shows that each of these tests can fail.

The tests hold the clock: honest clients may be as slow as the machine makes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.frontdoor.sweeper import sweep_interval_s

from .probe import PIECE
from .running import STEP_S, Client, Running, eventually, running

DEADLINE_S = 10.0
OVER_S = 1.5 * DEADLINE_S
RATE_BYTES_S = 1000
LIMITS = FrontDoorConfig(
    header_timeout_s=DEADLINE_S,
    body_timeout_s=DEADLINE_S,
    body_min_rate_bytes_s=RATE_BYTES_S,
    keep_alive_timeout_s=DEADLINE_S,
    write_stall_timeout_s=DEADLINE_S,
    max_idle_per_address=1000,
)

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
    with running(LIMITS, held=True) as at:
        yield at


def dribble(at: Running, seconds: float) -> tuple[set[str], list[bytes]]:
    """Which slow clients were closed after they dribbled for so long, and what another one was answered meanwhile."""
    with ExitStack() as stack:
        clients = {name: stack.enter_context(Client(at.port)) for name in SLOW}
        other = stack.enter_context(Client(at.port))
        answered = []
        for name, client in clients.items():
            client.send(SLOW[name][0])
        for _ in range(round(seconds)):
            open_ones = [name for name, client in clients.items() if client.open_after(0.002)]
            for name in open_ones:
                clients[name].send(SLOW[name][1])
            answered.append(other.get("/other").body)
            at.pass_time(1)
        return {name for name, client in clients.items() if not client.open_after(0.002)}, answered


def test_slow_clients_are_closed_while_others_are_served(hasty: Running) -> None:
    half, whole = round(DEADLINE_S / 2), round(OVER_S)
    assert dribble(hasty, half) == (set(), [b"/other"] * half)
    assert dribble(hasty, whole) == (SLOW.keys(), [b"/other"] * whole)


def test_bare_uvicorn_keeps_slow_clients() -> None:
    with running(bare=True) as at:
        assert dribble(at, OVER_S)[0] == set()


def test_slow_header_and_body_are_told_why(hasty: Running) -> None:
    for begun in (b"GET / HTTP/1.1\r\nHost", POST + b"x"):
        with Client(hasty.port) as client:
            client.send(begun)
            hasty.pass_time(OVER_S)
            answer = client.answer()
            assert answer.problem["code"] == "http.timeout"
            assert answer.status == 408
            assert client.rest() == b""


def test_idle_clients_are_closed_without_a_word(hasty: Running) -> None:
    with Client(hasty.port) as fresh, Client(hasty.port) as used:
        assert used.get().status == 200
        hasty.pass_time(OVER_S)
        assert fresh.rest() == b""
        assert used.rest() == b""


def test_application_sees_a_disconnect_when_a_body_stalls(hasty: Running) -> None:
    with Client(hasty.port) as client:
        client.send(b"POST /stalled HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        hasty.pass_time(OVER_S)
        client.rest()
    assert eventually(lambda: "/stalled" in hasty.probe.cut)


def test_a_body_at_the_minimum_rate_may_take_longer(hasty: Running) -> None:
    piece = b"x" * round(2 * RATE_BYTES_S * STEP_S)
    pieces = round(OVER_S / STEP_S)
    with Client(hasty.port) as client:
        client.send(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (pieces * len(piece)))
        for _ in range(pieces):
            client.send(piece)
            hasty.pass_time(STEP_S)
        assert client.answer().body == piece * pieces


def test_rate_earns_no_time_for_a_body_that_was_answered(hasty: Running) -> None:
    steps = 0
    with Client(hasty.port) as client:
        client.send(b"POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n")
        assert client.answer().status == 413
        while client.open_after(0.002) and steps * STEP_S <= OVER_S:
            client.send(b"x" * 10 * RATE_BYTES_S)
            hasty.pass_time(STEP_S)
            steps += 1
    assert DEADLINE_S / 2 < steps * STEP_S <= OVER_S


def test_time_spent_by_the_application_is_not_the_clients(hasty: Running) -> None:
    with Client(hasty.port) as client:
        hasty.probe.release.clear()
        client.send(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        hasty.pass_time(OVER_S)
        assert client.open_after(0.01)
        hasty.probe.release.set()
        assert client.answer().body == b"/slow"


def test_a_request_sent_ahead_may_wait_for_its_turn(hasty: Running) -> None:
    with Client(hasty.port) as client:
        hasty.probe.release.clear()
        client.send(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /two HTTP/1.1\r\nHost: a\r\n\r\n" + POST)
        hasty.pass_time(OVER_S)
        assert client.open_after(0.01)
        hasty.probe.release.set()
        assert [client.answer().body, client.answer().body] == [b"/slow", b"/two"]


def test_a_reader_that_stops_is_cut(hasty: Running) -> None:
    with Client(hasty.port, receive_buffer=4096) as client:
        client.send(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        hasty.pass_time(2 * OVER_S)
        assert eventually(lambda: "/endless" in hasty.probe.cut)
        assert b"x" in client.rest()


def test_a_reader_that_stops_is_cut_even_after_the_response(hasty: Running) -> None:
    with Client(hasty.port, receive_buffer=4096) as client:
        client.send(b"GET /large HTTP/1.0\r\n\r\n")
        hasty.pass_time(2 * OVER_S)
        assert 0 < len(client.rest()) < 300 * len(PIECE)


def test_bare_uvicorn_keeps_a_reader_that_stops() -> None:
    with running(bare=True) as at, Client(at.port, receive_buffer=4096) as client:
        client.send(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        at.pass_time(2 * OVER_S)
        assert "/endless" not in at.probe.cut


def test_a_slow_reader_is_not_cut(hasty: Running) -> None:
    hasty.probe.cut.clear()
    with Client(hasty.port, receive_buffer=4096) as client:
        client.send(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        for _ in range(round(2 * OVER_S / STEP_S)):
            client.receive(32 * round(RATE_BYTES_S * STEP_S))
            hasty.pass_time(STEP_S)
        assert hasty.probe.cut == []


def test_sweeps_are_no_more_than_a_second_apart() -> None:
    assert sweep_interval_s(FrontDoorConfig()) == 1
    assert sweep_interval_s(LIMITS) == 1
    assert sweep_interval_s(FrontDoorConfig(body_timeout_s=0.4)) == 0.1
