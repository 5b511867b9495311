"""The state of connections that are opened: why the last attempt failed stays until the next succeeds."""

from __future__ import annotations

from penstock.core.connections.links import MAX_REASON, ConnectionLinks, Link, LinkState
from penstock.kit.ids import ConnectionId
from tests.support.days import HeldClock

ONE = ConnectionId(1)


def test_a_reason_stays_while_it_is_tried_again() -> None:
    clock = HeldClock()
    links = ConnectionLinks(clock)
    links.note(ONE, LinkState.WAITING, "refused", retry_us=clock.us + 5)
    assert links.find(ONE) == Link(state=LinkState.WAITING, since_us=clock.us, reason="refused", retry_us=clock.us + 5)
    clock.us += 5
    links.note(ONE, LinkState.CONNECTING)
    assert links.find(ONE) == Link(state=LinkState.CONNECTING, since_us=clock.us, reason="refused")
    links.note(ONE, LinkState.CONNECTED)
    assert links.find(ONE) == Link(state=LinkState.CONNECTED, since_us=clock.us)


def test_a_warning_changes_no_state_and_makes_none() -> None:
    clock = HeldClock()
    links = ConnectionLinks(clock)
    links.warn(ONE, "nobody listens")
    assert links.find(ONE) is None
    links.note(ONE, LinkState.CONNECTED)
    since_us = clock.us
    clock.us += 5
    links.warn(ONE, "x" * 1000)
    assert links.find(ONE) == Link(state=LinkState.CONNECTED, since_us=since_us, reason="x" * MAX_REASON)


def test_what_is_paused_is_forgotten() -> None:
    links = ConnectionLinks(HeldClock())
    links.note(ONE, LinkState.STOPPED, "x" * 1000)
    found = links.find(ONE)
    assert found is not None
    assert found.reason == "x" * MAX_REASON
    for _ in range(2):
        links.forget(ONE)
        assert links.find(ONE) is None
