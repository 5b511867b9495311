"""Tickets of streams, exactly as on the wire."""

from __future__ import annotations

from msgspec import Struct

from penstock.kit.secret import hides


@hides("ticket")
class Ticket(Struct, frozen=True):
    """A pass for one stream, for browsers, which can set no headers. Good once, and not for long."""

    ticket: str
    expires_at: str
