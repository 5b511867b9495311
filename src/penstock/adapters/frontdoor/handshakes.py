"""Accepts connections over TLS: each is counted before the first byte of its handshake is read.

The event loop's own TLS servers report a connection only once its handshake is complete, so a client that never completes one
would not be counted. Here the socket is accepted and counted first. A handshake has `header_timeout_s`; then HTTP starts with
its own deadlines.

A rejected client gets no reason: sending one would require a handshake, which is the most expensive part.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from penstock.adapters.frontdoor.door import Door, Slot
from penstock.kit.conditions import conditions

if TYPE_CHECKING:
    from penstock.adapters.frontdoor.certificate import ServerCertificate

_AT_ONCE = 64
"""Connections accepted in one turn of the event loop, so that open ones are served in between."""
_NO_FILES_WAIT_S = 0.5
"""How long nothing is accepted after the process has reached its limit of open files."""
_GOODBYE_S = 2.0
"""How long a client may take to answer TLS's close, after which the connection is aborted."""


class Handshakes:
    """Accepts on listening sockets, and passes each connection to a protocol once its handshake is complete."""

    def __init__(self, door: Door, certificate: ServerCertificate, make_protocol: Callable[[Slot], asyncio.Protocol]) -> None:
        self._door = door
        self._certificate = certificate
        self._make_protocol = make_protocol
        self._loop = asyncio.get_running_loop()
        self._sockets: Sequence[socket.socket] = ()
        self._running: set[asyncio.Task[None]] = set()

    def start(self, sockets: Sequence[socket.socket]) -> None:
        """Start accepting on non-blocking, listening sockets."""
        self._sockets = sockets
        for listening in sockets:
            self._loop.add_reader(listening, self._accept, listening)

    def stop(self) -> None:
        """Stop accepting, and abort the handshakes in progress."""
        for listening in self._sockets:
            self._loop.remove_reader(listening)
            listening.close()
        self._sockets = ()
        for task in self._running:
            task.cancel()

    def _accept(self, listening: socket.socket) -> None:
        # Several at once, since the reader is called once per turn of the loop however many connections wait.
        for _ in range(_AT_ONCE):
            try:
                connection, peer = listening.accept()
            # No connection is waiting, or the client has closed it in the meantime (accept(2), ECONNABORTED).
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                self._pause(listening, error)
                return
            conditions().over("accept_failed")
            self._admit(connection, peer[0])

    def _pause(self, listening: socket.socket, error: OSError) -> None:
        """The connection that could not be accepted stays in the queue: trying again immediately would only spin."""
        conditions().lasts("accept_failed", error.strerror or "no reason given")
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
        task = self._loop.create_task(self._perform_handshake(connection, slot))
        self._running.add(task)
        task.add_done_callback(partial(self._forget, connection, slot))

    async def _perform_handshake(self, connection: socket.socket, slot: Slot) -> None:
        try:
            await self._loop.connect_accepted_socket(
                lambda: self._make_protocol(slot),
                connection,
                ssl=self._certificate.context,
                ssl_handshake_timeout=self._door.config.header_timeout_s,
                ssl_shutdown_timeout=_GOODBYE_S,
            )
        except OSError:  # not TLS, an unsupported version, too slow, or disconnected
            self._door.refused["tls.handshake_failed"] += 1
            slot.release()

    def _forget(self, connection: socket.socket, slot: Slot, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if task.cancelled():  # possibly before it started
            slot.release()
            connection.close()
