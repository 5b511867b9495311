"""The stores of tickets. They get a ticket's text and store a keyed hash of it."""

from __future__ import annotations

from typing import Protocol

from penstock.core.database import OpensOrganizations
from penstock.core.streams.models import Ticket


class TicketStore(Protocol):
    """Tickets of the transaction's organisation. The credential of a ticket is sealed with a key that only its text yields."""

    async def add(self, text: str, ticket: Ticket) -> None:
        """Store a new ticket."""

    async def open(self, text: str, stream: bytes, address: str, expires_us: int) -> bool:
        """Bind a ticket to the stream and client that first use it. Returns whether it was unused until now."""

    async def unused(self, now_us: int) -> tuple[int, int, int]:
        """The number of unused tickets, and the times at which the first and the last of them expire."""

    async def tidy(self, now_us: int, keep: int) -> None:
        """Delete expired tickets, and of the used ones all but the newest."""


class SystemTicketStore(Protocol):
    """Tickets of all organisations: before one is found, the organisation is unknown."""

    async def find(self, text: str) -> Ticket | None:
        """The ticket with this text, also if it has expired."""


class HasTickets(Protocol):
    """A transaction with the tickets of an organisation."""

    @property
    def tickets(self) -> TicketStore:
        """Tickets of streams."""


class HasSystemTickets(OpensOrganizations[HasTickets], Protocol):
    """A transaction with the tickets of all organisations."""

    @property
    def tickets(self) -> SystemTicketStore:
        """Tickets of streams."""
