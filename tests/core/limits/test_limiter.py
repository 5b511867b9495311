"""The limiter against the plainest one there is: a list of when each call was let in."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.core.limits.limiter import SLOTS_PER_SECOND, Limiter
from penstock.core.limits.models import Limit, LimitScope, Window
from penstock.kit.clock import DAY_US, SECOND_US

START_US = 1_777_713_304_000_000
SLOT_S = 1 / SLOTS_PER_SECOND


class HeldClock:
    """Both clocks in hand."""

    def __init__(self) -> None:
        self.us, self.s = START_US, 1000.0

    def now_us(self) -> int:
        return self.us

    def monotonic(self) -> float:
        return self.s

    def wait(self, seconds: float) -> None:
        self.s += seconds
        self.us += round(seconds * SECOND_US)


def per_minute(count: int, name: str = "m") -> Limit:
    return Limit(name, LimitScope.KEY, count, Window.MINUTE)


def per_day(count: int) -> Limit:
    return Limit("d", LimitScope.ACCOUNT, count, Window.DAY)


@given(
    count=st.integers(1, 20),
    pauses=st.lists(st.floats(0, 45, allow_nan=False) | st.sampled_from([0.0, 0.01, 59.99, 60.0, 60.01]), max_size=120),
)
@settings(max_examples=150)
def test_no_minute_anywhere_holds_more_and_none_is_refused_that_need_not_be(count: int, pauses: list[float]) -> None:
    clock = HeldClock()
    limiter, limit = Limiter(clock), per_minute(count)
    let_in: list[float] = []
    for pause in pauses:
        clock.wait(pause)
        verdict = limiter.consume([(limit, 1)])
        if verdict.refused is None:
            let_in.append(clock.s)
            assert verdict.states[0].remaining >= 0
        within = [at for at in let_in if at > clock.s - 60]
        assert len(within) <= count
        if verdict.refused is not None:
            late = [at for at in let_in if at > clock.s - 60 - 2 * SLOT_S]
            assert len(late) >= count, "refused though a minute and two slots have room"


@given(count=st.integers(1, 10), pauses=st.lists(st.floats(0, 20, allow_nan=False), min_size=1, max_size=60))
@settings(max_examples=150)
def test_after_retry_after_the_next_call_passes(count: int, pauses: list[float]) -> None:
    clock = HeldClock()
    limiter, limit = Limiter(clock), per_minute(count)
    for pause in pauses:
        clock.wait(pause)
        verdict = limiter.consume([(limit, "k")])
        if verdict.refused is not None:
            assert 1 <= verdict.retry_after_s <= 61
            clock.wait(verdict.retry_after_s)
            assert limiter.consume([(limit, "k")]).refused is None


def test_an_edge_holds_no_more_than_the_limit() -> None:
    """What a counter that begins anew each minute would let through: twice the limit in a second."""
    clock = HeldClock()
    limiter, limit = Limiter(clock), per_minute(100)
    clock.s = 1019.99
    let_in = sum(limiter.consume([(limit, 1)]).refused is None for _ in range(150))
    clock.s = 1020.01
    let_in += sum(limiter.consume([(limit, 1)]).refused is None for _ in range(150))
    assert let_in == 100


def test_a_call_that_expires_takes_no_later_one_with_it() -> None:
    clock = HeldClock()
    limiter, limit = Limiter(clock), per_minute(2)
    for wait_s in (0.0, 1.5, 59.0):
        clock.wait(wait_s)
        assert limiter.consume([(limit, 1)]).refused is None
    assert limiter.peek([(limit, 1)])[0].remaining == 0, "the second call is 59 seconds old"
    assert limiter.consume([(limit, 1)]).refused is not None


def test_several_limits_are_counted_together_or_not_at_all() -> None:
    clock = HeldClock()
    limiter = Limiter(clock)
    wide, narrow = per_minute(10, "wide"), per_minute(1, "narrow")
    assert limiter.consume([(wide, 1), (narrow, 2)]).refused is None
    verdict = limiter.consume([(wide, 1), (narrow, 2)])
    assert verdict.refused is not None
    assert verdict.refused.limit is narrow
    assert [state.remaining for state in limiter.peek([(wide, 1), (narrow, 2)])] == [9, 0]
    assert limiter.consume([(wide, 1), (narrow, 3)]).refused is None


def test_a_day_ends_at_midnight_utc_and_survives_a_restart() -> None:
    clock = HeldClock()
    limiter, limit = Limiter(clock), per_day(3)
    for _ in range(3):
        assert limiter.consume([(limit, 7)]).refused is None
    verdict = limiter.consume([(limit, 7)])
    to_midnight_s = (DAY_US - clock.us % DAY_US) / SECOND_US
    assert verdict.retry_after_s - 1 <= to_midnight_s <= verdict.retry_after_s
    again = Limiter(clock)
    kept = limiter.drain_changed()
    again.restore(kept)
    assert again.consume([(limit, 7)]).refused is not None
    clock.wait(verdict.retry_after_s)
    assert limiter.consume([(limit, 7)]).refused is None
    tomorrow = Limiter(clock)
    tomorrow.restore(kept)
    assert tomorrow.consume([(limit, 7)]).refused is None


def test_what_was_counted_before_the_kept_counts_were_read_stays() -> None:
    clock = HeldClock()
    before, limit = Limiter(clock), per_day(5)
    before.consume([(limit, 7)], 3)
    after = Limiter(clock)
    after.consume([(limit, 7)])
    after.restore(before.drain_changed())
    assert after.peek([(limit, 7)])[0].remaining == 1


def test_only_counts_that_changed_are_written_and_again_when_that_failed() -> None:
    clock = HeldClock()
    limiter, limit = Limiter(clock), per_day(5)
    limiter.consume([(limit, 7)])
    limiter.consume([(limit, 8)], 2)
    first = limiter.drain_changed()
    assert {(row.subject, row.count) for row in first} == {(7, 1), (8, 2)}
    assert limiter.drain_changed() == []
    limiter.consume([(limit, 8)])
    limiter.mark_changed(first)
    assert {(row.subject, row.count) for row in limiter.drain_changed()} == {(7, 1), (8, 3)}
    clock.us += DAY_US
    limiter.mark_changed(first)
    assert limiter.drain_changed() == []


def test_setting_the_wall_clock_leaves_minutes_alone() -> None:
    clock = HeldClock()
    limiter, limit = Limiter(clock), per_minute(5)
    for jump in (3600, -3600, 3 * 86_400, -3 * 86_400, 10**9):
        assert limiter.consume([(limit, 1)]).refused is None
        clock.us += jump * SECOND_US
    assert limiter.consume([(limit, 1)]).refused is not None


def test_a_refusal_waits_for_every_limit_without_room() -> None:
    clock = HeldClock()
    limiter, minute, day = Limiter(clock), per_minute(1), per_day(1)
    limiter.consume([(minute, 1), (day, 1)])
    verdict = limiter.consume([(minute, 1), (day, 1)])
    assert verdict.refused is not None
    assert verdict.refused.limit is day
    assert verdict.retry_after_s > 60


def test_memory_is_bounded() -> None:
    clock = HeldClock()
    limiter, minute, day = Limiter(clock, max_subjects=1_000), per_minute(5), per_day(5)
    for subject in range(5_000):
        limiter.consume([(minute, subject), (day, subject)])
    assert len(limiter) <= 1_000
    assert len(limiter.drain_changed()) <= 1_000


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 70, allow_nan=False)), max_size=80))
@settings(max_examples=100)
def test_forgetting_the_idle_forgets_nothing_that_counts(calls: list[tuple[int, float]]) -> None:
    """Beside a limiter that has each subject to itself and so has nothing to forget."""
    clock = HeldClock()
    shared, limit = Limiter(clock), per_minute(2)
    alone = {subject: Limiter(clock) for subject in range(6)}
    for subject, pause in calls:
        clock.wait(pause)
        together, apart = shared.consume([(limit, subject)]), alone[subject].consume([(limit, subject)])
        assert (together.refused is None) == (apart.refused is None)
    for newcomer in (6, 7, 8):
        clock.wait(200)
        shared.consume([(limit, newcomer)])
    assert len(shared) == 2
