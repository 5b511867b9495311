"""How connections that we make ourselves stand, in memory: connected, or why not. It is of this process and ends with it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.clock import Clock
from penstock.kit.ids import ConnectionId

MAX_REASON = 300


class LinkState(StrEnum):
    """Where a link is on its way."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    WAITING = "waiting"
    """An attempt failed or a connection was lost; the next attempt follows by itself."""
    STOPPED = "stopped"
    """It cannot be tried: only a change of the connection, or of its organisation, helps."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """The state, since when, and why. `reason` holds no secret; it stays until the next connection works."""

    state: LinkState
    since_us: int
    reason: str | None = None
    retry_us: int | None = None


class ConnectionLinks:
    """Links by connection."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._links: dict[ConnectionId, Link] = {}

    def find(self, connection_id: ConnectionId) -> Link | None:
        """How a connection stands; None when it is not kept up by this process."""
        return self._links.get(connection_id)

    def note(self, connection_id: ConnectionId, state: LinkState, reason: str | None = None, retry_us: int | None = None) -> None:
        """A link moved. An attempt to connect still shows why the one before failed."""
        before = self._links.get(connection_id)
        if reason is None and state is LinkState.CONNECTING and before is not None:
            reason = before.reason
        short = None if reason is None else reason[:MAX_REASON]
        self._links[connection_id] = Link(state=state, since_us=self._clock.now_us(), reason=short, retry_us=retry_us)

    def warn(self, connection_id: ConnectionId, reason: str) -> None:
        """Something is wrong with a link that stays as it is."""
        before = self._links.get(connection_id)
        if before is not None:
            self._links[connection_id] = msgspec.structs.replace(before, reason=reason[:MAX_REASON])

    def forget(self, connection_id: ConnectionId) -> None:
        """The connection is no longer kept up: it was paused or deleted."""
        self._links.pop(connection_id, None)
