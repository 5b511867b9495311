"""WebSockets through the door: they work, are not swept as slow HTTP, count while they live, and are cut when stalled."""

from __future__ import annotations

import base64
import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from penstock.adapters.frontdoor.config import FrontDoorConfig
from tests.support.waiting import CEILING_S

from .running import Client, Running, eventually, running

DEADLINE_S = 0.3
LIMITS = FrontDoorConfig(
    header_timeout_s=DEADLINE_S,
    keep_alive_timeout_s=DEADLINE_S,
    body_timeout_s=DEADLINE_S,
    write_stall_timeout_s=DEADLINE_S,
    max_idle_per_address=3,
    max_connections=6,
)
CONT, TEXT, CLOSE = 0, 1, 8
KEY = base64.b64encode(os.urandom(16))


@pytest.fixture
def hasty() -> Iterator[Running]:
    with running(LIMITS) as at:
        yield at


def opened(port: int) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{port}/live", compression=None)


def handshake(*extra: bytes, line: bytes = b"GET /live HTTP/1.1", key: bytes = KEY, version: bytes = b"13") -> bytes:
    head = [line, b"Host: a", b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: " + version]
    return b"\r\n".join([*head, b"Sec-WebSocket-Key: " + key, *extra, b"", b""])


def frame(opcode: int, data: bytes, *, fin: bool = True) -> bytes:
    """A short frame of a client, masked with zeros."""
    return bytes((fin << 7 | opcode, 0x80 | len(data), 0, 0, 0, 0)) + data


def test_messages_go_both_ways_and_idling_is_allowed(hasty: Running) -> None:
    with opened(hasty.port) as socket:
        socket.send("one")
        assert socket.recv(CEILING_S) == "one"
        with pytest.raises(TimeoutError):
            socket.recv(4 * DEADLINE_S)
        socket.send("two")
        assert socket.recv(CEILING_S) == "two"
    assert eventually(lambda: hasty.probe.cut == ["websocket 1000"])


def test_compression_is_not_offered(hasty: Running) -> None:
    with connect(f"ws://127.0.0.1:{hasty.port}/live") as socket:
        assert socket.response is not None
        assert "Sec-WebSocket-Extensions" not in socket.response.headers
        assert "Server" not in socket.response.headers


def test_messages_are_bounded(hasty: Running) -> None:
    with opened(hasty.port) as socket:
        socket.send("x" * 65_536)
        assert socket.recv(CEILING_S) == "x" * 65_536
        socket.send("x" * 65_537)
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(CEILING_S)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


def test_a_close_amid_a_fragmented_message_is_answered_like_any(hasty: Running) -> None:
    with Client(hasty.port) as client:
        client.send(handshake())
        assert client.answer().status == 101
        client.send(frame(TEXT, b"half", fin=False) + frame(CLOSE, b"\x03\xe8bye") + frame(CONT, b"rest"))
        assert client.rest() == b"\x88\x05\x03\xe8bye"
    assert eventually(lambda: hasty.probe.cut == ["websocket 1000"])


@pytest.mark.parametrize(
    "frames",
    [
        [("\ud800".encode("utf-8", "surrogatepass"), True)],
        [(b"good", False), (b"\xce", False), (b"\xba\xff", False)],
        [(b"\xf4\x90", False)],
        [(b"\xce", True)],
        [(b"\xff", True), (b"\xff", True)],
    ],
    ids=["surrogate", "later", "begun", "cut off", "twice"],
)
def test_a_text_that_is_no_utf8_ends_the_connection_at_the_first_bad_frame(
    hasty: Running, caplog: pytest.LogCaptureFixture, frames: list[tuple[bytes, bool]]
) -> None:
    caplog.set_level(logging.INFO)
    with Client(hasty.port) as client:
        client.send(handshake())
        assert client.answer().status == 101
        begun = False
        for data, fin in frames:
            client.send(frame(CONT if begun else TEXT, data, fin=fin))
            begun = not fin
        assert client.rest() == b"\x88\x1e\x03\xefa text message must be UTF-8"
    assert eventually(lambda: hasty.probe.cut == ["websocket 1007"])
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


def test_they_count_until_closed_but_not_against_their_address(hasty: Running) -> None:
    with ExitStack() as stack:
        for _ in range(6):
            stack.enter_context(opened(hasty.port))
        seventh = stack.enter_context(Client(hasty.port))
        assert seventh.answer().status == 503

    def admitted() -> bool:
        with Client(hasty.port) as another:
            return another.open_after(0.05)

    assert eventually(admitted)


def test_a_reader_that_stops_is_cut(hasty: Running) -> None:
    with Client(hasty.port, receive_buffer=4096) as client:
        client.send(handshake())
        assert client.answer().status == 101
        client.send(b"\x81\x85\x00\x00\x00\x00flood")
        assert eventually(lambda: hasty.probe.cut == ["flood"])


def test_application_can_cut_one(hasty: Running) -> None:
    with opened(hasty.port) as socket:
        extensions = hasty.probe.scopes[-1]["extensions"]
        assert extensions["penstock.buffered"]() == 0
        extensions["penstock.abort"]()
        with pytest.raises(ConnectionClosed):
            socket.recv(CEILING_S)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (handshake(version=b"8"), 426),
        (handshake(key=b"short"), 400),
        (handshake(key=b"not base64 at all!!"), 400),
        (handshake(b"Sec-WebSocket-Key: " + KEY), 400),
        (handshake(line=b"POST /live HTTP/1.1"), 400),
        (handshake(line=b"GET /live HTTP/1.0"), 400),
        (handshake(b"Content-Length: 5") + b"hello", 400),
        (handshake(b"Transfer-Encoding: chunked") + b"0\r\n\r\n", 400),
        (handshake(b"X: " + b"x" * 8190), 400),
        (handshake(*[b"X: y"] * 130), 400),
        (b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + handshake(), 400),
    ],
    ids=["version", "short", "base64", "keys", "post", "1.0", "length", "chunked", "long", "many", "pipelined"],
)
def test_bad_handshakes_are_refused(hasty: Running, request_: bytes, status: int) -> None:
    hasty.probe.release.set()
    with Client(hasty.port) as client:
        client.send(request_)
        answer = client.answer()
        if answer.body == b"/slow":
            answer = client.answer()
        assert answer.status == status
        assert answer.problem["code"].startswith("websocket.")
        assert client.rest() == b""


def test_other_upgrades_are_ignored(hasty: Running) -> None:
    with Client(hasty.port) as client:
        for head in (b"GET /x HTTP/1.1", b"POST /x HTTP/1.1\r\nContent-Length: 5"):
            asking = b"\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: h2c\r\n\r\n"
            client.send(head + asking + (b"hello" if b"Length" in head else b""))
            assert client.answer().status == 200
    assert [body for _, _, _, body in hasty.probe.seen] == [b"", b"hello"]
