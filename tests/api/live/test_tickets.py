"""Tickets in memory: as many as an organisation may have unused, and when the next one can be had."""

from __future__ import annotations

import pytest

from penstock.api.live.errors import TooManyTickets
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
