"""Refusals about calls that the server makes."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class TargetRefused(PenstockError):
    """The server does not call this address: it is private, or its port or scheme is not allowed."""

    kind, code = Kind.PRECONDITION, "outbound.target_refused"
    message = "this address is not called: {reason}"


class CallFailed(PenstockError):
    """A call got no whole answer: no connection, none in time, or one that broke off."""

    kind, code = Kind.UNAVAILABLE, "outbound.failed"
    message = "the call failed: {reason}"


class NotReached(CallFailed):
    """No connection came about, so nothing was sent."""

    kind, code = Kind.UNAVAILABLE, "outbound.not_reached"
    message = "nothing was called: {reason}"
