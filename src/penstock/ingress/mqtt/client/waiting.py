"""A bounded queue between the task that reads and the one that stores; its bound slows the broker down.

Nothing is dropped here. The reader waits for `room` before it reads on, so further messages remain in TCP's buffers, or with
the broker.
"""

from __future__ import annotations

import asyncio

from penstock.ingress.mqtt.client.framing import Oversized
from penstock.ingress.mqtt.client.intake import Arrived

MAX_BATCH = 500
"""The maximum number of messages in one batch."""


class Waiting:
    """Received messages that are not stored yet."""

    def __init__(self, max_messages: int, max_bytes: int) -> None:
        self._max_messages = max_messages
        self._max_bytes = max_bytes
        self._messages: list[Arrived] = []
        self._bytes = 0
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self.ended = asyncio.Event()

    def add(self, message: Arrived) -> None:
        """Add a received message."""
        self._messages.append(message)
        self._bytes += 0 if isinstance(message, Oversized) else len(message.payload) + len(message.topic)
        self._arrived.set()
        if len(self._messages) >= self._max_messages or self._bytes >= self._max_bytes:
            self._room.clear()

    @property
    def full(self) -> bool:
        """Whether reading should pause."""
        return not self._room.is_set()

    async def room(self) -> None:
        """Wait until there is room for more."""
        await self._room.wait()

    async def take(self) -> list[Arrived]:
        """Return the waiting messages; wait if there are none. Returns an empty list after `end`, after the last message."""
        await self._arrived.wait()
        taken, self._messages = self._messages[:MAX_BATCH], self._messages[MAX_BATCH:]
        if not self._messages:
            self._bytes = 0
            self._room.set()
            if not self.ended.is_set():
                self._arrived.clear()
        return taken

    def end(self) -> None:
        """No further message will be added."""
        self.ended.set()
        self._arrived.set()
