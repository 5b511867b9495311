"""The front door's own responses: RFC 9457 problems written directly to the socket, followed by a close.

The application never sees a request that is rejected here, so these bodies are created without it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import NamedTuple

import msgspec

from penstock.kit.request_id import new_request_id

Header = tuple[bytes, bytes]

_TYPE_PREFIX = "https://penstock.dev/errors/"


class Refusal(NamedTuple):
    """One reason to reject a client: an HTTP status, a stable code, and a message."""

    status: int
    code: str
    detail: str
    headers: tuple[Header, ...] = ()

    def because(self, detail: str) -> Refusal:
        """The same refusal with a more specific message."""
        return self._replace(detail=detail)

    def render(self, default_headers: list[Header]) -> bytes:
        """The whole response, head and body."""
        request_id = new_request_id()
        body = msgspec.json.encode(
            {
                "type": _TYPE_PREFIX + self.code,
                "title": HTTPStatus(self.status).phrase,
                "status": self.status,
                "code": self.code,
                "detail": self.detail,
                "request_id": request_id,
            }
        )
        headers: list[Header] = [
            *default_headers,
            *self.headers,
            (b"x-request-id", request_id.encode()),
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        status_line = f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}\r\n".encode()
        return b"".join([status_line, *(name + b": " + value + b"\r\n" for name, value in headers), b"\r\n", body])


class Refused(Exception):
    """Raised inside a parser callback to stop reading a request that will be answered with `refusal`."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


_RETRY_SOON: tuple[Header, ...] = ((b"retry-after", b"1"),)

MALFORMED = Refusal(400, "http.malformed", "the request is not well-formed HTTP")
TIMEOUT = Refusal(408, "http.timeout", "the request did not arrive in time")
TARGET_TOO_LONG = Refusal(414, "http.target_too_long", "the request target must be at most 8192 bytes")
HEADER_TOO_LARGE = Refusal(431, "http.header_too_large", "the request header is larger than the server accepts")
TRAILER_TOO_LARGE = HEADER_TOO_LARGE.because("the body's chunk framing and trailers are larger than the server accepts")
METHOD_UNSUPPORTED = Refusal(501, "http.method_unsupported", "CONNECT is not supported; this server is not a proxy")
CODING_UNSUPPORTED = Refusal(501, "http.coding_unsupported", "Transfer-Encoding must be chunked")
VERSION_UNSUPPORTED = Refusal(400, "http.version_unsupported", "the version must be HTTP/1.1 or HTTP/1.0")
BAD_HANDSHAKE = Refusal(400, "websocket.bad_handshake", "the WebSocket handshake is not well-formed")
HANDSHAKE_VERSION = Refusal(
    426,
    "websocket.version_unsupported",
    "Sec-WebSocket-Version must be 13",
    ((b"sec-websocket-version", b"13"), (b"upgrade", b"websocket")),
)
PIPELINE_TOO_DEEP = Refusal(503, "http.pipeline_too_deep", "too many requests were pipelined", _RETRY_SOON)
TOO_MANY_CONNECTIONS = Refusal(503, "server.too_many_connections", "the server's limit of connections is reached", _RETRY_SOON)
TOO_MANY_FROM_ADDRESS = Refusal(
    503,
    "server.too_many_connections",
    "this address has too many connections without a successful response",
    _RETRY_SOON,
)
