"""Messages between the task that reads and the one that stores: bounded, and the bound is what holds the broker back.

Nothing is dropped here. Whoever reads asks for `room` before it reads on, so what does not fit stays in TCP's buffers, or with
the broker.
"""

from __future__ import annotations

import asyncio

from penstock.ingress.mqtt.client.framing import Oversized
from penstock.ingress.mqtt.client.intake import Arrived

MAX_BATCH = 500
"""Messages that are stored as one batch."""


class Waiting:
    """Messages that came and are not stored yet."""

    def __init__(self, max_messages: int, max_bytes: int) -> None:
        self._max_messages = max_messages
        self._max_bytes = max_bytes
        self._messages: list[Arrived] = []
        self._bytes = 0
        self._came = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self.ended = asyncio.Event()

    def add(self, message: Arrived) -> None:
        """A message came."""
        self._messages.append(message)
        self._bytes += 0 if isinstance(message, Oversized) else len(message.payload) + len(message.topic)
        self._came.set()
        if len(self._messages) >= self._max_messages or self._bytes >= self._max_bytes:
            self._room.clear()

    @property
    def full(self) -> bool:
        """Whether no more should be read."""
        return not self._room.is_set()

    async def room(self) -> None:
        """Wait until there is room for more."""
        await self._room.wait()

    async def take(self) -> list[Arrived]:
        """What waits; waits for something. Nothing, when no more will come and all was taken."""
        await self._came.wait()
        taken, self._messages = self._messages[:MAX_BATCH], self._messages[MAX_BATCH:]
        if not self._messages:
            self._bytes = 0
            self._room.set()
            if not self.ended.is_set():
                self._came.clear()
        return taken

    def end(self) -> None:
        """No more will come."""
        self.ended.set()
        self._came.set()
