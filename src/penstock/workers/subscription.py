"""Ends plans that have expired."""

from __future__ import annotations

import structlog

from penstock.core.subscriptions.service import SubscriptionService
from penstock.kit.ids import Prefix, encode
from penstock.workers.loop import run_loop

_log = structlog.get_logger()


class SubscriptionWorker:
    """The worker. If it is killed in between, it finds the remaining due plans at the next start."""

    def __init__(self, subscriptions: SubscriptionService, interval_s: float) -> None:
        self._subscriptions = subscriptions
        self._interval_s = interval_s

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, self._interval_s, "plans_delayed")

    async def step(self) -> int:
        """End the due plans. Returns how many."""
        ended = await self._subscriptions.end_due()
        for change in ended:
            _log.info(
                "plan_ended",
                organization=encode(Prefix.ORGANIZATION, change.organization.id),
                plan=change.organization.plan,
                devices_paused=len(change.paused_devices),
                keys_revoked=len(change.revoked_keys),
            )
        return len(ended)
