"""Who guesses has to wait, twice as long each time; nobody is locked out of their usual place."""

from __future__ import annotations

import pytest

from penstock.core.people import backoff as backoff_module
from penstock.core.people.backoff import Backoff
from penstock.core.people.errors import TooManyAttempts
from tests.support.days import HeldClock


def tries(backoff: Backoff, account: str = "a@example.org", address: str = "192.0.2.1") -> int:
    """A failed attempt; how long the next has to wait, 0 when it counted."""
    try:
        backoff.begin(account, address)
    except TooManyAttempts as refused:
        return int(refused.facts["retry_after_s"])
    return 0


def fresh(clock: HeldClock) -> Backoff:
    return Backoff(clock, per_account=3, per_address=10, max_wait_s=60)


def test_the_wait_doubles_up_to_the_longest() -> None:
    clock = HeldClock()
    backoff = fresh(clock)
    assert [tries(backoff) for _ in range(3)] == [0, 0, 0]
    waits = []
    for _ in range(9):
        waits.append(tries(backoff))
        clock.s += waits[-1]
        assert tries(backoff, address=f"198.51.100.{len(waits)}") == 0
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_attempts_that_are_refused_do_not_count() -> None:
    clock = HeldClock()
    backoff = fresh(clock)
    for _ in range(3):
        tries(backoff)
    assert {tries(backoff) for _ in range(100)} == {1}


def test_many_at_once_get_no_further_than_one_after_the_other() -> None:
    backoff = fresh(HeldClock())
    assert [tries(backoff, address=f"192.0.2.{n}") for n in range(10)].count(0) == 3


def test_success_begins_anew_for_the_account_and_not_for_the_address() -> None:
    clock = HeldClock()
    backoff = fresh(clock)
    for n in range(9):
        tries(backoff, account=f"{n}@example.org")
    backoff.succeed(backoff.begin("own@example.org", "192.0.2.1"))
    assert tries(backoff, account="x@example.org") == 0
    assert tries(backoff, account="y@example.org") > 0


def test_a_stranger_locks_nobody_out_of_their_usual_place() -> None:
    backoff = fresh(HeldClock())
    backoff.succeed(backoff.begin("A@example.org", "192.0.2.7"))
    for n in range(20):
        tries(backoff, address=f"203.0.113.{n}")
    assert tries(backoff, address="203.0.113.99") > 0
    assert tries(backoff, address="192.0.2.7") == 0


@pytest.mark.parametrize(
    ("one", "another", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.9", "192.0.2.9", True),
        ("192.0.2.9", "192.0.2.8", False),
    ],
)
def test_an_address_is_a_place_that_one_has(one: str, another: str, *, same: bool) -> None:
    backoff = fresh(HeldClock())
    for n in range(10):
        assert tries(backoff, account=f"{n}@example.org", address=one) == 0
    assert (tries(backoff, account="z@example.org", address=another) > 0) is same


def test_what_was_long_ago_is_forgotten() -> None:
    clock = HeldClock()
    backoff = fresh(clock)
    for _ in range(4):
        tries(backoff)
    clock.s += 3601
    assert [tries(backoff) for _ in range(3)] == [0, 0, 0]


def test_places_that_were_stored_count_as_usual_and_the_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff_module, "MAX_PLACES", 2)
    backoff = fresh(HeldClock())
    backoff.recall([("A@example.org", "192.0.2.1"), ("a@example.org", "2001:db8::1"), ("a@example.org", "192.0.2.3")])
    for _ in range(3):
        tries(backoff, address="198.51.100.1")
    assert tries(backoff, address="198.51.100.2") > 0
    assert tries(backoff, address="192.0.2.1") > 0, "the oldest of three"
    assert tries(backoff, address="2001:db8::99") == tries(backoff, address="192.0.2.3") == 0
