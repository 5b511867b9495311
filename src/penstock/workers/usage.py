"""Writes down what was called and what limits refused, every few seconds instead of on every call."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import structlog

from penstock.core.limits.limiter import Limiter
from penstock.core.limits.models import Refusal
from penstock.core.limits.policy import CallLimits
from penstock.core.ports import Database
from penstock.core.usage.models import CallHour
from penstock.core.usage.service import CallCounter
from penstock.kit.errors import PenstockError

INTERVAL_S = 2.0
_log = structlog.get_logger()


class UsageWorker:
    """The worker. What is in memory when the process is killed, two seconds' worth, is not counted."""

    def __init__(self, database: Database, counter: CallCounter, limits: CallLimits, limiter: Limiter) -> None:
        self._database = database
        self._counter = counter
        self._limits = limits
        self._limiter = limiter
        self._kept: dict[tuple[str, int | str], int] = {}

    async def run(self) -> None:
        """Go on until cancelled, then write once more."""
        day, _ = self._limiter.days()
        async with self._database.system_snapshot() as tx:
            kept = await tx.limit_days.all(day)
        self._limiter.restore(day, {place: count for place, count in kept.items()})
        try:
            while True:
                await asyncio.sleep(INTERVAL_S)
                try:
                    await self.step()
                except PenstockError as error:
                    _log.warning("usage_delayed", reason=error.detail)
        finally:
            await asyncio.shield(self.step())

    async def step(self) -> None:
        """Write down what came together since the last time."""
        calls: dict[int, list[CallHour]] = defaultdict(list)
        for (org_id, key_id, hour_us), (count, size_bytes) in self._counter.take().items():
            calls[org_id].append(CallHour(key_id=key_id, hour_us=hour_us, calls=count, size_bytes=size_bytes))
        refused: dict[int, list[Refusal]] = defaultdict(list)
        ledger, self._limits.ledger = self._limits.ledger, type(self._limits.ledger)()
        for (org_id, hour_us, limit, scope, who), count in ledger.items():
            refused[org_id].append(Refusal(hour_us=hour_us, limit=limit, scope=scope, subject=who, count=count))
        day, counts = self._limiter.days()
        moved = {place: count for place, count in counts.items() if self._kept.get(place) != count}
        if not (calls or refused or moved):
            return
        async with self._database.system() as tx:
            for org_id, hours in calls.items():
                await tx.of(org_id).usage.add_calls(hours)
            for org_id, lines in refused.items():
                await tx.of(org_id).usage.add_refusals(lines)
            for (name, subject), count in moved.items():
                if isinstance(subject, int):
                    await tx.of(subject).usage.keep_day(name, day, count)
        self._kept = counts
