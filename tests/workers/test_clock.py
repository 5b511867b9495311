"""The clock is watched: a jump is said once, and the settled time is kept."""

from __future__ import annotations

import structlog

from penstock.kit.clock import DAY_US
from penstock.kit.settled_clock import SETTLES_S, Kept, SettledClock
from penstock.workers.clock import ClockWatch
from tests.support.days import HeldClock


async def test_a_jump_is_said_once_and_its_end_too() -> None:
    held, kept = HeldClock(), list[Kept]()
    watch = ClockWatch(SettledClock(held), kept.append)
    right_us = held.us
    with structlog.testing.capture_logs() as lines:
        for us in (right_us, right_us + 365 * DAY_US, right_us + 365 * DAY_US, right_us, right_us):
            held.us = us
            await watch.step()
    assert [line["event"] for line in lines] == ["clock_ahead", "clock_ahead_no_longer"]
    assert lines[0]["reason"] == "8760 h ahead of the last known time; nothing expires until it has been so for 24 h"
    assert [one.us for one in kept] == [right_us] * 5


async def test_a_jump_that_stays_is_kept() -> None:
    held, kept = HeldClock(), list[Kept]()
    watch = ClockWatch(SettledClock(held), kept.append)
    held.us += 2 * DAY_US
    await watch.step()
    assert watch.notice() is not None
    held.next_day()
    assert DAY_US == SETTLES_S * 1_000_000
    await watch.step()
    assert (watch.notice(), kept[-1]) == (None, Kept(held.us))
