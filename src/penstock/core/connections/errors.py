"""Refusals about connections."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class ConnectionNotFound(PenstockError):
    """No connection with this id in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "connections.not_found"
    message = "connection {connection_id} not found"


class ConnectionLimitReached(PenstockError):
    """The organisation has as many connections as one may have."""

    kind, code = Kind.PRECONDITION, "connections.limit_reached"
    message = "an organisation has at most {limit} connections"


class ConnectionSecretInvalid(PenstockError):
    """The secret is not the one of the connection named, or there is no such connection; which of them is not told."""

    kind, code = Kind.UNAUTHENTICATED, "connections.secret_invalid"
    message = "no connection of this id has this secret"


class ConnectionPaused(PenstockError):
    """The connection is paused. Told only to whoever holds its secret, or a key of its organisation."""

    kind, code = Kind.FORBIDDEN, "connections.paused"
    message = "the connection is paused"


class ConnectionTakesNoRequests(PenstockError):
    """The connection fetches what it takes in from a broker, so nothing is posted to it."""

    kind, code = Kind.PRECONDITION, "connections.takes_no_requests"
    message = "a connection of type {type} takes no requests: it fetches messages itself"
