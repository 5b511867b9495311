"""The plan's readings of a calendar month (UTC)."""

from __future__ import annotations

from penstock.core.limits.errors import MonthlyLimitExceeded
from penstock.core.ports import Database
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.usage.service import period_of
from penstock.kit.clock import SECOND_US, Clock


class MonthlyReadings:
    """Counts readings of organisations whose plan limits them.

    Begins from the counts of the month so far, which follow the log a moment later: after a restart in the middle of a load,
    the last moment's readings may be let in once more.
    """

    def __init__(self, database: Database, plans: PlanCatalogue, clock: Clock) -> None:
        self._database = database
        self._plans = plans
        self._clock = clock
        self._counts: dict[int, tuple[int, int]] = {}
        """Organisation → (begin of the month, readings)."""

    def unlimited(self, org_id: int) -> bool:
        """Whether memory knows that the organisation's plan does not limit readings: then there is nothing to `take`."""
        organization = self._plans.known(org_id)
        plan = self._plans.plans.get(organization.plan) if organization is not None else None
        return plan is not None and plan.monthly_readings is None

    async def take(self, org_id: int, count: int) -> None:
        """Count readings that are about to be stored.

        Raises:
            MonthlyLimitExceeded: the plan does not have so many left; nothing was counted.
        """
        limit = (await self._plans.of(org_id)).monthly_readings
        if limit is None:
            return
        now_us = self._clock.now_us()
        begin_us, end_us = period_of(now_us)
        month_us, used = self._counts.get(org_id, (0, 0))
        if month_us != begin_us:
            async with self._database.snapshot(org_id) as tx:
                used = (await tx.usage.since(begin_us)).readings
        if used + count > limit:
            raise MonthlyLimitExceeded(count=limit, retry_after_s=(end_us - now_us) // SECOND_US + 1)
        self._counts[org_id] = begin_us, used + count
