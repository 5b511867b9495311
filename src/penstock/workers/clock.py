"""Watches the clock: says when it has jumped ahead, and keeps the settled time for the next start."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from penstock.kit.clock import HOUR_US
from penstock.kit.settled_clock import SETTLES_S, Kept, SettledClock
from penstock.workers.loop import run_loop

INTERVAL_S = 60.0
_log = structlog.get_logger()


class ClockWatch:
    """The worker. `keep` stores what the next start has to know."""

    def __init__(self, clock: SettledClock, keep: Callable[[Kept], None]) -> None:
        self._clock = clock
        self._keep = keep
        self._is_ahead = False

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, INTERVAL_S, "clock_unseen")

    async def step(self) -> None:
        """Look at it once."""
        reason = self.notice()
        if (reason is not None) != self._is_ahead:
            self._is_ahead = reason is not None
            if reason is None:
                _log.info("clock_ahead_no_longer")
            else:
                _log.warning("clock_ahead", reason=reason)
        self._keep(self._clock.kept())

    def notice(self) -> str | None:
        """What the operator has to know about the clock; None if it is as expected."""
        ahead_us = self._clock.ahead_us()
        if not ahead_us:
            return None
        settles_h = round(SETTLES_S / 3600)
        return f"{ahead_us // HOUR_US} h ahead of the last known time; nothing expires until it has been so for {settles_h} h"
