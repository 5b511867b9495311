"""Events are counted by the minute."""

from __future__ import annotations

import pytest

from penstock.ingress.mail import windows
from penstock.ingress.mail.windows import Windows, network_of
from tests.support.days import HeldClock


def test_a_limit_counts_for_a_minute_and_per_name() -> None:
    clock = HeldClock()
    counted = Windows(2, clock.monotonic)
    assert [counted.count("a"), counted.count("a"), counted.count("a")] == [True, True, False]
    assert counted.is_exceeded("a")
    assert not counted.is_exceeded("b")
    clock.s += 59.9
    assert counted.is_exceeded("a")
    clock.s += 0.1
    assert not counted.is_exceeded("a")
    assert counted.count("a")


def test_the_oldest_names_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "MOST_NAMES", 2)
    clock = HeldClock()
    counted = Windows(1, clock.monotonic)
    for name in ("a", "b"):
        counted.count(name)
        clock.s += 1
    assert counted.is_exceeded("a")
    counted.count("c")
    assert not counted.is_exceeded("a")
    assert counted.is_exceeded("b")


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("local", "local"),
    ],
)
def test_what_counts_as_one_client(peer: str, network: str) -> None:
    assert network_of(peer) == network
