"""Who gets in, how a client is turned away, and what the application learns of it."""

from __future__ import annotations

import time
from contextlib import ExitStack

import pytest

from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.frontdoor.sweeper import LINGER_S

from .running import Client, Running, eventually, running

GET = b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n"


def refused(port: int) -> bool:
    """Whether a new connection is turned away on sight; one that is not stays open and idle."""
    client = Client(port)
    if client.open_after(0.05):
        client.socket.close()
        return False
    answer = client.answer()
    assert (answer.status, answer.problem["code"]) == (503, "server.too_many_connections")
    assert answer.headers["retry-after"] == "1"
    assert client.rest() == b""
    client.socket.close()
    return True


def cut_off(client: Client) -> bool:
    try:
        client.send(b"x")
    except (BrokenPipeError, ConnectionResetError):
        return True
    return False


@pytest.mark.parametrize("path", [None, "/401", "/404"], ids=["idle", "unauthenticated", "not found"])
def test_connections_of_one_address_without_success_are_capped(path: str | None) -> None:
    with running(FrontDoorConfig()) as at, ExitStack() as stack:
        clients = [stack.enter_context(Client(at.port)) for _ in range(64)]
        for client in clients:
            assert path is None or client.get(path).status >= 400
        assert eventually(lambda: refused(at.port))
        clients[0].socket.close()
        assert eventually(lambda: not refused(at.port))


def test_connections_with_a_success_do_not_count_towards_the_cap() -> None:
    with running(FrontDoorConfig()) as at, ExitStack() as stack:
        for _ in range(200):
            client = stack.enter_context(Client(at.port))
            assert client.get("/401").status == 401
            assert client.get("/200").status == 200
        assert not refused(at.port)


def test_a_response_that_has_begun_is_a_success() -> None:
    with running(FrontDoorConfig(max_idle_per_address=1)) as at, Client(at.port) as stream:
        stream.send(GET % b"/endless")
        assert stream.answer().status == 200
        assert not refused(at.port)


def test_all_connections_are_capped() -> None:
    with running(FrontDoorConfig(max_connections=5)) as at, ExitStack() as stack:
        clients = [stack.enter_context(Client(at.port)) for _ in range(5)]
        assert all(client.get().status == 200 for client in clients)
        assert eventually(lambda: refused(at.port))
        clients[0].socket.close()
        assert eventually(lambda: not refused(at.port))


def test_a_refusal_is_read_even_by_a_client_that_is_still_sending(door: Running) -> None:
    with Client(door.port) as client:
        client.send(b"GET / HTTP/1.1\r\nHost : a\r\n\r\n")
        for _ in range(20):
            client.send(b"x" * 65_536)
        assert client.answer().status == 400
        assert client.rest() == b""


def test_a_refused_client_that_stays_is_cut(door: Running) -> None:
    with Client(door.port) as client:
        start = time.monotonic()
        client.send(b"\x00")
        assert client.answer().status == 400
        assert eventually(lambda: cut_off(client))
        assert time.monotonic() - start > LINGER_S - 0.2


def test_a_refusal_waits_for_the_answer_that_is_owed(door: Running) -> None:
    door.probe.release.clear()
    with Client(door.port) as client:
        client.send(GET % b"/slow" + GET % b"/two" + b"bad\r\n\r\n")
        assert client.open_after(0.1)
        door.probe.release.set()
        assert client.answer().body == b"/slow"
        assert client.answer().body == b"/two"
        assert client.answer().problem["code"] == "http.malformed"
        assert client.rest() == b""


def test_a_bad_body_ends_as_a_disconnect(door: Running) -> None:
    with Client(door.port) as client:
        client.send(b"POST /cut HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        assert eventually(lambda: "/cut" in door.probe.started)
        client.send(b"zz\r\n")
        assert client.answer().status == 400
    assert eventually(lambda: "/cut" in door.probe.cut)
    assert door.probe.seen == []


def test_a_bad_body_behind_an_early_answer_gets_no_second_answer(door: Running) -> None:
    with Client(door.port) as client:
        client.send(b"POST /early HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        assert client.answer().status == 413
        client.send(b"zz\r\n")
        assert client.rest() == b""


def test_requests_sent_ahead_are_capped(door: Running) -> None:
    door.probe.release.clear()
    with Client(door.port) as client:
        client.send(GET % b"/slow" + GET % b"/more" * 10_000)
        door.probe.release.set()
        answers = [client.answer() for _ in range(66)]
        assert [answer.body for answer in answers[:65]] == [b"/slow"] + [b"/more"] * 64
        assert (answers[65].status, answers[65].problem["code"]) == (503, "http.pipeline_too_deep")
        assert client.rest() == b""
    assert len(door.probe.started) == 65


def test_application_hears_of_a_client_that_left_with_requests_waiting(door: Running) -> None:
    with Client(door.port) as client:
        client.send(GET % b"/endless" + GET % b"/waiting")
        assert client.answer().status == 200
    assert eventually(lambda: "/endless" in door.probe.cut)
    assert door.probe.started == ["/endless"]


def test_application_can_cut_a_connection(door: Running) -> None:
    with Client(door.port, receive_buffer=4096) as client:
        client.send(GET % b"/abort")
        assert len(client.rest()) < 65_536 * 300
    assert door.probe.buffered > 1_000_000
    with Client(door.port) as client:
        assert client.get().status == 200
        scope = door.probe.scopes[-1]
        assert door.on_the_loop(scope["extensions"]["penstock.buffered"]) == 0
    door.on_the_loop(scope["extensions"]["penstock.abort"])


def test_a_trusted_proxy_is_not_bound_by_the_limit_of_an_address() -> None:
    limits = FrontDoorConfig(max_idle_per_address=1, trusted_proxies=("127.0.0.0/8",))
    with running(limits) as at, ExitStack() as stack:
        idle = [stack.enter_context(Client(at.port)) for _ in range(10)]
        assert all(client.get("/x").status == 200 for client in idle)
        assert all(client.open_after(0.01) for client in idle)
