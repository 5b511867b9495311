"""The framing checks that the parser leaves to us: pure functions over one request's head.

llhttp, with the one leniency uvicorn asks for, already refuses both length headers together, a repeated or odd
Content-Length, bare CR or LF, folded lines, control bytes, spaces around names and bad chunk sizes. What it lets
through and another server might read differently is refused here. `Refused` is the only way any of these fail.

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
"""What nearly every HTTP/1.1 request has: nothing in it needs a second look."""

_HOST_FORM = re.compile(rb"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_MAX_LENGTH_DIGITS = 18  # what fits into 64 bits with a sign, in any implementation
_ZERO = ord("0")


def check_host(value: bytes, seen: int, judged: bytes | None) -> int:
    """RFC 9112 3.2: exactly one Host, and one that names a host. `judged` is one that was found good before."""
    if seen & HOST:
        raise Refused(MALFORMED.because("the Host header is repeated"))
    if value != judged and not _HOST_FORM.fullmatch(value.rstrip(b" \t")):
        raise Refused(MALFORMED.because("the Host header names no host"))
    return seen | HOST


def check_length(value: bytes, seen: int) -> int:
    """RFC 9110 8.6: digits, here in their one plain spelling. The parser has refused lists and repetitions already."""
    digits = value if value.isdigit() else value.rstrip(b" \t")
    if not digits.isdigit() or len(digits) > _MAX_LENGTH_DIGITS or (digits[0] == _ZERO and digits != b"0"):
        raise Refused(MALFORMED.because("Content-Length is not a plain decimal number"))
    return seen | LENGTH


def check_coding(value: bytes, seen: int) -> int:
    """RFC 9112 6.1. The parser takes any list that ends in 'chunked', and would pass the rest on undecoded."""
    if seen & CHUNKED:
        raise Refused(MALFORMED.because("Transfer-Encoding is repeated"))
    if value.strip(b" \t").lower() != b"chunked":
        raise Refused(CODING_UNSUPPORTED)
    return seen | CHUNKED


def check_version(version: str, seen: int) -> None:
    """RFC 9112 3.2 and 6.1: HTTP/1.1 names its host, HTTP/1.0 knows no chunks. The parser takes 0.9 and 2.0 as well."""
    if version == "1.1":
        if not seen & HOST:
            raise Refused(MALFORMED.because("a request of HTTP/1.1 has a Host header"))
    elif version != "1.0":
        raise Refused(VERSION_UNSUPPORTED)
    elif seen & CHUNKED:
        raise Refused(MALFORMED.because("a request of HTTP/1.0 has no Transfer-Encoding"))


def origin_form(method: bytes, target: bytes, host: bytes | None) -> bytes:
    """The target as path and query.

    Servers must take the absolute form (RFC 9112 3.2.2). One whose authority is not the Host header's is how a request
    is slipped past a proxy that routes by the other, so it is refused.
    """
    if b"#" in target:
        raise Refused(MALFORMED.because("the request target has a fragment"))
    if target.startswith(b"/") or (target == b"*" and method == b"OPTIONS"):
        return target
    if method == b"CONNECT":
        raise Refused(METHOD_UNSUPPORTED)
    scheme, separator, rest = target.partition(b"://")
    authority = re.split(rb"[/?]", rest, maxsplit=1)[0]
    named = (host or b"").strip(b" \t").lower()
    if not separator or scheme.lower() not in {b"http", b"https"} or not named or authority.lower() != named:
        raise Refused(MALFORMED.because("the request target does not belong to this host"))
    path = rest[len(authority) :]
    return path if path.startswith(b"/") else b"/" + path
