"""MQTT over WebSocket, on the HTTP port: an ASGI application that acts as the transport of a connection.

Binary frames carry the bytes of the connection; frame boundaries have no meaning. Source: MQTT 5.0, chapter 6.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from penstock.ingress.mqtt.connection import Connection
from penstock.ingress.mqtt.server import MqttServer
from penstock.kit.client import ClientAddress
from penstock.kit.http import Receive, Scope, Send

PATH = "/mqtt"
SUBPROTOCOL = "mqtt"
HIGH_WATER_BYTES = 65_536
"""How many bytes may wait for the peer before its messages are no longer read."""
_NORMAL, _UNSUPPORTED, _POLICY, _INTERNAL = 1000, 1003, 1008, 1011


class MqttOverWebSocket:
    """The application. `address` returns the client's address, also behind trusted proxies."""

    def __init__(self, server: MqttServer, clients: ClientAddress) -> None:
        self._server = server
        self._clients = clients

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        # MQTT 5, 6.0.0: the client offers "mqtt", and the server answers with it.
        if SUBPROTOCOL not in scope["subprotocols"]:
            await send({"type": "websocket.close", "code": _POLICY, "reason": "the subprotocol must be mqtt"})
            return
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        connection = self._server.new_connection()
        transport = _Transport(connection, self._clients.of(scope), scope.get("extensions", {}))
        connection.connection_made(transport)
        reading = asyncio.create_task(_read(connection, transport, receive))
        reading.add_done_callback(lambda _: transport.close(_INTERNAL))  # has no effect if it is already closed
        try:
            await transport.send_all(send)
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            connection.connection_lost(None)


async def _read(connection: Connection, transport: _Transport, receive: Receive) -> None:
    while not transport.is_closing():
        await transport.may_read.wait()
        message = await receive()
        data = message.get("bytes")
        if data is None:
            # 6.0.0: a frame that is not binary closes the connection. So does a disconnect of the peer.
            transport.close(_UNSUPPORTED if message["type"] == "websocket.receive" else None)
            return
        connection.data_received(data)


class _Transport(asyncio.Transport):
    """The part of a socket transport that a connection uses."""

    def __init__(self, connection: Connection, address: str, extensions: dict[str, Callable[[], Any]]) -> None:
        super().__init__({"peername": (address, 0)})
        self.may_read = asyncio.Event()
        self.may_read.set()
        self._connection = connection
        self._out: list[bytes] = []
        self._out_bytes = 0
        self._wake = asyncio.Event()
        self._closing = False
        self._code: int | None = _NORMAL
        self._choked = False
        self._abort: Callable[[], object] = extensions.get("penstock.abort", lambda: None)
        self._buffered: Callable[[], int] = extensions.get("penstock.buffered", lambda: 0)

    async def send_all(self, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        """Send written data until the transport closes; then close the WebSocket, unless the peer has."""
        while not self._closing or self._out:
            await self._wake.wait()
            self._wake.clear()
            data, self._out, self._out_bytes = b"".join(self._out), [], 0
            if data:
                await send({"type": "websocket.send", "bytes": data})
            if self._choked:
                self._choked = False
                self._connection.resume_writing()
        if self._code is not None:
            with contextlib.suppress(RuntimeError):  # the peer has closed
                await send({"type": "websocket.close", "code": self._code})

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._out.append(bytes(data))
        self._out_bytes += len(data)
        self._wake.set()
        # What a socket's transport does itself: the connection stops reading messages that need a response.
        if self._out_bytes > HIGH_WATER_BYTES and not self._choked:
            self._choked = True
            self._connection.pause_writing()

    def close(self, code: int | None = _NORMAL) -> None:
        if not self._closing:
            self._closing, self._code = True, code
            self._wake.set()

    def abort(self) -> None:
        self._out.clear()
        self.close(None)
        self._abort()

    def can_write_eof(self) -> bool:
        return False

    def is_closing(self) -> bool:
        return self._closing

    def pause_reading(self) -> None:
        self.may_read.clear()

    def resume_reading(self) -> None:
        self.may_read.set()

    def get_write_buffer_size(self) -> int:
        return self._out_bytes + self._buffered()
