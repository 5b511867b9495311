"""The lane for old readings, against what it promises: a burst, then a steady rate, and a wait that is told rightly."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.core.limits.backfill import MAX_WAITING_BYTES, BackfillLane
from penstock.core.limits.errors import BackfillPaced
from penstock.core.limits.ledger import Ledger
from penstock.settings import load_settings
from tests.core.limits.test_limiter import HeldClock

RATE, BURST, PATIENCE_S = 10, 50, 2.0
CONFIG = msgspec.structs.replace(
    load_settings(environment={}).limits,
    backfill_per_second=RATE,
    backfill_burst=BURST,
    backfill_max_delay_s=PATIENCE_S,
    backfill_older_than_s=60,
)


def lane_at(clock: HeldClock, max_devices: int = 100) -> BackfillLane:
    return BackfillLane(CONFIG, Ledger(clock), clock, max_devices)


@given(st.lists(st.tuples(st.floats(0, 8, allow_nan=False), st.integers(1, 120)), max_size=60))
@settings(max_examples=150)
def test_over_time_no_more_than_burst_and_rate_and_one_request_are_let_through(requests: list[tuple[float, int]]) -> None:
    clock = HeldClock()
    lane, began_s, let_through, largest = lane_at(clock), clock.s, 0, 0
    for pause_s, count in requests:
        clock.wait(pause_s)
        try:
            wait_s = lane.take(1, 7, count, 0)
        except BackfillPaced as error:
            retry_s = error.facts["retry_after_s"]
            assert retry_s > PATIENCE_S
            assert lane_after(lane, clock, retry_s, count) == 0, "the wait that is told is enough"
            continue
        assert 0 <= wait_s <= PATIENCE_S
        let_through, largest = let_through + count, max(largest, count)
        assert let_through <= BURST + RATE * (clock.s + wait_s - began_s) + largest + 1e-6


def lane_after(lane: BackfillLane, clock: HeldClock, seconds: float, count: int) -> float:
    """The wait of a request so much later, without letting it through."""
    kept, now_s = dict(lane._full_at_s), clock.s
    clock.s += seconds
    try:
        return lane.take(1, 7, count, 0)
    finally:
        clock.s, lane._full_at_s = now_s, kept


def test_a_request_larger_than_the_burst_passes_and_is_paid_for_later() -> None:
    clock = HeldClock()
    lane = lane_at(clock)
    assert lane.take(1, 7, 10 * BURST, 0) == 0
    with pytest.raises(BackfillPaced) as refused:
        lane.take(1, 7, 1, 0)
    facts = refused.value.facts
    assert (facts["limit"], facts["scope"], facts["count"], facts["window"]) == ("device_backfill", "device", RATE, "second")
    assert (facts["remaining"], facts["reset_s"], facts["retry_after_s"]) == (0, 50, 45)
    assert lane.take(1, 8, BURST, 0) == 0, "another device has a bucket of its own"


def test_requests_wait_here_only_while_there_is_memory_for_them() -> None:
    clock = HeldClock()
    lane = lane_at(clock)
    lane.take(1, 7, BURST + RATE, 0)
    with lane.waiting(MAX_WAITING_BYTES - 10):
        with pytest.raises(BackfillPaced):
            lane.take(1, 7, 1, 11)
        assert 0 < lane.take(1, 7, 1, 10) <= PATIENCE_S
    assert lane.take(1, 7, 1, 11) > 0


def test_memory_is_bounded_and_whoever_asked_lately_is_remembered() -> None:
    clock = HeldClock()
    lane = lane_at(clock, max_devices=10)
    for device in range(2, 50):
        lane.take(1, device, 1, 0)
        if device == 2:
            lane.take(1, 1, 100 * BURST, 0)
        else:
            with pytest.raises(BackfillPaced):
                lane.take(1, 1, 1, 0)
        clock.wait(0.01)
    assert len(lane._full_at_s) <= 10


def test_without_a_rate_nothing_is_old() -> None:
    clock = HeldClock()
    assert lane_at(clock).old_before_us() == clock.us - 60_000_000
    assert BackfillLane(msgspec.structs.replace(CONFIG, backfill_per_second=0), Ledger(clock), clock).old_before_us() == 0
