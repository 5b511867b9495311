"""A small server that answers as told, for the load generator to be tested against."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

Handle = Callable[[bytes, asyncio.Transport], None]


def answer(status: int, body: bytes = b"{}", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class Connection(asyncio.Protocol):
    """Cuts what comes in into requests, and hands each head on."""

    def __init__(self, handle: Handle, opened: list[asyncio.Transport]) -> None:
        self._handle = handle
        self._opened = opened
        self._begun = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._opened.append(self._transport)

    def data_received(self, data: bytes) -> None:
        self._begun += data
        while b"\r\n\r\n" in self._begun:
            head, _, rest = self._begun.partition(b"\r\n\r\n")
            length = int((head + b"\r\n").partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            if len(rest) < length:
                return
            self._begun = rest[length:]
            self._handle(head, self._transport)


@asynccontextmanager
async def serving(handle: Handle) -> AsyncIterator[int]:
    """The port of a server that gives each request's head, and where to write, to a function."""
    opened: list[asyncio.Transport] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(handle, opened), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        for transport in opened:
            transport.abort()
        await asyncio.sleep(0.01)


def by(respond: Callable[[bytes], bytes]) -> Handle:
    """Answers each head by a function; its b"" closes the connection."""

    def handle(head: bytes, transport: asyncio.Transport) -> None:
        reply = respond(head)
        if reply:
            transport.write(reply)
        else:
            transport.close()

    return handle


def healthy(respond: Callable[[bytes], bytes]) -> Handle:
    """The same, but /health is always answered well."""
    return by(lambda head: answer(200) if head.startswith(b"GET /health ") else respond(head))
