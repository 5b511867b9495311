"""What calls others: one port for webhooks, rules and notifications."""

from __future__ import annotations

from typing import Protocol

import msgspec

from penstock.kit.secret import hides


@hides("url", "headers", "body")
class OutgoingCall(msgspec.Struct, frozen=True, kw_only=True):
    """One request to a URL that somebody gave us. `timeout_s` is for the whole of it; None means that of the settings."""

    url: str
    method: str = "POST"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    timeout_s: float | None = None


class CallAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back. Header names are in lower case; the body is cut at the settings' limit."""

    status: int
    headers: dict[str, str]
    body: bytes
    cut: bool = False


class OutgoingHttp(Protocol):
    """Calls URLs that others gave us, if they may be called. No redirect is followed: its 3xx is the answer."""

    async def send(self, call: OutgoingCall) -> CallAnswer:
        """Make one call and return its whole answer.

        Raises:
            TargetRefused: the URL, or an address that its host resolves to, may not be called. Nothing was sent.
            NotReached: no connection came about. Nothing was sent.
            CallFailed: no whole answer came.
        """
