"""The transport of one connection: writes, counts unread bytes, and closes so that the peer can read the last packets.

It does not depend on MQTT: `connection.py` decides what to write, `flow.py` when to read. The transport can be a TCP socket,
TLS, or the WebSocket of `websocket.py`.
"""

from __future__ import annotations

import asyncio
import socket

LINGER_S = 2.0
"""How long a disconnected client may take to read the reason and to close."""


class Wire:
    """Writes to the transport, once there is one."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._written_bytes = 0
        self._stuck_since = 0.0
        self._taken_before = 0

    @property
    def waiting_bytes(self) -> int:
        """Bytes that the peer has not read."""
        return self._transport.get_write_buffer_size() if self._transport else 0

    def stalled_s(self, now: float) -> float:
        """For how long the peer has read none of the waiting bytes. Call it at every sweep."""
        waiting = self.waiting_bytes
        taken = self._written_bytes - waiting
        if not waiting or taken != self._taken_before:
            self._stuck_since, self._taken_before = now, taken
        return now - self._stuck_since

    def begin(self, transport: asyncio.Transport) -> str:
        """The socket is open. Returns the peer's address."""
        self._transport = transport
        self._stuck_since = asyncio.get_running_loop().time()
        peer = transport.get_extra_info("peername")
        return peer[0] if peer else ""

    def write(self, data: bytes) -> None:
        """Send bytes, unless the transport is closing."""
        if data and self._transport is not None and not self._transport.is_closing():
            self._written_bytes += len(data)
            self._transport.write(data)

    def keep_alive_by_tcp(self) -> None:
        """A client without keep alive never needs to send: TCP detects when it is gone."""
        bound = self._transport.get_extra_info("socket") if self._transport else None
        if bound is not None:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def close(self, *, lingering: bool) -> None:
        """Close; with `lingering` only the sending side at first, so that the peer can read what was written before."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if not lingering or not transport.can_write_eof():  # over TLS and WebSockets
            transport.close()
            return
        # If bytes of the peer were unread on close, TCP would reset the connection, and the peer could not read the last packets.
        try:
            transport.write_eof()
            transport.resume_reading()
        except OSError:  # the peer has reset the connection
            transport.abort()
        else:
            asyncio.get_running_loop().call_later(LINGER_S, transport.abort)

    def abort(self) -> None:
        """Abort the socket; nothing more can be sent to the peer."""
        if self._transport is not None:
            self._transport.abort()
