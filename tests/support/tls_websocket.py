"""A WebSocket over TLS, for tests that have no event loop.

The synchronous client of `websockets` reads and writes one TLS socket in two threads, which the `ssl` module of Python 3.11
does not guard: now and then it waits for ever for what has arrived. Here one thread does both.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.support.waiting import CEILING_S


class TlsWebSocket:
    """A connection whose loop runs only during a call."""

    def __init__(self, runner: asyncio.Runner, connection: ClientConnection) -> None:
        self._runner, self._connection = runner, connection

    def send(self, text: str) -> None:
        self._runner.run(self._connection.send(text))

    def recv(self) -> str | bytes:
        """The next message.

        Raises:
            ConnectionClosed: the server ended the connection.
        """
        return self._runner.run(asyncio.wait_for(self._connection.recv(), CEILING_S))


@contextmanager
def tls_websocket(url: str, trust: ssl.SSLContext, **options: Any) -> Iterator[TlsWebSocket]:
    """Open a connection, and close it at the end."""

    async def opened() -> ClientConnection:
        return await connect(url, ssl=trust, open_timeout=CEILING_S, ping_interval=None, **options)

    with asyncio.Runner() as runner:
        connection = runner.run(opened())
        yield TlsWebSocket(runner, connection)
        runner.run(connection.close())
