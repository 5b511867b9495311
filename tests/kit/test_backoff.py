"""The pauses between attempts."""

from __future__ import annotations

import pytest

from penstock.kit.backoff import Doubling, Table, jittered
from penstock.kit.clock import MINUTE_US, SECOND_US


def test_a_pause_doubles_up_to_the_longest() -> None:
    policy = Doubling(first_us=SECOND_US, longest_us=120 * SECOND_US)
    assert [policy.pause_us(n) // SECOND_US for n in range(1, 10)] == [1, 2, 4, 8, 16, 32, 64, 120, 120]
    assert policy.pause_us(1_000_000) == 120 * SECOND_US


def test_a_first_pause_above_the_longest_is_the_longest() -> None:
    assert Doubling(first_us=10, longest_us=4).pause_us(1) == 4


def test_a_table_repeats_its_last_pause() -> None:
    policy = Table(pauses_us=(5 * SECOND_US, 30 * SECOND_US, 2 * MINUTE_US))
    assert [policy.pause_us(n) // SECOND_US for n in range(1, 6)] == [5, 30, 120, 120, 120]


@pytest.mark.parametrize(("chance", "pause_us"), [(0.0, 4_000), (0.5, 6_000), (1.0, 8_000)])
def test_jitter_takes_a_pause_between_least_and_most(chance: float, pause_us: int) -> None:
    assert jittered(8_000, 0.5, 1.0, lambda: chance) == pause_us
