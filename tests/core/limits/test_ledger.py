"""The ledger of refusals: by hour and subject, bounded, and whole again when it could not be written down."""

from __future__ import annotations

import pytest

from penstock.core.limits import ledger as ledgers
from penstock.core.limits.ledger import Ledger
from penstock.core.limits.models import Limit, LimitScope, Window
from penstock.kit.clock import HOUR_US
from penstock.kit.ids import OrgId
from tests.support.days import HeldClock

LIMIT = Limit("plan_minute", LimitScope.ACCOUNT, 5, Window.MINUTE)


def test_refusals_of_an_hour_are_one_line() -> None:
    clock = HeldClock()
    ledger = Ledger(clock)
    hour_us = clock.us // HOUR_US * HOUR_US
    ledger.note(OrgId(1), LIMIT, "key_a")
    ledger.note(OrgId(1), LIMIT, "key_a")
    ledger.note(OrgId(2), LIMIT, "key_a")
    clock.us = hour_us + HOUR_US
    ledger.note(OrgId(1), LIMIT, "key_a")
    line = (LIMIT.name, LIMIT.scope.value, "key_a")
    assert ledger.drain() == {(1, hour_us, *line): 2, (2, hour_us, *line): 1, (1, hour_us + HOUR_US, *line): 1}
    assert ledger.drain() == {}


def test_what_is_given_back_is_added() -> None:
    ledger = Ledger(HeldClock())
    ledger.note(OrgId(1), LIMIT, "key_a")
    taken = ledger.drain()
    ledger.note(OrgId(1), LIMIT, "key_a")
    ledger.restore(taken)
    assert list(ledger.drain().values()) == [2]


def test_memory_is_bounded_and_what_is_there_counts_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "MAX_LINES", 2)
    ledger = Ledger(HeldClock())
    for subject in ("a", "b", "c", "a", "c"):
        ledger.note(OrgId(1), LIMIT, subject)
    assert {line[-1]: count for line, count in ledger.drain().items()} == {"a": 2, "b": 1}
