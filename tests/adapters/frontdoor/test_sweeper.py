"""R1: slow clients are closed in time, honest ones are not. Bare uvicorn shows that each of these tests can fail."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.frontdoor.sweeper import sweep_interval_s

from .running import Answer, Client, Running, eventually, running

LIMITS = FrontDoorConfig(
    header_timeout_s=0.4,
    body_timeout_s=0.4,
    keep_alive_timeout_s=0.4,
    write_stall_timeout_s=0.4,
    max_idle_per_address=1000,
)
LATEST_S = 0.4 + 3 * sweep_interval_s(LIMITS)
"""The deadline, up to two sweeps and a little for a busy machine."""

POST = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n"


@pytest.fixture(scope="module")
def hasty() -> Iterator[Running]:
    with running(LIMITS) as at:
        yield at


def dribble(client: Client, piece: bytes, seconds: float, pause_s: float = 0.02) -> float:
    """Send `piece` again and again; how many seconds went by until the server would have no more."""
    start = time.monotonic()
    while (passed := time.monotonic() - start) < seconds:
        try:
            client.send(piece)
        except (BrokenPipeError, ConnectionResetError):
            break
        if not client.open_after(pause_s):
            break
    return passed


def slow_idle(client: Client) -> float:
    return 0 if client.open_after(LATEST_S) else 0.4


def slow_empty_lines(client: Client) -> float:
    return dribble(client, b"\r\n", 2 * LATEST_S)


def slow_header(client: Client) -> float:
    client.send(b"GET / HTTP/1.1\r\nHost: a\r\n")
    return dribble(client, b"X: y\r\n", 2 * LATEST_S)


def slow_body(client: Client) -> float:
    client.send(POST)
    return dribble(client, b"x", 2 * LATEST_S)


@pytest.mark.parametrize("slow", [slow_idle, slow_empty_lines, slow_header, slow_body])
def test_slow_client_is_closed_while_others_are_served(hasty: Running, slow: object) -> None:
    assert callable(slow)
    with Client(hasty.port) as client, Client(hasty.port) as other:
        assert 0 < slow(client) <= LATEST_S
        client.rest()
        assert other.open_after(0) is False or other.get("/other").body == b"/other"


@pytest.mark.parametrize("slow", [slow_empty_lines, slow_header, slow_body])
def test_bare_uvicorn_keeps_slow_clients(slow: object) -> None:
    assert callable(slow)
    with running(bare=True) as at, Client(at.port) as client:
        assert slow(client) >= 2 * LATEST_S


def test_bare_uvicorn_keeps_idle_clients() -> None:
    with running(bare=True) as at, Client(at.port) as client:
        assert client.open_after(2 * LATEST_S)


def test_others_are_served_all_along(hasty: Running) -> None:
    with Client(hasty.port) as slow, Client(hasty.port) as other:
        slow.send(POST)
        slowest = 0.0
        while slow.open_after(0.01):
            start = time.monotonic()
            assert other.get("/other").status == 200
            slowest = max(slowest, time.monotonic() - start)
    assert slowest < 0.2


def test_slow_header_and_body_are_told_why(hasty: Running) -> None:
    for begun in (b"GET / HTTP/1.1\r\nHost", POST + b"x"):
        with Client(hasty.port) as client:
            client.send(begun)
            answer: Answer = client.answer()
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
        client.send(b"POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n")
        assert client.answer().status == 413
        assert 0.2 < dribble(client, b"x" * 1000, 2 * LATEST_S) <= LATEST_S


def test_time_spent_by_the_application_is_not_the_clients(hasty: Running) -> None:
    with Client(hasty.port) as client:
        hasty.probe.release.clear()
        client.send(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.open_after(2 * LATEST_S)
        hasty.probe.release.set()
        assert client.answer().body == b"/slow"


def test_a_request_sent_ahead_may_wait_for_its_turn(hasty: Running) -> None:
    with Client(hasty.port) as client:
        hasty.probe.release.clear()
        client.send(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n" + POST)
        assert client.open_after(2 * LATEST_S)
        hasty.probe.release.set()
        assert client.answer().body == b"/slow"


def test_a_reader_that_stops_is_cut(hasty: Running) -> None:
    with Client(hasty.port, receive_buffer=4096) as client:
        client.send(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        assert eventually(lambda: "/endless" in hasty.probe.cut, 3)
        with pytest.raises((ConnectionResetError, EOFError)):
            while True:
                client._more()


def test_bare_uvicorn_keeps_a_reader_that_stops() -> None:
    with running(bare=True) as at, Client(at.port, receive_buffer=4096) as client:
        client.send(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        assert not eventually(lambda: "/endless" in at.probe.cut, 2 * LATEST_S)


def test_a_slow_reader_is_not_cut(hasty: Running) -> None:
    hasty.probe.cut.clear()
    with Client(hasty.port, receive_buffer=4096) as client:
        client.send(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        start = time.monotonic()
        while time.monotonic() - start < 3 * LATEST_S:
            assert client.socket.recv(2048)
            time.sleep(0.02)
        assert hasty.probe.cut == []


def test_sweeps_are_no_more_than_a_second_apart() -> None:
    assert sweep_interval_s(FrontDoorConfig()) == 1
    assert sweep_interval_s(LIMITS) == pytest.approx(0.1)
