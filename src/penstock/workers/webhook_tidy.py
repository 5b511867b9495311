"""Removes the payloads of webhook messages, and later the messages, when their retention has passed."""

from __future__ import annotations

import structlog

from penstock.core.database import Database
from penstock.core.tenancy.store import HasOrganizations
from penstock.core.webhooks.config import WebhooksConfig
from penstock.core.webhooks.store import HasWebhookMessages
from penstock.kit.clock import DAY_US, Clock
from penstock.kit.ids import OrgId
from penstock.workers.loop import run_loop

AT_ONCE = 1_000
"""Rows of one transaction, few enough that other writers do not wait long."""
_log = structlog.get_logger()


class WebhookTidy:
    """The worker."""

    def __init__(self, database: Database[HasWebhookMessages, HasOrganizations], settled: Clock, config: WebhooksConfig) -> None:
        self._database = database
        self._settled = settled
        self._config = config

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, self._config.tidy_interval_s, "webhook_tidy_delayed")

    async def step(self) -> int:
        """Remove expired data. Returns how many payloads and messages."""
        async with self._database.system_snapshot() as tx:
            organizations = await tx.organizations.list()
        now_us, count = self._settled.now_us(), 0
        bodies_us, messages_us = now_us - self._config.payload_days * DAY_US, now_us - self._config.keep_days * DAY_US
        for one in organizations:
            count += await self._bodies(one.id, bodies_us, now_us)
            count += await self._messages(one.id, messages_us)
        return count

    async def _bodies(self, org_id: OrgId, before_us: int, now_us: int) -> int:
        total, done = 0, AT_ONCE
        while done == AT_ONCE:
            async with self._database.transaction(org_id) as tx:
                done = await tx.webhook_messages.drop_bodies(before_us, now_us, AT_ONCE)
            total += done
        return total

    async def _messages(self, org_id: OrgId, before_us: int) -> int:
        total, done = 0, AT_ONCE
        while done == AT_ONCE:
            async with self._database.transaction(org_id) as tx:
                done = await tx.webhook_messages.drop_before(before_us, AT_ONCE)
            total += done
        return total
