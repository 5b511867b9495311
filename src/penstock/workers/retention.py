"""Removes readings and audit entries that have exceeded the retention of their organisation's plan.

Days past the longest retention are unlinked as whole files. From the others the readings of organisations with a shorter
retention are removed, and an empty file is unlinked too. The day of a reading is the day on which it arrived. A file of a past
day that has much free room, because a device was deleted on that day, is shortened.
"""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from penstock.core.audit.store import HasAudit
from penstock.core.database import Database
from penstock.core.telemetry.latest import LatestReadings
from penstock.core.telemetry.store import ReadingStore
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.tenancy.store import HasOrganizations
from penstock.kit.clock import DAY_US, Clock
from penstock.kit.ids import OrgId, Prefix, encode
from penstock.workers.loop import run_loop

_log = structlog.get_logger()


class RetentionWorker:
    """The worker."""

    def __init__(
        self,
        *,
        database: Database[HasAudit, HasOrganizations],
        store: ReadingStore,
        latest: LatestReadings,
        plans: PlanCatalogue,
        settled: Clock,
        interval_s: float,
    ) -> None:
        self._database = database
        self._store = store
        self._latest = latest
        self._plans = plans
        self._settled = settled
        self._interval_s = interval_s

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, self._interval_s, "retention_delayed")

    async def step(self) -> int:
        """Remove expired readings. Returns how many readings or whole days it were."""
        async with self._database.system_snapshot() as tx:
            organizations = await tx.organizations.list()
        now_us = self._settled.now_us()
        plans = {one.id: self._plans.in_force(one, now_us) for one in organizations}
        days = {org_id: plan.retention_days for org_id, plan in plans.items()}
        removed = 0
        limits = [limit for limit in days.values() if limit is not None]
        # An organisation without a limit keeps every day, so whole files can be unlinked only if all have one.
        if limits and len(limits) == len(days):
            dropped = await self._store.drop_segments(now_us - max(limits) * DAY_US)
            removed += len(dropped)
            for day in dropped:
                _log.info("segment_dropped", day=day)
        for org_id, limit in days.items():
            if limit is not None:
                removed += await self._store.purge_before(org_id, now_us - limit * DAY_US)
        if removed:
            # The latest reading of a device may be one of those that were removed.
            self._latest.clear()
        await self._store.shrink()
        await self._drop_audit({org_id: plan.audit_days for org_id, plan in plans.items()})
        return removed

    async def _drop_audit(self, days: Mapping[OrgId, int | None]) -> None:
        """Remove the oldest entries of audit logs. The remaining entries can still be verified."""
        for org_id, limit in days.items():
            if limit is not None:
                async with self._database.transaction(org_id) as tx:
                    dropped = await tx.audit.drop_before(self._settled.now_us() - limit * DAY_US)
                if dropped:
                    _log.info("audit_dropped", organization=encode(Prefix.ORGANIZATION, org_id), entries=dropped)
