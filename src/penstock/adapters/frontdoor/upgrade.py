"""Requests for another protocol: validates WebSocket handshakes, and ignores every other upgrade.

Source: RFC 6455 section 4.2.1, RFC 9110 section 7.8 ("A server MAY ignore a received Upgrade header field").
"""

from __future__ import annotations

import base64
import binascii

from penstock.adapters.frontdoor import framing
from penstock.adapters.frontdoor.refusals import BAD_HANDSHAKE, HANDSHAKE_VERSION, Header, Refused

# The websockets library's limits; with headers beyond these it would wait forever for the handshake's end.
_MAX_HEADERS = 128
_MAX_LINE_BYTES = 8192
_NONCE_BYTES = 16


def check_handshake(method: bytes, version: str, target: bytes, seen: int, headers: list[Header]) -> None:
    """Reject what the WebSocket library would reject without a response, or read differently.

    Raises:
        Refused: it is not a GET of HTTP/1.1 without a body, with one key of 16 bytes and version 13.
    """
    if method != b"GET" or version != "1.1":
        raise Refused(BAD_HANDSHAKE.because("a WebSocket handshake must be an HTTP/1.1 GET"))
    if seen != framing.HOST:
        raise Refused(BAD_HANDSHAKE.because("a WebSocket handshake must have a Host and no body"))
    longest = max(len(name) + len(value) + 2 for name, value in headers)
    if len(headers) > _MAX_HEADERS or max(longest, len(target) + len("GET  HTTP/1.1")) > _MAX_LINE_BYTES - 2:
        raise Refused(BAD_HANDSHAKE.because("a WebSocket handshake must have at most 128 headers of 8 kB each"))
    if [value.strip() for name, value in headers if name == b"sec-websocket-version"] != [b"13"]:
        raise Refused(HANDSHAKE_VERSION)
    keys = [value.strip() for name, value in headers if name == b"sec-websocket-key"]
    if len(keys) != 1 or not _is_nonce(keys[0]):
        raise Refused(BAD_HANDSHAKE.because("Sec-WebSocket-Key must be 16 bytes in base64"))


def _is_nonce(key: bytes) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == _NONCE_BYTES
    except binascii.Error:
        return False


def head_without_upgrade(method: bytes, target: bytes, headers: list[Header]) -> bytes:
    """The head of the same request, without the request for another protocol. All else is kept, including `Connection: close`."""
    lines = [method + b" " + target + b" HTTP/1.1"]
    for name, value in headers:
        if name in {b"upgrade", b"http2-settings"}:
            continue
        if name == b"connection":
            options = [option.strip() for option in value.split(b",")]
            value = b", ".join(o for o in options if o.lower() not in {b"upgrade", b"http2-settings"})  # noqa: PLW2901
            if not value:
                continue
        lines.append(name + b": " + value)
    return b"\r\n".join([*lines, b"", b""])
