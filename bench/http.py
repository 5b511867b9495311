"""The part of HTTP/1.1 that a load generator needs: prepared requests, responses with a Content-Length."""

from __future__ import annotations

import asyncio
import time
from typing import cast

now = time.perf_counter


def request(method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """The bytes of one request."""
    lines = [f"{method} {path} HTTP/1.1", "host: bench"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if method == "POST":
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


HEALTH = request("GET", "/health")
"""The first request of a connection: after one success, the front door no longer counts it as an unproven client's."""


def content_length(head: bytes) -> int:
    """The length of a body, from the head before it.

    Raises:
        ValueError: the head has no length. No response that is measured here is chunked.
    """
    at = head.find(b"content-length: ")
    if at < 0:
        head = head.lower()
        at = head.find(b"content-length: ")
        if at < 0:
            raise ValueError(f"a response without a length: {head[:80]!r}")
    end = head.find(b"\r\n", at)
    return int(head[at + 16 : end] if end > 0 else head[at + 16 :])


class Answers(asyncio.Protocol):
    """One connection that reads responses, one at a time. Subclasses process them.

    `send` starts a request's clock; `answered` receives status, seconds and head. Of the body only the length is read, unless
    `keep` is set: then `body` contains it.
    """

    keep = False

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.body = b""
        self._status = 0
        self._head = b""
        self._parts: list[bytes] = []
        self._begun = b""
        self._left = 0
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's transports do not inherit from this class

    def send(self, message: bytes) -> None:
        assert self.transport is not None
        self._sent_at = now()
        self.transport.write(message)

    def data_received(self, data: bytes) -> None:
        if not self._left:
            if self._begun:
                data = self._begun + data
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._begun = data
                return
            self._begun = b""
            self._status = int(data[9:12])
            self._head = data[:end]
            data = data[end + 4 :]
            self._left = content_length(self._head)
        if self.keep:
            self._parts.append(data)
        self._left -= len(data)
        if self._left <= 0:
            self._left = 0
            if self.keep:
                self.body = b"".join(self._parts)
                self._parts.clear()
            self.answered(self._status, now() - self._sent_at, self._head)

    def answered(self, status: int, seconds: float, head: bytes) -> None:
        """One complete response has arrived."""

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()
