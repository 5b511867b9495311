"""Reads a connection: uvicorn's httptools protocol, extended to count and to reject.

uvicorn itself waits forever for a slow client and accepts a header of any size.

`wire_bytes` counts whole segments since the last change of phase: in HEAD the size of the header until now, in BODY the bytes
received for a body of `body_bytes`. The difference is chunk framing and trailers, which llhttp does not limit.

Chunk extensions are ignored, as RFC 9112 section 7.1.1 requires, and limited by that count; llhttp accepts them in their strict
form only. Trailers are discarded.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any, cast
from urllib.parse import unquote

import httptools
from uvicorn._types import HTTPScope
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.server import ServerState

from penstock.adapters.frontdoor import framing, refusals
from penstock.adapters.frontdoor.connection import BODY, BUSY, HEAD, IDLE, REFUSED, UPGRADED, DoorConnection
from penstock.adapters.frontdoor.cycle import UsualCycle
from penstock.adapters.frontdoor.door import Door, Slot
from penstock.adapters.frontdoor.http10 import Http10Cycle
from penstock.adapters.frontdoor.refusals import Refusal, Refused
from penstock.adapters.frontdoor.upgrade import check_handshake, head_without_upgrade

MAX_TARGET_BYTES = 8192
MAX_PIPELINED = 64
# "ffffffff\r\n" before and "\r\n" after the bytes, rounded up: the maximum framing of a plain chunk.
_CHUNK_FRAMING_BYTES = 16

_CHECKED_HEADERS = frozenset({b"host", b"content-length", b"transfer-encoding", b"expect"})
_SLASH = ord("/")


class FrontDoorProtocol(DoorConnection):
    """One HTTP connection, limited in time, bytes and pipelined requests.

    Applications find two callables in `scope["extensions"]`: `penstock.abort()` aborts the connection immediately, whatever
    waits to be written, and `penstock.buffered()` returns how many bytes wait. All requests of a connection share that
    dictionary, so nothing must be added to it.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        door: Door,
        slot: Slot | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop, door=door, slot=slot)
        self.max_header_bytes = door.config.max_header_bytes
        self.wire_bytes = self.body_bytes = self.chunks = self.seen = 0
        self.host: bytes | None = None

    def data_received(self, data: bytes) -> None:
        # Also while a rejection lingers: reading and discarding keeps TCP from resetting data that the peer has yet to read.
        if self.phase >= REFUSED:
            return
        # Counted by segment, before parsing: the parser does not report how many bytes a header took.
        self.wire_bytes += len(data)
        self.fresh_task = None
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError as error:
            self.refuse(_refusal_of(error), self.fresh_task)
        except httptools.HttpParserUpgrade as upgrade:
            self._upgrade(data[upgrade.args[0] :])
        if self.phase == HEAD:
            if self.wire_bytes > self.max_header_bytes:
                self.refuse(self._too_large())
        elif self.phase == BODY:
            self._pause_in_body()

    def _pause_in_body(self) -> None:
        """A segment ended inside a body."""
        if not self.since:
            self.since = self.now()
        # RFC 9112, 7.1.1: a server ought to limit the total length of chunk extensions. With trailers they share a header's
        # budget.
        framing_bytes = self.wire_bytes - self.body_bytes - self.chunks * _CHUNK_FRAMING_BYTES
        if framing_bytes > self.max_header_bytes:
            self.refuse(refusals.TRAILER_TOO_LARGE, self.fresh_task)

    def _upgrade(self, rest: bytes) -> None:
        if self._should_upgrade():
            self.handle_websocket_upgrade()
            return
        # llhttp reads no body of a request that asks for an upgrade, and would parse it as the next request. The server does not
        # switch protocols, so the request is parsed again without the upgrade. (Java's HttpClient asks for h2c each time.)
        head = head_without_upgrade(self.parser.get_method(), self.url, self.headers)
        # A new parser, as the old one ends at an upgrade; with the lenient flag that uvicorn sets.
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.phase, self.wire_bytes = IDLE, 0
        self.data_received(head + rest)

    def _should_upgrade_to_ws(self) -> bool:
        return True

    def handle_websocket_upgrade(self) -> None:
        from penstock.adapters.frontdoor.websocket import FrontDoorWebSocket  # here, because its library takes 15 ms to import

        self.phase = UPGRADED
        self.ws_protocol_class = partial(FrontDoorWebSocket, door=self.door, slot=self.slot)  # type: ignore[assignment]
        super().handle_websocket_upgrade()

    # Callbacks of the parser.

    def on_message_begin(self) -> None:
        self.phase = HEAD
        self.since = self.now()
        self.seen = 0
        self.url = b""
        self.headers = []
        self.expect_100_continue = False

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name in _CHECKED_HEADERS:
            self._check_header(name, value)
        self.headers.append((name, value))

    def _check_header(self, name: bytes, value: bytes) -> None:
        if name == b"host":
            # Clients repeat themselves: a Host that was validated on this connection is not validated again.
            self.seen = framing.check_host(value, self.seen, self.host)
            self.host = value
        elif name == b"content-length":
            self.seen = framing.check_length(value, self.seen)
        elif name == b"transfer-encoding":
            self.seen = framing.check_coding(value, self.seen)
        elif value.lower() == b"100-continue":
            self.expect_100_continue = True

    def on_headers_complete(self) -> None:
        parser = self.parser
        version = parser.get_http_version()
        method = parser.get_method()
        # The cheap tests of a usual request are together; only a request that fails one of them pays for `_check_head`.
        if (
            self.wire_bytes > self.max_header_bytes
            or len(self.url) > MAX_TARGET_BYTES
            or self.url[0] != _SLASH
            or b"#" in self.url
            or self.seen not in framing.PLAIN
            or version != "1.1"
            or self.pipeline
        ):
            self._check_head(method, version)
        if parser.should_upgrade():
            self._begin_upgrade(method, version)
            return
        raw_path, _, query = self.url.partition(b"?")
        path = raw_path.decode("ascii")
        if "%" in path:
            path = unquote(path)
        self.phase = BODY
        # 0 until a segment ends inside the body: most bodies arrive with their header, and need no reading of the clock.
        self.since = 0.0
        self.wire_bytes = self.body_bytes = self.chunks = 0
        self._begin_request(
            {
                "type": "http",
                "asgi": {"version": self.asgi_version, "spec_version": "2.3"},
                "http_version": version,
                "server": self.server,
                "client": self.client,
                "scheme": self.scheme or "http",
                "method": method.decode("ascii"),
                "root_path": "",
                "path": path,
                "raw_path": raw_path,
                "query_string": query,
                "headers": self.headers,
                "state": self.app_state.copy(),
                "extensions": self.extensions,
            }
        )

    def _begin_request(self, scope: HTTPScope) -> None:
        before = self.cycle
        version = scope["http_version"]
        self.cycle = cycle = (UsualCycle if version == "1.1" else Http10Cycle)(
            scope,
            self.writer,  # type: ignore[arg-type]  # the part of a transport that a cycle uses
            self.flow,
            self.logger,
            self.access_logger,
            self.access_log,
            self.server_state.default_headers,
            asyncio.Event(),
            self.expect_100_continue,
            version == "1.1" and self.parser.should_keep_alive(),
            self.on_response_complete,
        )
        if self.seen & framing.CHUNKED:
            # Trailers also arrive through `on_header`, and must not be added to the headers that the application received.
            self.headers = []
        # RFC 9112, 9.3.2: responses leave in the order of their requests, so a pipelined request waits.
        if before is None or before.response_complete:
            self._start_asgi_task(cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((cycle, self.app))

    def _check_head(self, method: bytes, version: str) -> None:
        """The checks of an unusual request."""
        # The segment that ended the header may have held other data; only the parsed parts give its size.
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if len(self.url) > MAX_TARGET_BYTES or size > self.max_header_bytes:
            raise Refused(self._too_large())
        framing.check_version(version, self.seen)
        self.url, host = framing.origin_form(method, self.url)
        if host is not None:
            self.headers = [(name, host if name == b"host" else value) for name, value in self.headers]
        if len(self.pipeline) >= MAX_PIPELINED:
            raise Refused(refusals.PIPELINE_TOO_DEEP)

    def _too_large(self) -> Refusal:
        return refusals.TARGET_TOO_LONG if len(self.url) > MAX_TARGET_BYTES else refusals.HEADER_TOO_LARGE

    def _begin_upgrade(self, method: bytes, version: str) -> None:
        """Only checks: once the parser has finished this head, it reports the upgrade to `data_received`."""
        if method == b"CONNECT":
            raise Refused(refusals.METHOD_UNSUPPORTED)
        if self._should_upgrade():
            check_handshake(method, version, self.url, self.seen, self.headers)
            if self.cycle is not None and not self.cycle.response_complete:
                raise Refused(
                    refusals.BAD_HANDSHAKE.because("a WebSocket handshake must not be sent before earlier responses are complete")
                )
            self.scope = cast(HTTPScope, {"method": "GET", "headers": self.headers})

    def on_chunk_header(self) -> None:
        self.chunks += 1

    def on_body(self, body: bytes) -> None:
        self.body_bytes += len(body)
        cycle = self.cycle
        # Answered before its end: the rest is read and discarded, so that the connection can be used further.
        if cycle.response_complete:
            return
        cycle.body += body
        if len(cycle.body) > HIGH_WATER_LIMIT:
            self.flow.pause_reading()
        cycle.message_event.set()

    def on_message_complete(self) -> None:
        if self.phase != BODY:
            return  # an upgrade: there was no body, and `data_received` continues
        self.wire_bytes = 0
        if self.cycle.response_complete:
            self.phase = IDLE
            self.since = self.now()
        else:
            self.phase = BUSY
            self.cycle.more_body = False
            self.cycle.message_event.set()


def _refusal_of(error: httptools.HttpParserError) -> Refusal:
    cause = error.__context__
    if isinstance(cause, Refused):
        return cause.refusal
    if isinstance(error, httptools.HttpParserCallbackError):
        raise error  # a bug in Penstock, not the client's: the event loop logs it and drops the connection
    return refusals.MALFORMED.because(f"the request is not well-formed HTTP: {error}")
