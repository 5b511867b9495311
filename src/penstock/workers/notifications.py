"""Sends held mails and chat messages at the end of a window, or of a user's quiet hours."""

from __future__ import annotations

import asyncio

from penstock.core.database import Database
from penstock.core.notifications.chats import ChatNotifier
from penstock.core.notifications.mails import Notifier
from penstock.core.notifications.store import HasSystemNotices, NotificationTransaction
from penstock.kit.clock import DAY_US, HOUR_US, Clock, has_passed
from penstock.workers.loop import run_loop

INTERVAL_S = 0.5
ADDRESSES_AT_ONCE = 50
CHANNELS_AT_ONCE = 16


class NoticeWorker:
    """The worker. Each address has a separate transaction: its mail is queued, and the held mails in it are removed."""

    def __init__(
        self,
        *,
        database: Database[NotificationTransaction, HasSystemNotices],
        notifier: Notifier,
        clock: Clock,
        settled: Clock,
    ) -> None:
        self._database = database
        self._notifier = notifier
        self._clock = clock
        self._settled = settled
        self._dropped_us = 0

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, INTERVAL_S, "notifications_delayed")

    async def step(self) -> bool:
        """Send due mails. Returns whether there are more."""
        now_us = self._clock.now_us()
        async with self._database.system_snapshot() as tx:
            due = await tx.notices.due_addresses(now_us, ADDRESSES_AT_ONCE, chats=False)
        for org_id, address in due:
            async with self._database.transaction(org_id) as own:
                await self._notifier.flush(own, org_id, address)
        await self._drop()
        return len(due) == ADDRESSES_AT_ONCE

    async def _drop(self) -> None:
        now_us = self._settled.now_us()
        if has_passed(self._dropped_us, HOUR_US, now_us):
            async with self._database.system() as system:
                await system.notices.drop_windows(now_us - 2 * DAY_US)
            self._dropped_us = now_us


class ChatWorker:
    """The worker for chats, apart from the one for mails: services are slow, and are called side by side."""

    def __init__(
        self, *, database: Database[NotificationTransaction, HasSystemNotices], notifier: ChatNotifier, clock: Clock
    ) -> None:
        self._database = database
        self._notifier = notifier
        self._clock = clock

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, INTERVAL_S, "chats_delayed")

    async def step(self) -> bool:
        """Post due messages. Returns whether there are more."""
        async with self._database.system_snapshot() as tx:
            due = await tx.notices.due_addresses(self._clock.now_us(), CHANNELS_AT_ONCE, chats=True)
        async with asyncio.TaskGroup() as tasks:
            for org_id, address in due:
                tasks.create_task(self._notifier.flush(org_id, address))
        return len(due) == CHANNELS_AT_ONCE
