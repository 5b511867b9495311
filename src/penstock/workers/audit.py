"""Verifies the chains of the audit log from time to time, and logs each that is broken."""

from __future__ import annotations

import structlog

from penstock.core.audit.checking import BrokenChain, ChainChecker
from penstock.kit.clock import Clock
from penstock.workers.loop import run_loop

STEP_S = 1.0
"""The pause between two steps of a pass, which leaves the machine to everything else."""
_log = structlog.get_logger()


class AuditWorker:
    """The worker. A pass starts with the server, and one interval after the start of the last."""

    def __init__(self, checker: ChainChecker, clock: Clock, interval_s: float) -> None:
        self._checker = checker
        self._clock = clock
        self._interval_s = interval_s
        self._due_s = float("-inf")
        self._running = False

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, STEP_S, "audit_check_delayed")

    async def step(self) -> None:
        """Verify some rows, if a pass is running or due."""
        now_s = self._clock.monotonic()
        if not self._running and now_s < self._due_s:
            return
        if not self._running:
            self._running, self._due_s = True, now_s + self._interval_s
        found = await self._checker.step()
        if isinstance(found, BrokenChain):
            _log.error("audit_chain_broken", organization=found.organization_id, reason=found.reason)
        self._running = found is not False
