"""Tickets of streams, exactly as on the wire."""

from __future__ import annotations

from msgspec import Struct

from penstock.kit.secret import hides


@hides("ticket")
class Ticket(Struct, frozen=True):
    """A credential for one stream, for browsers, which cannot set headers.

    It must be used before `expires_at`, and then works for a day for the same browser and stream.
    """

    ticket: str
    expires_at: str
