"""Tickets in memory: for one use, for a minute, and as many as an organisation may have unused."""

from __future__ import annotations

import pytest

from penstock.api.live.errors import TicketInvalid, TooManyTickets
from penstock.api.live.tickets import MAX_PER_ORG, Reader, Tickets
from penstock.core.actor import Actor
from penstock.kit.clock import SECOND_US
from tests.support.days import HeldClock

LIFETIME_S = 60


def reader_of(org_id: int) -> Reader:
    return Reader(Actor.system(org_id), b"", "192.0.2.7")


def test_beyond_its_number_an_organisation_is_told_when_the_oldest_runs_out() -> None:
    clock = HeldClock()
    tickets = Tickets(clock, LIFETIME_S)
    tickets.issue(reader_of(1))
    clock.us += 20 * SECOND_US
    for _ in range(MAX_PER_ORG - 1):
        tickets.issue(reader_of(1))
    clock.us += SECOND_US // 2
    with pytest.raises(TooManyTickets) as refused:
        tickets.issue(reader_of(1))
    facts = refused.value.facts
    assert (facts["limit"], facts["scope"], facts["count"], facts["remaining"]) == ("stream_tickets", "account", MAX_PER_ORG, 0)
    assert (facts["retry_after_s"], facts["reset_s"]) == (40, 60)
    tickets.issue(reader_of(2))
    clock.us += 40 * SECOND_US
    tickets.issue(reader_of(1))


def test_a_ticket_is_used_once() -> None:
    tickets = Tickets(HeldClock(), LIFETIME_S)
    ticket, _ = tickets.issue(reader_of(1))
    assert tickets.use(ticket) == reader_of(1)
    for spent_or_unknown in (ticket, f"{ticket}x", ""):
        with pytest.raises(TicketInvalid):
            tickets.use(spent_or_unknown)


def test_a_ticket_expires_when_it_says() -> None:
    clock = HeldClock()
    tickets = Tickets(clock, LIFETIME_S)
    (in_time, expires_us), (late, _) = tickets.issue(reader_of(1)), tickets.issue(reader_of(1))
    assert expires_us == clock.us + LIFETIME_S * SECOND_US
    clock.us = expires_us - 1
    assert tickets.use(in_time) == reader_of(1)
    clock.us = expires_us
    with pytest.raises(TicketInvalid):
        tickets.use(late)
