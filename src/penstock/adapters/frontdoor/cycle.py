"""The usual response, written with little work: HTTP/1.1, with its length, on a connection that is kept open.

Every response has a dozen header lines, most of them equal each time. uvicorn checks each name and value again; here a line
that was checked before is reused. Every other response is left to uvicorn.
"""

from __future__ import annotations

from typing import Any

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE, RequestResponseCycle

MAX_NAMES = 256
MAX_VALUES = 32
"""A header with more values than this changes often, such as a date: its lines are not cached."""
_UNUSUAL = frozenset({b"transfer-encoding", b"connection"})


class UsualCycle(RequestResponseCycle):
    """A request and its response."""

    async def send(self, message: ASGISendEvent) -> None:
        # Everything that changes how uvicorn writes is checked first; the rest is one path through its code.
        if self.keep_alive and not (self.flow.write_paused or self.disconnected or self.access_log):
            if not self.response_started:
                if message["type"] == "http.response.start" and self._begin(message):
                    return
            elif message["type"] == "http.response.body" and self._end(message):
                return
        await super().send(message)

    def _begin(self, message: Any) -> bool:
        """Write the head if it is a usual one; otherwise write nothing."""
        pieces, length = [STATUS_LINE[message["status"]]], -1
        for headers in (self.default_headers, message.get("headers", ())):
            for name, value in headers:
                known = _lines.get(name)
                line = None if known is None else known.get(value)
                if line is None:
                    if name == b"content-length":
                        if length >= 0 or not value.isdigit():
                            return False
                        length = int(value)
                    line = _line(name, value)
                    if line is None:
                        return False
                pieces.append(line)
        if length < 0:
            return False
        self.response_started = True
        self.waiting_for_100_continue = False
        self.expected_content_length, self.chunked_encoding = length, False
        pieces.append(b"\r\n")
        self.transport.write(b"".join(pieces))
        return True

    def _end(self, message: Any) -> bool:
        """Write the body if it is complete."""
        body = message.get("body", b"")
        if self.response_complete or len(body) != self.expected_content_length or message.get("more_body", False):
            return False
        if self.chunked_encoding is not False or self.scope["method"] == "HEAD":
            return False
        self.transport.write(body)
        self.expected_content_length = 0
        self.response_complete = True
        self.message_event.set()
        self.on_response()
        return True


_lines: dict[bytes, dict[bytes, bytes]] = {}
"""Lines that were checked before, by name and value."""
_heads: dict[bytes, bytes] = {}
"""The start of the line, by the name of a header whose values change."""


def _line(name: bytes, value: bytes) -> bytes | None:
    """The line of a header; None for one that only uvicorn should write or reject."""
    # Each new value is checked, however familiar the name: a line break in it would let the caller add a header.
    if HEADER_VALUE_RE.search(value):
        return None
    head = _heads.get(name)
    if head is not None:
        return b"%b%b\r\n" % (head, value)
    lower = name.lower()
    if HEADER_RE.search(name) or lower in _UNUSUAL or (lower == b"content-length" and name != lower):
        return None
    line = b"%b: %b\r\n" % (lower, value)
    # Lengths change with nearly every response, so only the start of that line is cached.
    if name == b"content-length" or len(_lines.get(name, ())) >= MAX_VALUES:
        _heads[name] = lower + b": "
        _lines.pop(name, None)
    elif name in _lines or len(_lines) < MAX_NAMES:
        _lines.setdefault(name, {})[value] = line
    return line
