"""Tickets: a minute to be used, from then on for one stream and client, as long as their credential lives."""

from __future__ import annotations

from typing import Any, cast

import pytest

from penstock.api.live.config import StreamConfig
from penstock.api.live.errors import TicketInvalid, TooManyTickets
from penstock.api.live.filters import StreamQuery
from penstock.api.live.tickets import MAX_PER_ORG, Reader, Tickets
from penstock.core.actor import Actor
from penstock.core.tenancy.errors import AddressNotAllowed, CredentialInvalid, OrganizationSuspended
from penstock.kit.clock import SECOND_US
from penstock.kit.errors import PenstockError, Unavailable
from penstock.kit.ids import OrgId
from penstock.kit.ids import Seq as Cursor
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

CONFIG = StreamConfig(ticket_s=60, ticket_reconnect_s=3_600)
ISSUED_TO, BROWSER, STRANGER = "192.0.2.7", "198.51.100.8", "198.51.100.9"
SSE, PLAIN = "/api/v2/streams/sse", StreamQuery()


class Gatekeeper:
    """Admits every credential of an organisation until it is told not to."""

    def __init__(self, org_id: OrgId) -> None:
        self.actor = Actor.system(org_id)
        self.asked: list[tuple[bytes | None, str]] = []
        self.error: PenstockError | None = None

    async def admit(self, credential: bytes | None, address: str) -> Actor:
        self.asked.append((credential, address))
        if self.error is not None:
            raise self.error
        return self.actor


class Desk:
    """Tickets over a real database, with a clock and a gate that the test holds."""

    def __init__(self, shelf: Shelf) -> None:
        self.clock = HeldClock()
        self.gate = Gatekeeper(shelf.acme)
        self._shelf = shelf
        self.tickets = self.restarted()

    def restarted(self) -> Tickets:
        self.tickets = Tickets(self._shelf.database, cast(Any, self.gate), self.clock, CONFIG)
        return self.tickets

    def reader(self, org_id: OrgId | None = None) -> Reader:
        return Reader(Actor.system(org_id or self._shelf.acme), b"psk_key", ISSUED_TO)

    def opened(self) -> Reader:
        """The reader in the browser: the same credential, from its address."""
        return Reader(Actor.system(self._shelf.acme), b"psk_key", BROWSER)


@pytest.fixture
def desk(shelf: Shelf) -> Desk:
    return Desk(shelf)


async def refused(desk: Desk, ticket: str, path: str = SSE, query: StreamQuery = PLAIN, address: str = BROWSER) -> bool:
    try:
        await desk.tickets.use(ticket, path, query, address)
    except TicketInvalid:
        return True
    return False


async def test_it_opens_its_stream_again_also_after_a_restart(desk: Desk) -> None:
    ticket, _ = await desk.tickets.issue(desk.reader())
    query = StreamQuery(ticket=ticket, keys="t", cursor=Cursor(5))
    assert await desk.tickets.use(ticket, SSE, query, BROWSER) == desk.opened()
    desk.restarted()
    later = StreamQuery(ticket=ticket, keys="t", cursor=Cursor(90))
    assert await desk.tickets.use(ticket, SSE, later, BROWSER) == desk.opened()
    assert desk.gate.asked == [(b"psk_key", BROWSER)] * 2


async def test_it_opens_no_other_stream_and_nothing_for_another_client(desk: Desk) -> None:
    ticket, _ = await desk.tickets.issue(desk.reader())
    query = StreamQuery(ticket=ticket, keys="t")
    await desk.tickets.use(ticket, SSE, query, BROWSER)
    assert await refused(desk, ticket, query=StreamQuery(ticket=ticket))
    assert await refused(desk, ticket, query=StreamQuery(ticket=ticket, keys="t", alerts=True))
    assert await refused(desk, ticket, "/api/v2/streams/ws", query)
    assert await refused(desk, ticket, query=query, address=STRANGER)
    assert await refused(desk, f"{ticket}x", query=query)
    assert await refused(desk, "", query=query)
    assert not await refused(desk, ticket, query=query)


async def test_it_expires_unused_after_a_minute_and_used_after_its_time(desk: Desk) -> None:
    ticket, expires_us = await desk.tickets.issue(desk.reader())
    late, _ = await desk.tickets.issue(desk.reader())
    assert expires_us == desk.clock.us + 60 * SECOND_US
    desk.clock.us = expires_us - 1
    assert not await refused(desk, ticket)
    desk.clock.us = expires_us
    assert await refused(desk, late)
    desk.clock.us = expires_us - 1 + 3_600 * SECOND_US - 1
    assert not await refused(desk, ticket)
    desk.clock.us += 1
    assert await refused(desk, ticket)


@pytest.mark.parametrize("error", [CredentialInvalid(), AddressNotAllowed(), OrganizationSuspended()])
async def test_it_ends_with_its_credential_and_tells_nothing_of_it(error: PenstockError, desk: Desk) -> None:
    ticket, _ = await desk.tickets.issue(desk.reader())
    assert not await refused(desk, ticket)
    desk.gate.error = error
    assert await refused(desk, ticket)
    desk.gate.error = None
    assert not await refused(desk, ticket)


async def test_a_server_that_cannot_look_says_so(desk: Desk) -> None:
    ticket, _ = await desk.tickets.issue(desk.reader())
    desk.gate.error = Unavailable(reason="the disk")
    with pytest.raises(Unavailable):
        await desk.tickets.use(ticket, SSE, PLAIN, BROWSER)


async def test_beyond_its_number_an_organisation_is_told_when_the_oldest_runs_out(desk: Desk, shelf: Shelf) -> None:
    first, _ = await desk.tickets.issue(desk.reader())
    desk.clock.us += 20 * SECOND_US
    for _ in range(MAX_PER_ORG - 1):
        await desk.tickets.issue(desk.reader())
    desk.clock.us += SECOND_US // 2
    with pytest.raises(TooManyTickets) as told:
        await desk.tickets.issue(desk.reader())
    facts = told.value.facts
    assert (facts["limit"], facts["scope"], facts["count"], facts["remaining"]) == ("stream_tickets", "account", MAX_PER_ORG, 0)
    assert (facts["retry_after_s"], facts["reset_s"]) == (40, 60)
    await desk.tickets.issue(desk.reader(shelf.other))
    assert not await refused(desk, first)  # a used one is none of the unused
    await desk.tickets.issue(desk.reader())
    with pytest.raises(TooManyTickets):
        await desk.tickets.issue(desk.reader())
