"""Sessions of clients that are away: in memory, bounded, each until it expires.

Commands wait in the command queue and not here, so a session holds little: its subscriptions and packet identifiers. After a
restart of the server there are none, and CONNACK says so (`session present` is 0), upon which clients subscribe again.
"""

from __future__ import annotations

import math
from collections import OrderedDict

from penstock.ingress.mqtt.session import EXPIRES_NEVER, Session
from penstock.kit.ids import DeviceId

KEEP_REPEATABLE_S = 600.0
"""How long a client that kept no session may come back and repeat what it got no answer for."""
MAX_PER_DEVICE = 8
"""Sessions of one device that are kept, so that one that invents client ids fills no memory; the oldest gives way."""
Client = tuple[DeviceId, str]
"""Device and client id: one device cannot touch the sessions of another by naming its client id."""


class Sessions:
    """Sessions of clients without a connection, the one that left last at the end."""

    def __init__(self, max_sessions: int) -> None:
        self._max_sessions = max_sessions
        self._away: OrderedDict[Client, Session] = OrderedDict()
        self._of_device: dict[DeviceId, list[Client]] = {}

    def take(self, client: Client, *, clean: bool, now: float) -> tuple[Session, bool]:
        """The session that a client goes on with, and whether it was there."""
        session = self._drop(client)
        if session is None:
            return Session(), False
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
        """Forget the sessions of a device that was deleted or re-keyed."""
        for client in list(self._of_device.get(device_id, ())):
            self._drop(client)

    def purge(self, now: float) -> None:
        """Forget what has expired and can no longer be repeated either."""
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
