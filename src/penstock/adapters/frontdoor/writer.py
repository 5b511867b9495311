"""One write per response: the head waits for the first piece of the body.

uvicorn writes a response's head and body separately, which takes two system calls and often two packets. The writer holds the
head back until the body follows, and at the latest until the next turn of the event loop, so that a response with a slow body
still starts promptly.
"""

from __future__ import annotations

import asyncio


class ResponseWriter:
    """The transport that a request's cycle writes to. One per connection."""

    __slots__ = ("_held", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held = b""

    def write(self, data: bytes) -> None:
        if self._held:
            data, self._held = self._held + data, b""
            self._transport.write(data)
        # Interim responses (1xx) are sent immediately: a client waits for 100 Continue before it sends the body.
        elif data.startswith(b"HTTP/1.1 ") and not data.startswith(b"HTTP/1.1 1"):
            self._held = data
            self._loop.call_soon(self.flush)
        else:
            self._transport.write(data)

    def flush(self) -> None:
        """Send the data that was held back."""
        if self._held:
            data, self._held = self._held, b""
            self._transport.write(data)

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()
