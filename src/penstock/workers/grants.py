"""Removes grants that have ended. They stopped counting at their end; this records it and sends the event, once for each.

A grant is deleted in the transaction that records its end, so a crash repeats nothing.
"""

from __future__ import annotations

from itertools import groupby

from penstock.core.actor import Actor
from penstock.core.database import SystemDatabase
from penstock.core.tokens.grant_events import Change, GrantNotes
from penstock.core.tokens.grant_transaction import GrantSystemTransaction
from penstock.kit.clock import DAY_US, HOUR_US, Clock, has_passed
from penstock.workers.loop import run_loop

AT_ONCE = 200
"""Grants removed in one transaction."""
KEPT_US = 90 * DAY_US
"""How long requests to read seeds are listed. The audit log has them for longer."""


class GrantWorker:
    """The worker. `run` ends when cancelled."""

    def __init__(
        self, *, database: SystemDatabase[GrantSystemTransaction], notes: GrantNotes, settled: Clock, interval_s: float
    ) -> None:
        self._database = database
        self._notes = notes
        self._settled = settled
        self._interval_s = interval_s
        self._dropped_us = 0

    async def run(self) -> None:
        """Remove what has ended until cancelled."""
        await run_loop(self.step, self._interval_s, "grants_delayed")

    async def step(self) -> bool:
        """Remove the grants that have ended. Returns whether there are more."""
        now_us = self._settled.now_us()
        await self._drop_requests(now_us)
        async with self._database.system_snapshot() as tx:
            if not await tx.grants.ended(now_us, 1):
                return False
        async with self._database.system() as tx:
            # Read again in the transaction that deletes: in the meantime one may have been revoked, or prolonged.
            ended = await tx.grants.ended(now_us, AT_ONCE)
            for org_id, group in groupby(sorted(ended, key=lambda one: one.org_id), key=lambda one: one.org_id):
                own = tx.for_organization(org_id)
                removed = [one.granted for one in group]
                for one in removed:
                    await own.grants.delete(one.grant.id)
                await self._notes.note(own, Actor.system(org_id), Change.EXPIRED, removed)
        return len(ended) == AT_ONCE

    async def _drop_requests(self, now_us: int) -> None:
        if not has_passed(self._dropped_us, HOUR_US, now_us):
            return
        async with self._database.system() as tx:
            await tx.seed_requests.drop_made_before(now_us - KEPT_US)
        self._dropped_us = now_us
