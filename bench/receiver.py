"""A receiver of webhooks on this machine: responds with 204, and records when each value first arrived."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import msgspec


class Receiver:
    """`came` contains the arrival time of each value. `value_of` extracts it from a message's body."""

    def __init__(self, value_of: Callable[[Any], float]) -> None:
        self._value_of = value_of
        self.came: dict[float, float] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
                body = msgspec.json.decode(await reader.readexactly(length))
                self.came.setdefault(self._value_of(body), time.perf_counter())
                writer.write(b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n")
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.close()
