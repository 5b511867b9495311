"""Deletes old messages of inboxes, parts of texts that stay incomplete, and reports about SMS that are not known."""

from __future__ import annotations

from typing import Protocol

from penstock.core.database import SystemDatabase
from penstock.core.inboxes.account_store import HasSystemSmsAccounts
from penstock.core.inboxes.config import InboxesConfig
from penstock.core.inboxes.long_texts import KEPT_US
from penstock.core.inboxes.store import HasSystemInboxes
from penstock.kit.clock import DAY_US, Clock
from penstock.workers.loop import run_loop

INTERVAL_S = 600.0
AT_ONCE = 500


class TidyTransaction(HasSystemInboxes, HasSystemSmsAccounts, Protocol):
    """The stores of the worker."""


class InboxTidy:
    """The worker."""

    def __init__(self, database: SystemDatabase[TidyTransaction], settled: Clock, config: InboxesConfig) -> None:
        self._database = database
        self._settled = settled
        self._config = config

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, INTERVAL_S, "inbox_tidy_delayed")

    async def step(self) -> bool:
        """Delete old messages, a limited number at a time. Returns whether there is more."""
        now_us = self._settled.now_us()
        async with self._database.system() as tx:
            dropped = await tx.inboxes.drop_before(now_us - self._config.messages_kept_days * DAY_US, AT_ONCE)
            await tx.inboxes.drop_unclaimed(now_us - DAY_US)
            await tx.sms_accounts.drop_parts_before(now_us - KEPT_US)
        return dropped == AT_ONCE
