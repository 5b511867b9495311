"""Receivers of webhooks, in the test's own loop: real sockets, and answers that the test chooses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Delivery:
    """One request as it came. Header names are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes
    method: str = "POST"


@dataclass
class Receiver:
    """Answers every request with what `answer` gives, 200 at first; `delivered` is what came, in order."""

    port: int = 0
    delivered: list[Delivery] = field(default_factory=list)
    answer: Callable[[Delivery], bytes] = lambda _: saying(200)

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                delivery = Delivery(head[0].split(" ")[1], headers, body, head[0].split(" ")[0])
                self.delivered.append(delivery)
                writer.write(self.answer(delivery))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def saying(status: int, headers: str = "", body: bytes = b"") -> bytes:
    """An answer."""
    return f"HTTP/1.1 {status} Said\r\n{headers}content-length: {len(body)}\r\n\r\n".encode() + body


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver on a free port of this machine."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
