"""Passes the outbox's events to their followers, in order, and removes each event when its followers are done.

A crash between the two passes an event on again: every follower is idempotent by the event's subject.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from penstock.core.database import Database, OpensOrganizations
from penstock.core.outbox import HasOutbox, HasOutboxQueue, OutboxEntry
from penstock.workers.loop import run_loop

INTERVAL_S = 0.5
BATCH = 100
Follower = Callable[[OutboxEntry], Awaitable[None]]


class OutboxSystemTransaction(HasOutboxQueue, OpensOrganizations[HasOutbox], Protocol):
    """The pending events, and their removal."""


class OutboxWorker:
    """The worker. `followers` are by topic, `watchers` receive every event; an event without followers is only removed."""

    def __init__(
        self,
        database: Database[HasOutbox, OutboxSystemTransaction],
        followers: Mapping[str, Follower],
        watchers: Sequence[Follower] = (),
    ) -> None:
        self._database = database
        self._followers = followers
        self._watchers = watchers
        self._news = asyncio.Event()
        database.on_events(self._news.set)

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self._step, INTERVAL_S, "outbox_delayed", self._news)

    async def _step(self) -> bool:
        return bool(await self.step())

    async def step(self) -> int:
        """Pass pending events on. Returns how many there were."""
        async with self._database.system_snapshot() as tx:
            entries = await tx.outbox.next(BATCH)
        for entry in entries:
            follower = self._followers.get(entry.topic)
            if follower is not None:
                await follower(entry)
            for watcher in self._watchers:
                await watcher(entry)
        # Removed only when all followers are done, and in a separate transaction: followers open theirs, and there is one
        # writer.
        if entries:
            async with self._database.system() as system:
                for org_id in {entry.org_id for entry in entries}:
                    done = [entry.id for entry in entries if entry.org_id == org_id]
                    await system.for_organization(org_id).outbox.remove(done)
        return len(entries)
