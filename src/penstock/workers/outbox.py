"""Passes the outbox's events to their followers, in order, and removes each event when its followers are done.

A crash between the two passes an event on again: every follower is idempotent by the event's subject.

A follower that can take long works in the background, so that no other event waits for it. Its events are removed when it is
done, and after a restart they are passed on again.

Events `apart` are those whose followers need the key of an organisation, which may be in another process that does not answer, or
damaged. They are passed on by a loop of their own, in order for each organisation, so that no other event waits for them, and no
organisation for the key of another.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from typing import Protocol

from penstock.core.database import Database, OpensOrganizations
from penstock.core.outbox import FIRST, HasOutbox, HasOutboxQueue, OutboxEntry
from penstock.kit.conditions import conditions
from penstock.kit.errors import PenstockError
from penstock.kit.ids import OrgId, Prefix, encode
from penstock.workers.loop import run_loop

INTERVAL_S = 0.5
RETRY_S = 1.0
"""When the event apart of an organisation is passed on again after an error."""
BATCH = 100
APART_DELAYED = "outbox_apart_delayed"
Follower = Callable[[OutboxEntry], Awaitable[None]]
Gatherer = Callable[[Sequence[OutboxEntry]], Awaitable[None]]


class OutboxSystemTransaction(HasOutboxQueue, OpensOrganizations[HasOutbox], Protocol):
    """The pending events, and their removal."""


class OutboxWorker:
    """The worker. `followers` are by topic, `watchers` receive every event; an event without followers is only removed.
    `gatherers` receive all events of a step together, after these, and so do with few transactions in a burst.

    Those in `background` are called last, by `run_background`, one at a time. Events of topics in `apart` are passed on by
    `run_apart`.
    """

    def __init__(
        self,
        database: Database[HasOutbox, OutboxSystemTransaction],
        followers: Mapping[str, Follower],
        watchers: Sequence[Follower] = (),
        background: Mapping[str, Follower] | None = None,
        gatherers: Sequence[Gatherer] = (),
        apart: Container[str] = frozenset(),
    ) -> None:
        self._database = database
        self._followers = followers
        self._watchers = watchers
        self._background = background or {}
        self._gatherers = gatherers
        self._topics_apart = apart
        self._passed = FIRST
        self._held: deque[OutboxEntry] = deque()
        self._apart: dict[OrgId, deque[OutboxEntry]] = {}
        self._put_off: dict[OrgId, float] = {}
        self._news, self._held_news, self._apart_news = asyncio.Event(), asyncio.Event(), asyncio.Event()
        database.on_events(self._news.set)

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self._step, INTERVAL_S, "outbox_delayed", self._news)

    async def run_background(self) -> None:
        """Call the followers in the background until cancelled."""
        await run_loop(self.step_background, None, "outbox_background_delayed", self._held_news)

    async def run_apart(self) -> None:
        """Pass on the events apart until cancelled."""
        await run_loop(self.step_apart, INTERVAL_S, APART_DELAYED, self._apart_news)

    async def _step(self) -> bool:
        return bool(await self.step())

    async def step(self) -> int:
        """Pass pending events on. Returns how many there were."""
        async with self._database.system_snapshot() as tx:
            entries = await tx.outbox.next(BATCH, self._passed)
        here = [entry for entry in entries if entry.topic not in self._topics_apart]
        await self._pass_all(here)
        # Removed only when all followers are done, and in a separate transaction: followers open theirs, and there is one
        # writer.
        if entries:
            await self._remove([entry for entry in here if entry.topic not in self._background])
            self._passed = entries[-1].id
            self._held += [entry for entry in here if entry.topic in self._background]
            self._held_news.set()
            for entry in entries:
                if entry.topic in self._topics_apart:
                    self._apart.setdefault(entry.org_id, deque()).append(entry)
                    self._apart_news.set()
        return len(entries)

    async def step_background(self) -> bool:
        """Let the next event's follower do its work. Returns whether there are more events."""
        if self._held:
            entry = self._held[0]
            await self._background[entry.topic](entry)
            await self._remove([entry])
            self._held.popleft()
        return bool(self._held)

    async def step_apart(self) -> bool:
        """Pass on the next events apart of each organisation. Returns whether there are more that need not wait."""
        now_s, more = time.monotonic(), False
        for org_id, waiting in list(self._apart.items()):
            if now_s < self._put_off.get(org_id, 0.0):
                continue
            organization, batch = encode(Prefix.ORGANIZATION, org_id), list(itertools.islice(waiting, BATCH))
            try:
                await self._pass_all(batch)
            except PenstockError as error:
                conditions().failing(APART_DELAYED, error, organization=organization)
                self._put_off[org_id] = time.monotonic() + RETRY_S
                continue
            await self._remove(batch)
            for _ in batch:
                waiting.popleft()
            self._put_off.pop(org_id, None)
            conditions().over(APART_DELAYED, organization=organization)
            if waiting:
                more = True
            else:
                del self._apart[org_id]
        return more

    async def _pass_all(self, entries: Sequence[OutboxEntry]) -> None:
        done = 0
        try:
            for entry in entries:
                await self._pass_on(entry)
                done += 1
        finally:
            # Also those before one that fails: it must not hold them up for longer than it holds up their removal.
            for gatherer in self._gatherers if done else ():
                await gatherer(entries[:done])

    async def _pass_on(self, entry: OutboxEntry) -> None:
        follower = self._followers.get(entry.topic)
        if follower is not None:
            await follower(entry)
        for watcher in self._watchers:
            await watcher(entry)

    async def _remove(self, entries: Sequence[OutboxEntry]) -> None:
        if not entries:
            return
        async with self._database.system() as system:
            for org_id in {entry.org_id for entry in entries}:
                done = [entry.id for entry in entries if entry.org_id == org_id]
                await system.for_organization(org_id).outbox.remove(done)
