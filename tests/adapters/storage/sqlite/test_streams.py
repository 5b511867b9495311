"""Tickets at rest: sealed, used by one stream and client, and gone when they have expired or are too many."""

from __future__ import annotations

from penstock.core.streams.models import Ticket
from tests.support.shelf import Shelf

CREDENTIAL = b"psk_a-key-that-must-not-be-read"


def ticket_of(shelf: Shelf, expires_us: int) -> Ticket:
    return Ticket(org_id=shelf.acme, credential=CREDENTIAL, expires_us=expires_us)


async def test_a_ticket_is_found_by_its_text_alone_and_holds_its_credential_sealed(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.tickets.add("tkt_one", ticket_of(shelf, 100))
        rows = await tx.session.call(lambda connection: connection.execute("SELECT * FROM stream_tickets").fetchall())
    stored = [bytes(value) for row in rows for value in row if isinstance(value, bytes)]
    assert stored
    assert not any(secret in value for value in stored for secret in (CREDENTIAL, b"tkt_one"))
    async with shelf.system() as tx:
        assert await tx.tickets.find("tkt_one") == ticket_of(shelf, 100)
        assert await tx.tickets.find("tkt_two") is None


async def test_the_first_use_binds_it(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.tickets.add("tkt_one", ticket_of(shelf, 100))
    async with shelf.strange() as tx:
        assert not await tx.tickets.open("tkt_one", b"theirs", "192.0.2.8", 200)
    async with shelf.own() as tx:
        assert await tx.tickets.open("tkt_one", b"stream", "192.0.2.8", 200)
        assert not await tx.tickets.open("tkt_one", b"another", "192.0.2.9", 300)
    async with shelf.system() as tx:
        found = await tx.tickets.find("tkt_one")
        assert found is not None
        assert (found.stream, found.opened_from, found.expires_us) == (b"stream", "192.0.2.8", 200)


async def test_expired_ones_and_the_oldest_used_ones_are_dropped(shelf: Shelf) -> None:
    async with shelf.strange() as tx:
        for text in ("tkt_a", "tkt_b", "tkt_c"):
            await tx.tickets.add(text, Ticket(org_id=shelf.other, credential=CREDENTIAL, expires_us=900))
            assert await tx.tickets.open(text, b"theirs", "192.0.2.8", 900)
    async with shelf.own() as tx:
        for number in range(5):
            await tx.tickets.add(f"tkt_{number}", ticket_of(shelf, 100 + number))
        assert await tx.tickets.unused(100) == (4, 101, 104)
        for number in range(1, 4):
            await tx.tickets.open(f"tkt_{number}", b"stream", "192.0.2.8", 200 + number)
        await tx.tickets.tidy(100, 2)
        assert await tx.tickets.unused(100) == (1, 104, 104)
    async with shelf.strange() as tx:
        assert await tx.tickets.unused(0) == (0, 0, 0)
        await tx.tickets.tidy(1_000, 0)
    async with shelf.system() as tx:
        left = [number for number in range(5) if await tx.tickets.find(f"tkt_{number}")]
    assert left == [2, 3, 4]
