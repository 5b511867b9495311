"""Ends plans whose time is over."""

from __future__ import annotations

import structlog

from penstock.core.subscriptions.service import SubscriptionService
from penstock.kit.ids import Prefix, encode
from penstock.workers.loop import run_loop

_log = structlog.get_logger()


class SubscriptionWorker:
    """The worker. Killed in between, it finds what is still due when it begins again."""

    def __init__(self, subscriptions: SubscriptionService, interval_s: float) -> None:
        self._subscriptions = subscriptions
        self._interval_s = interval_s

    async def run(self) -> None:
        """Go on until cancelled."""
        await run_loop(self.step, self._interval_s, "plans_delayed")

    async def step(self) -> int:
        """End what is due; how many plans it was."""
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
