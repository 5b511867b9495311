"""A clock for work that cannot be undone: deleting old data, ending a plan, closing a month.

One look at a wrong clock must not delete years of data. How much time has passed is known from the monotonic clock: a wall clock
that is further ahead than that has jumped. Until the jump has lasted `SETTLES_S`, the time is as if there had been none; a clock
that is right again by then has done no harm. A clock that goes back is believed at once, because then nothing is deleted.

What is kept for the next start is the settled time, and how long a jump has lasted: the clock of a server that runs for some
hours a day settles too. A start within a month of the stop does not count as a jump.
"""

from __future__ import annotations

from typing import NamedTuple

from penstock.kit.clock import DAY_US, HOUR_US, SECOND_US, Clock

LEAP_US = HOUR_US
"""How far the clock can be ahead without a jump: less than matters to a retention of days."""
REST_US = 31 * DAY_US
"""How long a server can have been stopped before its start is a jump."""
SETTLES_S = 24 * 3600.0


class Kept(NamedTuple):
    """What a clock keeps for the next start: the settled time, and for how many seconds it has seen a jump."""

    us: int
    jump_s: float = 0.0


class SettledClock:
    """Implements `Clock`, on another one."""

    def __init__(self, clock: Clock, kept: Kept | None = None) -> None:
        self._clock = clock
        self._at_us, self._at_s = clock.now_us(), clock.monotonic()
        self._jumped_s: float | None = None
        if kept is not None and self._at_us > kept.us + REST_US:
            self._at_us, self._jumped_s = kept.us, self._at_s - kept.jump_s

    def now_us(self) -> int:
        """The time without a jump ahead that has not settled yet."""
        now_us, now_s = self._clock.now_us(), self._clock.monotonic()
        expected_us = self._at_us + round((now_s - self._at_s) * SECOND_US)
        if now_us > expected_us + LEAP_US and not self._has_settled(now_s):
            return expected_us
        self._at_us, self._at_s, self._jumped_s = now_us, now_s, None
        return now_us

    def monotonic(self) -> float:
        """As the other clock."""
        return self._clock.monotonic()

    def kept(self) -> Kept:
        """What the next start has to know."""
        now_us = self.now_us()
        return Kept(now_us, 0.0 if self._jumped_s is None else self._clock.monotonic() - self._jumped_s)

    def ahead_us(self) -> int:
        """How far the clock is ahead because of a jump that has not settled; 0 without one."""
        now_us = self.now_us()
        return 0 if self._jumped_s is None else self._clock.now_us() - now_us

    def _has_settled(self, now_s: float) -> bool:
        """Whether the jump, which begins when it is first seen, has lasted long enough."""
        if self._jumped_s is None:
            self._jumped_s = now_s
        return now_s - self._jumped_s >= SETTLES_S
