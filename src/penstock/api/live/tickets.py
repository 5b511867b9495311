"""Tickets: single-use credentials for browsers, which cannot set headers on streams.

Kept in memory by hash, bound to the key that created them, valid once and for a minute.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b

import msgspec

from penstock.api.live.errors import TicketInvalid, TooManyTickets
from penstock.core.actor import Actor
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.secret import hides

MAX_PER_ORG = 1_000


@hides("credential")
class Reader(msgspec.Struct, frozen=True):
    """The reader of a stream, with the credential and address that are checked again while it is open."""

    actor: Actor
    credential: bytes
    address: str


class Tickets:
    """Unused tickets."""

    def __init__(self, clock: Clock, lifetime_s: float) -> None:
        self._clock = clock
        self._lifetime_us = int(lifetime_s * SECOND_US)
        self._unused: dict[bytes, tuple[Reader, int]] = {}

    def issue(self, reader: Reader) -> tuple[str, int]:
        """Issue a ticket. Returns it with the time at which it expires.

        Raises:
            TooManyTickets: the organisation has too many unused ones.
        """
        now_us = self._clock.now_us()
        # Expired tickets are removed here and not by a timer, because only issuing makes the table grow.
        self._unused = {key: entry for key, entry in self._unused.items() if entry[1] > now_us}
        ends_us = [end_us for held, end_us in self._unused.values() if held.actor.org_id == reader.actor.org_id]
        if len(ends_us) >= MAX_PER_ORG:
            raise _too_many(min(ends_us) - now_us, max(ends_us) - now_us)
        ticket, expires_us = f"tkt_{secrets.token_urlsafe(32)}", now_us + self._lifetime_us
        self._unused[_digest(ticket)] = reader, expires_us
        return ticket, expires_us

    def use(self, ticket: str) -> Reader:
        """Use a ticket. Returns the reader that it was issued to.

        Raises:
            TicketInvalid: the ticket is unknown, used or expired.
        """
        # Removed before it is checked, so that no ticket works twice.
        reader, expires_us = self._unused.pop(_digest(ticket), (None, 0))
        if reader is None or expires_us <= self._clock.now_us():
            raise TicketInvalid()
        return reader


def _too_many(next_us: int, all_us: int) -> TooManyTickets:
    """The error, with the times until the next ticket and all tickets have expired."""
    return TooManyTickets(
        limit="stream_tickets",
        scope="account",
        count=MAX_PER_ORG,
        remaining=0,
        # Rounded up: a client that waits this long must not be rejected again.
        reset_s=-(-all_us // SECOND_US),
        retry_after_s=-(-next_us // SECOND_US),
    )


def _digest(ticket: str) -> bytes:
    # Without a pepper: a ticket has 256 random bits and lives only in this process.
    return blake2b(ticket.encode(), digest_size=32).digest()
