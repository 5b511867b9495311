"""One write per response: the head waits for the first piece of the body.

uvicorn writes a response's head and body one after the other, which is two system calls and often two packets. The writer
holds the head back until the body follows, and lets go of it at the latest when the event loop comes round again, so that
a response whose body takes its time still begins at once.
"""

from __future__ import annotations

import asyncio


class ResponseWriter:
    """What a request's cycle takes for the transport. One per connection."""

    __slots__ = ("_held", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held = b""

    def write(self, data: bytes) -> None:
        if self._held:
            data, self._held = self._held + data, b""
            self._transport.write(data)
        # Interim responses (1xx) go out at once: a client waits for 100 Continue before it sends the body.
        elif data.startswith(b"HTTP/1.1 ") and not data.startswith(b"HTTP/1.1 1"):
            self._held = data
            self._loop.call_soon(self.flush)
        else:
            self._transport.write(data)

    def flush(self) -> None:
        """Send what is held back."""
        if self._held:
            data, self._held = self._held, b""
            self._transport.write(data)

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()
