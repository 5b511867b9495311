"""Tickets of streams, exactly as on the wire."""

from __future__ import annotations

from msgspec import Struct

from penstock.kit.secret import hides


@hides("ticket")
class Ticket(Struct, frozen=True):
    """A credential for one stream, for browsers, which cannot set headers. It works once, for a short time."""

    ticket: str
    expires_at: str
