"""Refusals about streams."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class TicketInvalid(PenstockError):
    """The ticket is unknown, used, or too old; which of them is not told."""

    kind, code = Kind.UNAUTHENTICATED, "streams.ticket_invalid"
    message = "the ticket is not known, was used before, or is too old"


class TooManyTickets(PenstockError):
    """The organisation has too many unused tickets."""

    kind, code = Kind.EXHAUSTED, "streams.too_many_tickets"
    message = "at most {count} unused tickets at a time; the oldest runs out in {retry_after_s} s"
    shown = ("limit", "scope", "count", "remaining", "reset_s", "retry_after_s")


class TooManyReaders(PenstockError):
    """The organisation has as many streams open as it may."""

    kind, code = Kind.UNAVAILABLE, "streams.too_many_readers"
    message = "at most {limit} streams of one organisation at a time"


class KeyInUrl(PenstockError):
    """A credential was put into the URL, where logs and histories keep it."""

    kind, code = Kind.INVALID, "streams.key_in_url"
    message = "never put a key into a URL: send it as a header, or use a ticket"


class OriginRefused(PenstockError):
    """A page of another site tried to open a WebSocket."""

    kind, code = Kind.FORBIDDEN, "streams.origin_refused"
    message = "a page of another origin may not open this stream"
