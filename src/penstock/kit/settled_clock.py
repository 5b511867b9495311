"""A clock for work that cannot be undone: deleting old data, ending a plan, closing a month.

One look at a wrong clock must not delete years of data. How much time has passed is known from the monotonic clock: a wall clock
that is further ahead than that has jumped. Until the jump has lasted `SETTLES_S`, the time is as if there had been none; a clock
that is right again by then has done no harm. A clock that goes back is believed at once, because then nothing is deleted.

The time across a restart comes from `known_us`, the last one that was kept: a server that was down for days waits too.
"""

from __future__ import annotations

from penstock.kit.clock import HOUR_US, SECOND_US, Clock

LEAP_US = HOUR_US
"""How far the clock can be ahead without a jump: less than matters to a retention of days."""
SETTLES_S = 24 * 3600.0


class SettledClock:
    """Implements `Clock`, on another one."""

    def __init__(self, clock: Clock, known_us: int | None = None) -> None:
        self._clock = clock
        self._at_us = clock.now_us() if known_us is None else known_us
        self._at_s = clock.monotonic()
        self._jumped_s: float | None = None

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

    def ahead_us(self) -> int:
        """How far the clock is ahead because of a jump that has not settled; 0 without one."""
        now_us = self.now_us()
        return 0 if self._jumped_s is None else self._clock.now_us() - now_us

    def _has_settled(self, now_s: float) -> bool:
        """Whether the jump, which begins when it is first seen, has lasted long enough."""
        if self._jumped_s is None:
            self._jumped_s = now_s
        return now_s - self._jumped_s >= SETTLES_S
