"""HTTP as clients use it, and the sizes it may have."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.pace import in_time

from .running import Client, Running

GET = b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n"


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def test_keep_alive_and_pipelining(door: Running) -> None:
    with Client(door.port) as client:
        assert client.get("/first").body == b"/first"
        client.send(b"".join(GET % b"/%d" % status for status in range(400, 440)))
        assert [client.answer().status for _ in range(40)] == list(range(400, 440))
        assert client.get("/last").body == b"/last"


def test_requests_cut_at_every_byte(door: Running) -> None:
    request = b"POST /a%20b?q=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
    with Client(door.port) as client:
        for split in range(1, len(request)):
            client.send(request[:split])
            time.sleep(0.0005)
            client.send(request[split:])
            assert client.answer().body == b"hello"
    assert {path for _, path, _, _ in door.probe.seen} == {"/a b"}
    assert door.probe.scopes[-1]["raw_path"] == b"/a%20b"
    assert door.probe.scopes[-1]["query_string"] == b"q=1"


def test_scope_is_what_asgi_says(door: Running) -> None:
    with Client(door.port) as client:
        client.send(b"GET http://a:80/x?y HTTP/1.1\r\nHost: b\r\nX-One: 1\r\nx-one: 2\r\n\r\n")
        client.answer()
        scope = door.probe.scopes[-1]
        assert scope.pop("extensions").keys() == {"penstock.abort", "penstock.buffered"}
        assert scope == {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "server": ("127.0.0.1", door.port),
            "client": client.socket.getsockname(),
            "scheme": "http",
            "method": "GET",
            "root_path": "",
            "path": "/x",
            "raw_path": b"/x",
            "query_string": b"y",
            "headers": [(b"host", b"a:80"), (b"x-one", b"1"), (b"x-one", b"2")],
            "state": {},
        }


def test_close_is_honoured(door: Running) -> None:
    with Client(door.port) as client:
        client.send(b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + GET % b"/ignored")
        assert client.answer().headers["connection"] == "close"
        assert client.rest() == b""
    assert door.probe.started == ["/x"]


@pytest.mark.parametrize(("path", "body"), [(b"/x", b"/x"), (b"/stream", b"one,two")])
def test_http_1_0(door: Running, path: bytes, body: bytes) -> None:
    with Client(door.port) as client:
        client.send(b"GET %s HTTP/1.0\r\n\r\n" % path)
        head, _, rest = client.rest().partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"transfer-encoding" not in head
        assert rest == body


def test_http_1_1_streams_in_chunks(door: Running) -> None:
    with Client(door.port) as client:
        client.send(b"GET /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert client.rest().endswith(b"\r\n\r\n4\r\none,\r\n3\r\ntwo\r\n0\r\n\r\n")


def test_head_has_no_body(door: Running) -> None:
    with Client(door.port) as client:
        client.send(b"HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert client.rest().endswith(b"\r\n\r\n")


def test_expect_100_continue(door: Running) -> None:
    with Client(door.port) as client:
        client.send(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n")
        assert client.answer().status == 100
        client.send(b"hello")
        assert client.answer().body == b"hello"


def test_large_bodies_pass(door: Running) -> None:
    body = b"0123456789abcdef" * 300_000
    with Client(door.port) as client:
        client.send(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        assert client.answer().body == body
        pieces = [b"%x\r\n%s\r\n" % (1000, body[at : at + 1000]) for at in range(0, 1_000_000, 1000)]
        client.send(b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + b"".join(pieces) + b"0\r\n\r\n")
        assert client.answer().body == body[:1_000_000]
        pieces = [b"1\r\nx\r\n"] * 50_000
        client.send(b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + b"".join(pieces) + b"0\r\n\r\n")
        assert client.answer().body == b"x" * 50_000


@pytest.mark.parametrize(
    ("begun", "more", "status", "code"),
    [
        (b"GET /", b"x" * 65_536, 414, "http.target_too_long"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: ", b"x" * 65_536, 431, "http.header_too_large"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", b"X: y\r\n" * 10_000, 431, "http.header_too_large"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"x" * 65_000, b"x" * 65_536, 431, "http.header_too_large"),
    ],
    ids=["target", "value", "many", "name"],
)
def test_a_header_of_10_mb_is_refused_at_once(door: Running, begun: bytes, more: bytes, status: int, code: str) -> None:
    before, start = resident_bytes(), time.monotonic()
    with Client(door.port) as client:
        client.send(begun)
        for _ in range(10_000_000 // len(more)):
            client.send(more)
        answer = client.answer()
        assert (answer.status, answer.problem["code"]) == (status, code)
        assert client.rest() == b""
    assert in_time(time.monotonic() - start, 5)
    assert resident_bytes() - before < 3_000_000
    assert door.probe.started == []


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n" % (b"x" * 8191), 200),
        (b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n" % (b"x" * 8192), 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: %s\r\n\r\n" % (b"x" * 32_700), 200),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: %s\r\n\r\n" % (b"x" * 32_800), 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\n%s\r\n" % (b"a:\r\n" * 9000), 431),
    ],
)
def test_sizes_of_a_header_that_comes_whole(door: Running, head: bytes, status: int) -> None:
    with Client(door.port) as client:
        client.send(head)
        assert client.answer().status == status


def test_a_header_in_one_segment_with_a_large_body_is_no_large_header(door: Running) -> None:
    post = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000
    with Client(door.port) as client:
        for _ in range(5):
            client.send(post + GET % b"/y")
            assert len(client.answer().body) == 100_000
            assert client.answer().body == b"/y"


@pytest.mark.parametrize(
    "framing",
    [b"0" * 65_536, b"1;a=" + b"b" * 65_536, b"0\r\nX: " + b"y" * 65_536, b"0\r\n" + b"X: y\r\n" * 10_000],
    ids=["size", "extension", "trailer", "trailers"],
)
def test_chunk_framing_is_bounded(door: Running, framing: bytes) -> None:
    with Client(door.port) as client:
        client.send(b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        client.open_after(0.02)
        client.send(framing)
        assert client.answer().problem["code"] == "http.header_too_large"
        assert client.rest() == b""
    assert door.probe.seen == []
