"""Hands the outbox's events to their followers, in order, and forgets each when its followers are done.

A crash between doing and forgetting hands an event out again: every follower is idempotent by the event's subject.
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
    """Events that wait, and where they are forgotten."""


class OutboxWorker:
    """The worker. `followers` are by topic, `watchers` see every event; one that nobody follows is only forgotten."""

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
        """Go on until cancelled."""
        await run_loop(self._step, INTERVAL_S, "outbox_delayed", self._news)

    async def _step(self) -> bool:
        return bool(await self.step())

    async def step(self) -> int:
        """Hand out what is waiting; how many events it was."""
        async with self._database.system_snapshot() as tx:
            entries = await tx.outbox.next(BATCH)
        for entry in entries:
            follower = self._followers.get(entry.topic)
            if follower is not None:
                await follower(entry)
            for watcher in self._watchers:
                await watcher(entry)
        # Forgotten only when all followers are done, and in a transaction of its own: followers open theirs, and there is one
        # writer.
        if entries:
            async with self._database.system() as system:
                for org_id in {entry.org_id for entry in entries}:
                    done = [entry.id for entry in entries if entry.org_id == org_id]
                    await system.for_organization(org_id).outbox.remove(done)
        return len(entries)
