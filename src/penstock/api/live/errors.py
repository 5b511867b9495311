"""Errors of streams."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class TicketInvalid(PenstockError):
    """The ticket is unknown or expired, belongs to another stream or client, or its credential has ended."""

    kind, code = Kind.UNAUTHENTICATED, "streams.ticket_invalid"
    message = "the ticket is invalid or expired, or was used for another stream or by another client"


class TooManyTickets(PenstockError):
    """The organisation has too many unused tickets."""

    kind, code = Kind.EXHAUSTED, "streams.too_many_tickets"
    message = "an organisation can have at most {count} unused tickets; retry in {retry_after_s} s"
    shown = ("limit", "scope", "count", "remaining", "reset_s", "retry_after_s")


class TooManyReaders(PenstockError):
    """The organisation has reached its limit of open streams."""

    kind, code = Kind.UNAVAILABLE, "streams.too_many_readers"
    message = "an organisation can have at most {limit} open streams"


class KeyInUrl(PenstockError):
    """The URL contains a credential, which logs and browser histories would store."""

    kind, code = Kind.INVALID, "streams.key_in_url"
    message = "a URL must not contain a key; send it in a header, or use a ticket"


class OriginRefused(PenstockError):
    """A page of another site tried to open a WebSocket."""

    kind, code = Kind.FORBIDDEN, "streams.origin_refused"
    message = "the origin of the page is not allowed"


class GrantsChanged(PenstockError):
    """The reader could access everything when the stream was opened, and now only what is granted to it, or the reverse."""

    kind, code = Kind.FORBIDDEN, "streams.grants_changed"
    message = "what you can access has changed; open the stream again"


class SlowReader(PenstockError):
    """A stream had to be ended because its reader did not keep up."""

    kind, code = Kind.UNAVAILABLE, "streams.slow_reader"
    message = "the reader does not keep up; follow again with the last cursor"


class ServerStopping(PenstockError):
    """A stream ends because the server stops."""

    kind, code = Kind.UNAVAILABLE, "streams.server_stopping"
    message = "the server stops; follow again with the last cursor"


class CredentialRevoked(PenstockError):
    """A stream ends because its credential is no longer valid, or no longer allows what it follows."""

    kind, code = Kind.UNAUTHENTICATED, "streams.credential_revoked"
    message = "the credential is no longer valid for this stream"
