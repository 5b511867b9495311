"""Counts what waits in the database for the workers that empty queues, so that a queue that grows is noticed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from penstock.core.database import SystemDatabase
from penstock.kit.clock import Clock
from penstock.workers.loop import run_loop
from penstock.workers.progress import Followers, Queued

INTERVAL_S = 5.0
MOST_ROWS = 10_000
"""More are shown as this number: what matters is that there are many, and counting must not take long."""


class BacklogStore(Protocol):
    """What waits for workers, of all organisations."""

    async def queued(self, now_us: int, limit: int) -> Mapping[str, tuple[int, int | None]]:
        """Rows that are due, at most `limit`, and when the oldest was, by the name of the loop that handles them."""


class HasBacklog(Protocol):
    """A transaction with the queues of all workers."""

    @property
    def backlog(self) -> BacklogStore:
        """What waits for workers."""


class BacklogWorker:
    """The worker. It only reads."""

    def __init__(self, database: SystemDatabase[HasBacklog], followers: Followers, clock: Clock) -> None:
        self._database = database
        self._followers = followers
        self._clock = clock

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, INTERVAL_S, "backlog_delayed")

    async def step(self) -> None:
        """Count what waits now."""
        async with self._database.system_snapshot() as tx:
            found = await tx.backlog.queued(self._clock.now_us(), MOST_ROWS)
        self._followers.queued = {name: Queued(rows, due_us) for name, (rows, due_us) in found.items()}
