"""The state of connections that Penstock opens, in memory: connected, or why not. It belongs to this process and ends with it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.clock import Clock
from penstock.kit.ids import ConnectionId

MAX_REASON = 300


class LinkState(StrEnum):
    """The state of a connection that Penstock opens."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    WAITING = "waiting"
    """An attempt failed or the connection was lost; the next attempt follows automatically."""
    STOPPED = "stopped"
    """No attempt is made until the connection, or its organisation, changes."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """The state, its start, and the reason. `reason` contains no secret; it is kept until the next connection succeeds."""

    state: LinkState
    since_us: int
    reason: str | None = None
    retry_us: int | None = None


class ConnectionLinks:
    """States by connection."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._links: dict[ConnectionId, Link] = {}

    def find(self, connection_id: ConnectionId) -> Link | None:
        """The state of a connection; None if this process does not maintain it."""
        return self._links.get(connection_id)

    def note(self, connection_id: ConnectionId, state: LinkState, reason: str | None = None, retry_us: int | None = None) -> None:
        """Record a change of state. While an attempt to connect is in progress, the reason of the previous failure is kept."""
        before = self._links.get(connection_id)
        if reason is None and state is LinkState.CONNECTING and before is not None:
            reason = before.reason
        short = None if reason is None else reason[:MAX_REASON]
        self._links[connection_id] = Link(state=state, since_us=self._clock.now_us(), reason=short, retry_us=retry_us)

    def warn(self, connection_id: ConnectionId, reason: str) -> None:
        """Record an error of a connection whose state does not change."""
        before = self._links.get(connection_id)
        if before is not None:
            self._links[connection_id] = msgspec.structs.replace(before, reason=reason[:MAX_REASON])

    def forget(self, connection_id: ConnectionId) -> None:
        """The connection is no longer maintained: it was paused or deleted."""
        self._links.pop(connection_id, None)
