"""A clock that jumps ahead is believed only when it has stayed there."""

from __future__ import annotations

import pytest

from penstock.kit.clock import DAY_US, HOUR_US, SECOND_US
from penstock.kit.settled_clock import LEAP_US, REST_US, SETTLES_S, Kept, SettledClock
from tests.support.days import NOON_US, HeldClock

YEARS_US = 12 * 365 * DAY_US


@pytest.fixture
def held() -> HeldClock:
    return HeldClock()


def passes(held: HeldClock, seconds: float) -> None:
    held.s += seconds
    held.us += round(seconds * SECOND_US)


@pytest.mark.parametrize("seconds", [0.5, 60, 3600, 40 * 86400])
def test_time_that_passes_is_no_jump(held: HeldClock, seconds: float) -> None:
    settled = SettledClock(held)
    passes(held, seconds)
    assert (settled.now_us(), settled.ahead_us(), settled.monotonic()) == (held.us, 0, held.s)


def test_a_short_leap_is_none_either(held: HeldClock) -> None:
    settled = SettledClock(held)
    held.us += LEAP_US
    assert settled.now_us() == NOON_US + LEAP_US


def test_a_jump_is_not_believed_and_time_goes_on_without_it(held: HeldClock) -> None:
    settled = SettledClock(held)
    held.us += YEARS_US
    assert (settled.now_us(), settled.ahead_us()) == (NOON_US, YEARS_US)
    passes(held, 3600)
    assert (settled.now_us(), settled.ahead_us()) == (NOON_US + HOUR_US, YEARS_US)
    held.us -= YEARS_US
    assert (settled.now_us(), settled.ahead_us()) == (NOON_US + HOUR_US, 0)


def test_a_jump_that_stays_is_believed(held: HeldClock) -> None:
    settled = SettledClock(held)
    held.us += YEARS_US
    settled.now_us()
    passes(held, SETTLES_S - 1)
    assert settled.now_us() < held.us
    passes(held, 1)
    assert (settled.now_us(), settled.ahead_us()) == (held.us, 0)


def test_each_jump_has_to_stay_again(held: HeldClock) -> None:
    settled = SettledClock(held)
    for _ in range(3):
        held.us += YEARS_US
        settled.now_us()
        passes(held, SETTLES_S - 1)
        assert settled.now_us() < held.us
        held.us -= YEARS_US
        assert settled.now_us() == held.us


def test_a_clock_that_goes_back_is_believed_at_once(held: HeldClock) -> None:
    settled = SettledClock(held)
    held.us -= YEARS_US
    assert settled.now_us() == held.us


@pytest.mark.parametrize("rest_us", [0, HOUR_US, 8 * DAY_US, REST_US])
def test_a_start_after_a_rest_is_no_jump(held: HeldClock, rest_us: int) -> None:
    settled = SettledClock(held, Kept(held.us - rest_us))
    assert (settled.now_us(), settled.ahead_us()) == (held.us, 0)


def test_a_start_years_ahead_of_the_last_stop_is_a_jump(held: HeldClock) -> None:
    wrong = SettledClock(held, Kept(held.us - YEARS_US))
    assert (wrong.now_us(), wrong.ahead_us()) == (NOON_US - YEARS_US, YEARS_US)


def test_a_start_with_a_clock_that_went_back_believes_it(held: HeldClock) -> None:
    assert SettledClock(held, Kept(held.us + YEARS_US)).now_us() == held.us


def test_a_jump_settles_over_several_runs(held: HeldClock) -> None:
    kept, runs = Kept(held.us - YEARS_US), 0
    while True:
        settled = SettledClock(held, kept)
        passes(held, SETTLES_S / 3)
        runs += 1
        kept = settled.kept()
        if kept == Kept(held.us):
            break
        assert kept.us < held.us - YEARS_US + runs * DAY_US
        held.us += DAY_US  # the server is stopped
    assert runs == 3
