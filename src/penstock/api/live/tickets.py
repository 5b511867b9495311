"""Tickets: credentials for browsers, which cannot set headers on streams.

They are stored, so that a browser resumes its stream after a restart, and stand for the credential of the caller that created
them: it is authenticated again each time, so that a ticket opens nothing that this credential no longer does.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b

import msgspec

from penstock.api.live.config import StreamConfig
from penstock.api.live.errors import TicketInvalid, TooManyTickets
from penstock.api.live.filters import StreamQuery
from penstock.core.actor import Actor
from penstock.core.database import Database
from penstock.core.streams.models import Ticket
from penstock.core.streams.store import HasSystemTickets, HasTickets
from penstock.core.tenancy.admission import Gate
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.secret import hides

MAX_PER_ORG = 1_000
MAX_OPENED_PER_ORG = 10_000
"""Used tickets of an organisation, with which streams can be opened again. Beyond it the oldest ones expire early."""


@hides("credential")
class Reader(msgspec.Struct, frozen=True):
    """The reader of a stream, with the credential and address that are checked again while it is open."""

    actor: Actor
    credential: bytes
    address: str


class Tickets:
    """Issues tickets, and finds the readers that they stand for."""

    def __init__(self, database: Database[HasTickets, HasSystemTickets], gate: Gate, clock: Clock, config: StreamConfig) -> None:
        self._database = database
        self._gate = gate
        self._clock = clock
        self._unused_us = int(config.ticket_s * SECOND_US)
        self._opened_us = int(config.ticket_reconnect_s * SECOND_US)

    async def issue(self, reader: Reader) -> tuple[str, int]:
        """Issue a ticket. Returns it with the time at which it expires if it is not used.

        Raises:
            TooManyTickets: the organisation has too many unused ones.
        """
        org_id, now_us = reader.actor.org_id, self._clock.now_us()
        text, expires_us = f"tkt_{secrets.token_urlsafe(32)}", now_us + self._unused_us
        ticket = Ticket(org_id=org_id, credential=reader.credential, expires_us=expires_us)
        async with self._database.transaction(org_id) as tx:
            # Here and not by a timer, because only issuing makes the table grow.
            await tx.tickets.tidy(now_us, MAX_OPENED_PER_ORG)
            number, first_us, last_us = await tx.tickets.unused(now_us)
            if number >= MAX_PER_ORG:
                raise _too_many(first_us - now_us, last_us - now_us)
            await tx.tickets.add(text, ticket)
        return text, expires_us

    async def use(self, text: str, path: str, query: StreamQuery, address: str) -> Reader:
        """Open a stream with a ticket, for the first time or again. Returns the reader that it was issued to.

        Raises:
            TicketInvalid: the ticket is unknown or expired, belongs to another stream or client, or its credential has ended.
        """
        async with self._database.system_snapshot() as tx:
            found = await tx.tickets.find(text)
        if found is None or found.expires_us <= self._clock.now_us():
            raise TicketInvalid()
        try:
            # The ticket has the rights that its credential has now, at the address from which the stream is opened.
            actor = await self._gate.admit(found.credential, address)
        except PenstockError as error:
            # The holder of the ticket does not learn why its credential no longer works.
            raise TicketInvalid() if error.kind in (Kind.UNAUTHENTICATED, Kind.FORBIDDEN) else error from None
        await self._bind(text, found, _fingerprint(path, query), address)
        return Reader(actor, found.credential, address)

    async def _bind(self, text: str, found: Ticket, stream: bytes, address: str) -> None:
        """Check that a ticket is used for the stream and by the client that first used it; the first use decides which."""
        if found.stream is None:
            expires_us = self._clock.now_us() + self._opened_us
            async with self._database.transaction(found.org_id) as tx:
                if await tx.tickets.open(text, stream, address, expires_us):
                    return
            async with self._database.system_snapshot() as system:  # another request was first
                found = await system.tickets.find(text) or found
        if (found.stream, found.opened_from) != (stream, address):
            raise TicketInvalid()


def _fingerprint(path: str, query: StreamQuery) -> bytes:
    """The identity of a stream: its query without the cursor, which a client that reconnects may advance."""
    asked = msgspec.structs.replace(query, ticket=None, cursor=None)
    return blake2b(path.encode() + b"?" + msgspec.json.encode(asked), digest_size=16).digest()


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
