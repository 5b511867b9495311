"""Errors about outgoing calls."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class TargetRefused(PenstockError):
    """The server does not call this address: it is private, or its port or scheme is not allowed."""

    kind, code = Kind.PRECONDITION, "outbound.target_refused"
    message = "calls to this address are not allowed: {reason}"


class CallFailed(PenstockError):
    """A call that the server made got no complete response: the connection failed, timed out or was interrupted."""

    kind, code = Kind.UNAVAILABLE, "outbound.failed"
    message = "the call failed: {reason}"


class NotReached(CallFailed):
    """The connection to an address failed, so nothing was sent."""

    kind, code = Kind.UNAVAILABLE, "outbound.not_reached"
    message = "the connection failed: {reason}"
