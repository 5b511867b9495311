"""M7: what two servers may read differently is refused, and nothing of it reaches the application."""

from __future__ import annotations

import pytest

from .running import Client, Running, running
from .shapes import SHAPES

NEXT = b"GET /evil HTTP/1.1\r\nHost: a\r\n\r\n"


def test_there_are_enough_shapes() -> None:
    assert len(SHAPES) >= 40


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_shape_is_refused_and_closed(door: Running, shape: bytes) -> None:
    with Client(door.port) as client:
        client.send(shape + NEXT)
        answer = client.answer()
        assert answer.problem["code"].startswith(("http.", "websocket."))
        assert answer.status in {400, 501}
        assert answer.headers["connection"] == "close"
        assert client.rest() == b""
    assert door.probe.started == []


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_shape_in_two_pieces_never_ends_a_request(door: Running, shape: bytes) -> None:
    with Client(door.port) as client:
        middle = len(shape) - 4
        client.send(shape[:middle])
        client.open_after(0.003)
        client.send(shape[middle:] + NEXT)
        assert client.answer().status in {400, 501}
        assert client.rest() == b""
    assert door.probe.seen == []
    assert "/evil" not in door.probe.started


@pytest.mark.parametrize("name", ["codings: gzip, chunked", "heads: two hosts", "chunks: host as trailer"])
def test_bare_uvicorn_takes_some_of_them(name: str) -> None:
    with running(bare=True) as at, Client(at.port) as client:
        client.send(SHAPES[name] + NEXT)
        assert [client.answer().status, client.answer().status] == [200, 200]
        assert at.probe.started == ["/x", "/evil"]


@pytest.mark.parametrize(("bare", "started"), [(True, ["/x", "/evil"]), (False, ["/x"])])
def test_a_body_behind_a_wish_to_upgrade_is_no_request(bare: bool, started: list[str]) -> None:
    with running(bare=bare) as at, Client(at.port) as client:
        wish = b"POST /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: %d\r\n\r\n"
        client.send(wish % len(NEXT))
        client.open_after(0.1)
        client.send(NEXT)
        client.answer()
        client.open_after(0.1)
        assert at.probe.started == started


def test_requests_before_a_bad_one_are_answered(door: Running) -> None:
    with Client(door.port) as client:
        client.send(
            b"GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n" + SHAPES["lengths: length list"] + NEXT
        )
        assert client.answer().body == b"/a"
        assert client.answer().body == b"/b"
        assert client.answer().problem["code"] == "http.malformed"
        assert client.rest() == b""
    assert door.probe.started == ["/a", "/b"]


@pytest.mark.parametrize(
    "head",
    [
        b"POST /x HTTP/1.1\r\nHost: a.example:8080\r\nContent-Length: 5 \t\r\n",
        b"POST /x HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 5\r\n",
        b"POST http://A/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n",
        b"POST /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n"
        b"Content-Length: 5\r\n",
        b"POST /x HTTP/1.1\r\nHost: a\r\nX: caf\xe9\r\nContent-Length: 5\r\n",
        b"\r\nPOST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n",
    ],
)
def test_unusual_but_lawful_requests_pass(door: Running, head: bytes) -> None:
    with Client(door.port) as client:
        client.send(head + b"\r\nhello" + b"GET /next HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.answer().body == b"hello"
        assert client.answer().body == b"/next"
    assert [(path, body) for _, path, _, body in door.probe.seen] == [("/x", b"hello"), ("/next", b"")]


@pytest.mark.parametrize(
    "body",
    [
        b"5\r\nhello\r\n0\r\n\r\n",
        b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        b"0005\r\nhello\r\n00\r\n\r\n",
        b'5;a=b;c="d"\r\nhello\r\n0\r\n\r\n',
        b"5\r\nhello\r\n0\r\nAuthorization: forged\r\nX-Sum: 1\r\n\r\n",
    ],
    ids=["one", "two", "padded", "extension", "trailers"],
)
def test_chunked_bodies_pass_without_their_trailers(door: Running, body: bytes) -> None:
    with Client(door.port) as client:
        client.send(b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n" + body)
        assert client.answer().body == b"hello"
    (_, _, headers, received) = door.probe.seen[0]
    assert received == b"hello"
    assert set(headers) == {b"host", b"transfer-encoding"}
