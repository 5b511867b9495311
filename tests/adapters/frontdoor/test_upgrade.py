"""Wishes for another protocol: a handshake to the letter, and a head without the wish that is otherwise the same."""

from __future__ import annotations

import pytest

from penstock.adapters.frontdoor import framing
from penstock.adapters.frontdoor.refusals import Header, Refused
from penstock.adapters.frontdoor.upgrade import check_handshake, head_without_upgrade

KEY: Header = (b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ==")
VERSION: Header = (b"sec-websocket-version", b"13")
GOOD = [(b"host", b"x"), KEY, VERSION]


def refused(
    headers: list[Header], *, method: bytes = b"GET", version: str = "1.1", target: bytes = b"/", seen: int = framing.HOST
) -> bool:
    try:
        check_handshake(method, version, target, seen, headers)
    except Refused:
        return True
    return False


def test_a_handshake_to_the_letter() -> None:
    assert not refused(GOOD)
    assert not refused([*GOOD, (b"x", b"y" * 8187)])
    assert not refused([(KEY[0], b" " + KEY[1] + b" "), VERSION])


@pytest.mark.parametrize(
    "headers",
    [
        [KEY],
        [VERSION],
        [KEY, (b"sec-websocket-version", b"8")],
        [KEY, VERSION, VERSION],
        [KEY, KEY, VERSION],
        [(KEY[0], b"c2hvcnQ="), VERSION],
        [(KEY[0], b"not base64 at all!!!!!!!"), VERSION],
        [*GOOD, *[(b"x", b"")] * 126],
        [*GOOD, (b"x", b"y" * 8188)],
    ],
)
def test_headers_that_are_none(headers: list[Header]) -> None:
    assert refused(headers)


def test_other_requests_are_no_handshakes() -> None:
    assert refused(GOOD, method=b"POST")
    assert refused(GOOD, version="1.0")
    assert refused(GOOD, seen=0)
    assert refused(GOOD, target=b"/" + b"x" * 8190)


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ([(b"connection", b"Upgrade"), (b"upgrade", b"h2c")], []),
        ([(b"connection", b"close, Upgrade, HTTP2-Settings"), (b"http2-settings", b"x")], [b"connection: close"]),
        ([(b"connection", b"keep-alive"), (b"host", b"x")], [b"connection: keep-alive", b"host: x"]),
        ([], []),
    ],
)
def test_the_wish_alone_is_left_out(headers: list[Header], kept: list[bytes]) -> None:
    assert head_without_upgrade(b"GET", b"/x?y", headers).split(b"\r\n") == [b"GET /x?y HTTP/1.1", *kept, b"", b""]
