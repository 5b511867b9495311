"""Events of connections. Wire names are past tense; fields are only ever added."""

from __future__ import annotations

import msgspec

from penstock.kit.ids import ConnectionId, RuleId

CREATED = "connection.created"
UPDATED = "connection.updated"
DELETED = "connection.deleted"
SECRET_ROTATED = "connection.secret_rotated"  # noqa: S105  (a topic, not a secret)
TOPICS = (CREATED, UPDATED, DELETED, SECRET_ROTATED)


class ConnectionChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A connection was created, updated, paused, resumed, re-keyed or deleted; the topic and the status state which.

    `chain` are the rules that led to it.
    """

    connection_id: ConnectionId
    type: str
    status: str
    name: str
    at_us: int
    chain: tuple[RuleId, ...] = ()
