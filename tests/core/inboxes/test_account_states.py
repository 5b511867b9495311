"""The state of SMS accounts."""

from __future__ import annotations

from penstock.core.inboxes.account_states import MAX_REASON, AccountState, AccountStates, LinkState
from penstock.kit.ids import SmsAccountId
from tests.support.days import HeldClock

ONE = SmsAccountId(1)


def test_the_last_error_remains_after_it_is_over() -> None:
    clock = HeldClock()
    states = AccountStates(clock)
    assert states.find(ONE) == AccountState()
    states.note(ONE, LinkState.CONNECTING)
    began_us = clock.now_us()
    states.note(ONE, LinkState.WAITING, "no connection", retry_us=began_us + 5)
    clock.us += 10
    states.note(ONE, LinkState.WAITING, "no connection again", retry_us=began_us + 15)
    found = states.find(ONE)
    assert (found.since_us, found.retry_us, found.last_error, found.last_error_us) == (
        *(began_us, began_us + 15, "no connection again", began_us + 10),
    )
    clock.us += 10
    states.note(ONE, LinkState.CONNECTED)
    found = states.find(ONE)
    assert (found.state, found.retry_us, found.last_error) == (LinkState.CONNECTED, None, "no connection again")
    states.fail(ONE, "x" * 1_000)
    assert (states.find(ONE).state, len(states.find(ONE).last_error or "")) == (LinkState.CONNECTED, MAX_REASON)
    states.forget(ONE)
    assert states.find(ONE).last_error is None
