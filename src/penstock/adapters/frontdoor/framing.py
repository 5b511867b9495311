"""The framing checks that the parser does not do: pure functions over one request's head.

llhttp, with the one lenient flag that uvicorn sets, already rejects both length headers together, a repeated or malformed
Content-Length, bare CR or LF, folded lines, control bytes, spaces around names and invalid chunk sizes. What it accepts
although another server might read it differently is rejected here. All these functions raise `Refused` and nothing else.

Source: RFC 9112 sections 3.2, 6.1 and 6.3, RFC 9110 sections 5.6.2 and 7.2; httptools 0.9 tried shape by shape
(tests/adapters/frontdoor/shapes.py).
"""

from __future__ import annotations

import re

from penstock.adapters.frontdoor.refusals import (
    CODING_UNSUPPORTED,
    MALFORMED,
    METHOD_UNSUPPORTED,
    VERSION_UNSUPPORTED,
    Refused,
)

HOST = 1
LENGTH = 2
CHUNKED = 4
"""Bits for the framing headers seen in one request."""

PLAIN = (HOST, HOST | LENGTH)
"""The headers of nearly every HTTP/1.1 request: nothing in them needs a further check."""

_HOST_FORM = re.compile(rb"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_MAX_LENGTH_DIGITS = 18  # what fits into 64 bits with a sign, in any implementation
_ZERO = ord("0")


def check_host(value: bytes, seen: int, validated: bytes | None) -> int:
    """RFC 9112 3.2: exactly one Host, and a valid one. `validated` is a value that was already validated."""
    if seen & HOST:
        raise Refused(MALFORMED.because("the Host header must not be repeated"))
    if value != validated and not _HOST_FORM.fullmatch(value.rstrip(b" \t")):
        raise Refused(MALFORMED.because("the Host header must name a host"))
    return seen | HOST


def check_length(value: bytes, seen: int) -> int:
    """RFC 9110 8.6: digits, in their one plain form. The parser has already rejected lists and repetitions."""
    digits = value if value.isdigit() else value.rstrip(b" \t")
    if not digits.isdigit() or len(digits) > _MAX_LENGTH_DIGITS or (digits[0] == _ZERO and digits != b"0"):
        raise Refused(MALFORMED.because("Content-Length must be a plain decimal number"))
    return seen | LENGTH


def check_coding(value: bytes, seen: int) -> int:
    """RFC 9112 6.1. The parser accepts any list that ends in 'chunked', and would pass the rest on undecoded."""
    if seen & CHUNKED:
        raise Refused(MALFORMED.because("Transfer-Encoding must not be repeated"))
    if value.strip(b" \t").lower() != b"chunked":
        raise Refused(CODING_UNSUPPORTED)
    return seen | CHUNKED


def check_version(version: str, seen: int) -> None:
    """RFC 9112 3.2 and 6.1: HTTP/1.1 requires a Host, HTTP/1.0 does not support chunks. The parser also accepts 0.9 and 2.0."""
    if version == "1.1":
        if not seen & HOST:
            raise Refused(MALFORMED.because("an HTTP/1.1 request must have a Host header"))
    elif version != "1.0":
        raise Refused(VERSION_UNSUPPORTED)
    elif seen & CHUNKED:
        raise Refused(MALFORMED.because("an HTTP/1.0 request must not have a Transfer-Encoding"))


def origin_form(method: bytes, target: bytes) -> tuple[bytes, bytes | None]:
    """The target as path and query, and the host that it names, if it does.

    Servers must accept the absolute form, and its host takes the place of the Host header (RFC 9112 3.2.2): a proxy that routes
    by the one and an application that reads the other would otherwise see two different requests.
    """
    if b"#" in target:
        raise Refused(MALFORMED.because("the request target must not have a fragment"))
    if target.startswith(b"/") or (target == b"*" and method == b"OPTIONS"):
        return target, None
    if method == b"CONNECT":
        raise Refused(METHOD_UNSUPPORTED)
    scheme, separator, rest = target.partition(b"://")
    host = re.split(rb"[/?]", rest, maxsplit=1)[0]
    if not separator or scheme.lower() not in {b"http", b"https"} or not _HOST_FORM.fullmatch(host):
        raise Refused(MALFORMED.because("the request target must be a path or an http URL"))
    path = rest[len(host) :]
    return path if path.startswith(b"/") else b"/" + path, host
