"""Records calls and refusals, every few seconds instead of on every call.

It also stores the used part of daily limits across a restart, and removes expired hourly counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Protocol

import structlog

from penstock.core.database import Database, OpensOrganizations
from penstock.core.limits.ledger import Ledger, Line
from penstock.core.limits.limiter import Limiter
from penstock.core.limits.models import Refusal
from penstock.core.tenancy.store import HasOrganizations
from penstock.core.usage.models import CallHour
from penstock.core.usage.service import CallCounter
from penstock.core.usage.store import HasLimitDays, UsageTransaction
from penstock.kit.clock import DAY_US, HOUR_US, Clock
from penstock.kit.ids import KeyId, OrgId, Prefix, decode
from penstock.workers.loop import run_loop

INTERVAL_S = 2.0
STEPS_PER_PRUNE = 1_800
"""An hour's."""
ORGANIZATIONS_PER_PRUNE = 100
"""Counts in one transaction: they wait for the disk once, and other writers do not wait for all of them."""
Calls = dict[tuple[OrgId, KeyId, int], list[int]]
_log = structlog.get_logger()


class UsageSystemTransaction(HasLimitDays, HasOrganizations, OpensOrganizations[UsageTransaction], Protocol):
    """The stores to which counts are written."""


class UsageWorker:
    """The worker. If the process is killed, the counts in memory (up to two seconds' worth) are lost."""

    def __init__(
        self,
        *,
        database: Database[UsageTransaction, UsageSystemTransaction],
        counter: CallCounter,
        ledger: Ledger,
        limiter: Limiter,
        clock: Clock,
        settled: Clock,
        hours_kept_days: int,
    ) -> None:
        self._database = database
        self._counter = counter
        self._ledger = ledger
        self._limiter = limiter
        self._clock = clock
        self._settled = settled
        self._hours_kept_us = hours_kept_days * DAY_US
        self._restored = False
        self._rounds = 0

    async def run(self) -> None:
        """Run until cancelled, then write one last time."""
        await self.restore()
        await run_loop(self._round, INTERVAL_S, "usage_delayed", last=self.step)

    async def _round(self) -> None:
        self._rounds += 1
        if self._rounds % STEPS_PER_PRUNE == 1:
            await self.prune()
        await self.step()

    async def restore(self) -> None:
        """Restore the used part of daily limits. Only once: after a restart of the worker, memory is more recent."""
        if self._restored:
            return
        async with self._database.system_snapshot() as tx:
            kept = await tx.limit_days.load(self._clock.now_us() // DAY_US)
        self._limiter.restore(kept)
        self._restored = True

    async def step(self) -> None:
        """Write the counts since the last time. If writing fails, they are kept for the next time."""
        calls = self._counter.drain()
        ledger = self._ledger.drain()
        counts = self._limiter.drain_changed()
        if not (calls or ledger or counts):
            return
        try:
            async with self._database.system() as tx:
                for org_id, hours in _calls_of(calls, ledger).items():
                    await tx.for_organization(org_id).usage.add_calls(hours)
                for org_id, lines in _refusals_of(ledger).items():
                    await tx.for_organization(org_id).usage.add_refusals(lines)
                await tx.limit_days.save(counts)
        except BaseException:
            self._counter.restore(calls)
            self._ledger.restore(ledger)
            self._limiter.mark_changed(counts)
            raise

    async def prune(self) -> int:
        """Remove expired hourly counts and refusals. Returns how many rows."""
        before_us = (self._settled.now_us() - self._hours_kept_us) // HOUR_US * HOUR_US
        async with self._database.system_snapshot() as tx:
            organizations = await tx.organizations.list()
        dropped = 0
        for start in range(0, len(organizations), ORGANIZATIONS_PER_PRUNE):
            async with self._database.system() as tx:
                for organization in organizations[start : start + ORGANIZATIONS_PER_PRUNE]:
                    dropped += await tx.for_organization(organization.id).usage.drop_hours(before_us)
        if dropped:
            _log.info("usage_pruned", rows=dropped)
        return dropped


def _calls_of(calls: Calls, ledger: Counter[Line]) -> dict[OrgId, list[CallHour]]:
    """Calls and refused calls by organisation."""
    refused: Counter[tuple[OrgId, KeyId, int]] = Counter()
    for (org_id, hour_us, _, _, subject), count in ledger.items():
        # Calls by users, who have no key, are counted under key 0 (`CallCounter`).
        key_id = KeyId(0) if decode(Prefix.USER, subject) is not None else decode(Prefix.KEY, subject)
        if key_id is not None:
            refused[org_id, key_id, hour_us] += count
    found: dict[OrgId, list[CallHour]] = defaultdict(list)
    for place in calls.keys() | refused.keys():
        org_id, key_id, hour_us = place
        count, size_bytes = calls.get(place, (0, 0))
        row = CallHour(key_id=key_id, hour_us=hour_us, calls=count, size_bytes=size_bytes, refused=refused[place])
        found[org_id].append(row)
    return found


def _refusals_of(ledger: Counter[Line]) -> dict[OrgId, list[Refusal]]:
    """Refusals by organisation."""
    found: dict[OrgId, list[Refusal]] = defaultdict(list)
    for (org_id, hour_us, limit, scope, who), count in ledger.items():
        found[org_id].append(Refusal(hour_us=hour_us, limit=limit, scope=scope, subject=who, count=count))
    return found
