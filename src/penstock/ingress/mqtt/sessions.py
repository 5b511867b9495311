"""Sessions of disconnected clients, in memory, bounded, each until it expires; and their delayed wills.

Commands wait in the command queue, so a session is small: its subscriptions and packet identifiers. After a restart of the
server there are none. CONNACK then has `session present` 0, and clients subscribe again.
"""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict
from collections.abc import Callable

from penstock.ingress.mqtt.protocol.session import EXPIRES_NEVER, Session
from penstock.kit.ids import DeviceId

KEEP_REPEATABLE_S = 600.0
"""How long a client without a kept session can return and repeat unacknowledged messages."""
MAX_PER_DEVICE = 8
"""The maximum number of sessions of one device, so that changing client ids cannot fill memory; the oldest is evicted."""
Client = tuple[DeviceId, str]
"""Device and client id: a device cannot access another device's sessions by using its client id."""


class Sessions:
    """Sessions of clients without a connection, the most recently disconnected at the end."""

    def __init__(self, max_sessions: int) -> None:
        self._max_sessions = max_sessions
        self._away: OrderedDict[Client, Session] = OrderedDict()
        self._of_device: dict[DeviceId, list[Client]] = {}

    def take(self, client: Client, *, clean: bool, now: float) -> tuple[Session, bool]:
        """The session that a client resumes, and whether it existed."""
        session = self._drop(client)
        if session is None:
            return Session(), False
        # An expired session is kept for a while to recognise repetitions; for the client it no longer exists.
        present = not clean and session.expires_at > now
        if not present:
            session.forget_state()
        return session, present

    def leave(self, client: Client, session: Session, expiry_s: int, now: float) -> None:
        """Keep the session of a client whose connection ended."""
        session.expires_at = math.inf if expiry_s == EXPIRES_NEVER else now + expiry_s
        self._drop(client)
        of_device = self._of_device.setdefault(client[0], [])
        if len(of_device) >= MAX_PER_DEVICE:
            self._drop(of_device[0])
        elif len(self._away) >= self._max_sessions:
            self._drop(next(iter(self._away)))
        self._away[client] = session
        self._of_device.setdefault(client[0], []).append(client)

    def drop_device(self, device_id: DeviceId) -> None:
        """Delete the sessions of a device that was deleted or has a new token."""
        for client in list(self._of_device.get(device_id, ())):
            self._drop(client)

    def purge(self, now: float) -> None:
        """Delete sessions that have expired and whose messages can no longer be repeated."""
        for client in [client for client, session in self._away.items() if session.expires_at + KEEP_REPEATABLE_S < now]:
            self._drop(client)

    def _drop(self, client: Client) -> Session | None:
        session = self._away.pop(client, None)
        if session is not None:
            of_device = self._of_device[client[0]]
            of_device.remove(client)
            if not of_device:
                del self._of_device[client[0]]
        return session


class DelayedWills:
    """Wills that are due some time after their connection ended, unless the client reconnects before (MQTT 5, 3.1.3.2.2)."""

    def __init__(self) -> None:
        self._waiting: dict[Client, tuple[asyncio.TimerHandle, Callable[[], None]]] = {}

    def delay(self, client: Client, delay_s: float, publish: Callable[[], None]) -> None:
        """Publish a will later."""

        def due() -> None:
            self._waiting.pop(client, None)
            publish()

        self._waiting[client] = asyncio.get_running_loop().call_later(delay_s, due), publish

    def client_returned(self, client: Client, *, session_ends: bool) -> None:
        """A client reconnected before its will was due: the will is published only if the session ends."""
        waiting = self._waiting.pop(client, None)
        if waiting is not None:
            timer, publish = waiting
            timer.cancel()
            if session_ends:
                publish()

    def drop_all(self) -> None:
        """The server is stopping, which says nothing about the clients: no further will is published."""
        for timer, _ in self._waiting.values():
            timer.cancel()
