"""Accepting connections over TLS: each has its place at the door before the first byte of its handshake is read.

The event loop's own TLS servers know of a connection only once its handshake is done, so that whoever never finishes one
would be counted nowhere. Here the socket is accepted and counted first. A handshake has `header_timeout_s`; then HTTP begins
and its own deadlines hold.

Who is refused is not told why: that would take a handshake, which is what costs most.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from functools import partial

import structlog

from penstock.adapters.frontdoor.certificate import ServerCertificate
from penstock.adapters.frontdoor.door import Door, Slot

_AT_ONCE = 64
"""Connections taken in one turn of the event loop, so that the open ones have theirs."""
_NO_FILES_WAIT_S = 0.5
"""How long nothing is accepted when the process may open no more files."""
_GOODBYE_S = 2.0
"""How long a client may take to answer the end of TLS, after which the connection is cut."""

_log = structlog.get_logger(__name__)


class Handshakes:
    """Accepts on listening sockets and hands each connection to a protocol of its own once its handshake is done."""

    def __init__(self, door: Door, certificate: ServerCertificate, make_protocol: Callable[[Slot], asyncio.Protocol]) -> None:
        self._door = door
        self._certificate = certificate
        self._make_protocol = make_protocol
        self._loop = asyncio.get_running_loop()
        self._sockets: Sequence[socket.socket] = ()
        self._running: set[asyncio.Task[None]] = set()

    def start(self, sockets: Sequence[socket.socket]) -> None:
        """Begin to accept on sockets that listen and do not block."""
        self._sockets = sockets
        for listening in sockets:
            self._loop.add_reader(listening, self._accept, listening)

    def stop(self) -> None:
        """Accept nothing more and cut the handshakes under way."""
        for listening in self._sockets:
            self._loop.remove_reader(listening)
            listening.close()
        self._sockets = ()
        for task in self._running:
            task.cancel()

    def _accept(self, listening: socket.socket) -> None:
        # Several at once, for the reader is told once per turn of the loop however many wait.
        for _ in range(_AT_ONCE):
            try:
                connection, peer = listening.accept()
            # Nobody waits any more, or the one who did has left meanwhile (accept(2), ECONNABORTED).
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                self._pause(listening, error)
                return
            self._admit(connection, peer[0])

    def _pause(self, listening: socket.socket, error: OSError) -> None:
        """The connection that could not be accepted stays in the queue: asking at once again would only spin."""
        _log.warning("accept_failed", reason=error.strerror)
        self._loop.remove_reader(listening)
        self._loop.call_later(_NO_FILES_WAIT_S, self._resume, listening)

    def _resume(self, listening: socket.socket) -> None:
        if listening in self._sockets:
            self._loop.add_reader(listening, self._accept, listening)

    def _admit(self, connection: socket.socket, address: str) -> None:
        slot = self._door.admit(address)
        if slot.refusal is not None:
            self._door.refused[slot.refusal.code] += 1
            connection.close()
            return
        connection.setblocking(False)
        task = self._loop.create_task(self._shake_hands(connection, slot))
        self._running.add(task)
        task.add_done_callback(partial(self._forget, connection, slot))

    async def _shake_hands(self, connection: socket.socket, slot: Slot) -> None:
        try:
            await self._loop.connect_accepted_socket(
                lambda: self._make_protocol(slot),
                connection,
                ssl=self._certificate.context,
                ssl_handshake_timeout=self._door.config.header_timeout_s,
                ssl_shutdown_timeout=_GOODBYE_S,
            )
        except OSError:  # it speaks no TLS or none of ours, took too long, or left
            self._door.refused["tls.handshake_failed"] += 1
            slot.release()

    def _forget(self, connection: socket.socket, slot: Slot, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if task.cancelled():  # perhaps before it began
            slot.release()
            connection.close()
