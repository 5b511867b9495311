"""Which packet identifier came first, and which came lately."""

from __future__ import annotations

import pytest

from penstock.ingress.mqtt.client.identifiers import COUNT, SPAN, RecentIdentifiers, precedes


@pytest.mark.parametrize(("one", "other"), [(1, 2), (1, 30_000), (COUNT, 1), (COUNT - 5, 20_000)])
def test_identifiers_are_ordered_around_the_circle(one: int, other: int) -> None:
    assert precedes(one, other)
    assert not precedes(other, one)


def test_an_identifier_does_not_precede_itself() -> None:
    assert not precedes(7, 7)


def test_the_last_identifiers_are_remembered_one_by_one() -> None:
    recent = RecentIdentifiers()
    for packet_id in (1, 8, COUNT):
        recent.add(packet_id)
    assert [packet_id for packet_id in range(1, COUNT + 1) if packet_id in recent] == [1, 8, COUNT]
    recent.clear()
    assert COUNT not in recent


def test_at_least_a_span_is_remembered_and_at_most_two() -> None:
    recent = RecentIdentifiers()
    for packet_id in range(1, 2 * SPAN + 1):
        recent.add(packet_id)
    assert 1 in recent
    recent.add(2 * SPAN + 1)
    assert [packet_id in recent for packet_id in (SPAN, SPAN + 1, 2 * SPAN + 1)] == [False, True, True]
