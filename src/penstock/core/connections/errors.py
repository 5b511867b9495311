"""Errors about connections."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class ConnectionNotFound(PenstockError):
    """The caller's organisation has no connection with this id."""

    kind, code = Kind.NOT_FOUND, "connections.not_found"
    message = "connection {connection_id} was not found"


class ConnectionLimitReached(PenstockError):
    """The organisation has reached its limit of connections."""

    kind, code = Kind.PRECONDITION, "connections.limit_reached"
    message = "an organisation can have at most {limit} connections"


class ConnectionSecretInvalid(PenstockError):
    """The connection does not exist, or the secret is wrong. The response does not reveal which."""

    kind, code = Kind.UNAUTHENTICATED, "connections.secret_invalid"
    message = "the connection id or its secret is wrong"


class ConnectionPaused(PenstockError):
    """The connection is paused. Revealed only to a caller that has its secret, or a key of its organisation."""

    kind, code = Kind.FORBIDDEN, "connections.paused"
    message = "the connection is paused"


class ConnectionTakesNoRequests(PenstockError):
    """The connection receives its messages from a broker, so requests cannot be posted to it."""

    kind, code = Kind.PRECONDITION, "connections.takes_no_requests"
    message = "a connection of type {type} does not accept requests; it receives messages from its broker"
