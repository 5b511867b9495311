"""The port for outgoing calls, shared by webhooks, rules and notifications."""

from __future__ import annotations

from typing import Protocol

import msgspec

from penstock.kit.secret import hides


@hides("url", "headers", "body")
class OutgoingCall(msgspec.Struct, frozen=True, kw_only=True):
    """One request to a URL that a user set. `timeout_s` applies to the whole call; None applies the one in the settings."""

    url: str
    method: str = "POST"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    timeout_s: float | None = None


class CallAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The response. Header names are in lower case; the body is cut at the settings' limit."""

    status: int
    headers: dict[str, str]
    body: bytes
    cut: bool = False


class OutgoingHttp(Protocol):
    """Calls URLs that users set, if they are allowed. Redirects are not followed: a 3xx is the response."""

    async def send(self, call: OutgoingCall) -> CallAnswer:
        """Make one call and return its complete response.

        Raises:
            TargetRefused: the URL, or an address that its host resolves to, is not allowed. Nothing was sent.
            NotReached: the connection failed. Nothing was sent.
            CallFailed: there was no complete response.
        """
