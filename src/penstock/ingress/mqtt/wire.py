"""The transport of one connection: what was written and taken, and an end that lets the peer read our last words.

It knows no MQTT: `connection.py` says what to write. When to read is `flow.py`'s. The transport may be a TCP socket, TLS, or
the WebSocket of `websocket.py`.
"""

from __future__ import annotations

import asyncio
import socket

LINGER_S = 2.0
"""How long a client that was cut may take to read why, and to close."""


class Wire:
    """Writes to the transport, once there is one."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._written_bytes = 0
        self._stuck_since = 0.0
        self._taken_before = 0

    @property
    def waiting_bytes(self) -> int:
        """Bytes that the peer has not taken."""
        return self._transport.get_write_buffer_size() if self._transport else 0

    def stalled_s(self, now: float) -> float:
        """For how long the peer has left our bytes waiting and taken none of them. Call it at every sweep."""
        waiting = self.waiting_bytes
        taken = self._written_bytes - waiting
        if not waiting or taken != self._taken_before:
            self._stuck_since, self._taken_before = now, taken
        return now - self._stuck_since

    def begin(self, transport: asyncio.Transport) -> str:
        """The socket is open; the peer's address."""
        self._transport = transport
        self._stuck_since = asyncio.get_running_loop().time()
        peer = transport.get_extra_info("peername")
        return peer[0] if peer else ""

    def write(self, data: bytes) -> None:
        """Send bytes, unless the transport is about to close."""
        if data and self._transport is not None and not self._transport.is_closing():
            self._written_bytes += len(data)
            self._transport.write(data)

    def keep_alive_by_tcp(self) -> None:
        """A client without keep alive never has to speak: TCP finds out when it is gone."""
        bound = self._transport.get_extra_info("socket") if self._transport else None
        if bound is not None:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def close(self, *, lingering: bool) -> None:
        """Close; with `lingering` only our side at first, so that the peer reads what was written before."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if not lingering or not transport.can_write_eof():  # over TLS and WebSockets
            transport.close()
            return
        # Closed with bytes of the peer unread, TCP would reset the connection, and the peer could not read what we said last.
        try:
            transport.write_eof()
            transport.resume_reading()
        except OSError:  # the peer has reset the connection meanwhile
            transport.abort()
        else:
            asyncio.get_running_loop().call_later(LINGER_S, transport.abort)

    def abort(self) -> None:
        """Cut the socket; nothing more can be told to the peer."""
        if self._transport is not None:
            self._transport.abort()
