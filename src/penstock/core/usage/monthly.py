"""The plan's limit of readings per calendar month (UTC)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.database import OrganizationDatabase
from penstock.core.limits.errors import MonthlyLimitExceeded
from penstock.core.limits.ledger import Ledger
from penstock.core.limits.models import Limit, LimitScope, State, Window
from penstock.core.limits.periods import month_of
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.usage.store import UsageTransaction
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import OrgId, Prefix, encode


class Countable(Protocol):
    """A reading on its way to the disk."""

    org_id: OrgId
    quarantined: bool
    duplicate: bool
    counted: bool | None


class MonthlyReadings:
    """Counts readings of organisations whose plan limits them.

    A reading counts once it is on disk, as in the stored usage: not if it was refused, repeated or quarantined. Those on their
    way to the disk are counted in advance, so that calls at the same time cannot exceed the limit, and given back if they are
    not stored.

    Starts from the stored usage of the month, which follows the log with a short delay: after a restart under load, the readings
    of that delay may be admitted twice. This also handles a plan whose limit starts within a month.
    """

    def __init__(
        self, database: OrganizationDatabase[UsageTransaction], plans: PlanCatalogue, ledger: Ledger, clock: Clock
    ) -> None:
        self._database = database
        self._plans = plans
        self._ledger = ledger
        self._clock = clock
        self._counts: dict[OrgId, tuple[int, int]] = {}
        """Organisation → (start of the month, readings)."""

    def unlimited(self, org_id: OrgId) -> bool:
        """Whether the cached plan of the organisation does not limit readings, so that `take` is not needed."""
        organization = self._plans.known(org_id)
        plan = self._plans.plans.get(organization.plan) if organization is not None else None
        # A plan that the catalogue no longer has is not unlimited: `take` then raises the error.
        return plan is not None and plan.monthly_readings is None

    async def take(self, org_id: OrgId, count: int) -> None:
        """Count readings that are about to be stored.

        Raises:
            MonthlyLimitExceeded: the plan's limit does not allow this many more; nothing was counted.
        """
        allowed = (await self._plans.of(org_id)).monthly_readings
        if allowed is None:
            return
        # There must be no await between this result and the assignment below: it would lose the count of a parallel call.
        begin_us, used = await self._used(org_id)
        if used + count > allowed:
            state = self._state(allowed, used)
            self._ledger.note(org_id, state.limit, encode(Prefix.ORGANIZATION, org_id))
            raise MonthlyLimitExceeded.by(state)
        self._counts[org_id] = begin_us, used + count

    def give_back(self, org_id: OrgId, count: int) -> None:
        """Count readings no longer, which were counted and are not stored."""
        self._correct(org_id, -count)

    def settle(self, readings: Sequence[Countable], stored: bool) -> None:
        """Correct the counts after an append: exactly the readings that it stored for the first time are counted."""
        if not self._counts:
            return  # no organisation has a limit
        for reading in readings:
            counts = stored and not reading.duplicate and not reading.quarantined
            if reading.counted is not None and counts is not reading.counted:
                reading.counted = counts
                self._correct(reading.org_id, 1 if counts else -1)

    def _correct(self, org_id: OrgId, by: int) -> None:
        if org_id in self._counts:  # otherwise the organisation has no limit
            begin_us, used = self._counts[org_id]
            self._counts[org_id] = begin_us, max(0, used + by)

    async def peek(self, org_id: OrgId) -> State | None:
        """The remaining readings of the month, or None without a limit."""
        allowed = (await self._plans.of(org_id)).monthly_readings
        return None if allowed is None else self._state(allowed, (await self._used(org_id))[1])

    async def _used(self, org_id: OrgId) -> tuple[int, int]:
        """The start of the month, and its readings to date."""
        begin_us, _ = month_of(self._clock.now_us())
        if self._counts.get(org_id, (0, 0))[0] != begin_us:
            async with self._database.snapshot(org_id) as tx:
                stored = (await tx.usage.since(begin_us)).readings
            if self._counts.get(org_id, (0, 0))[0] != begin_us:  # another call may have been faster, and may have counted more
                self._counts[org_id] = begin_us, stored
        return self._counts[org_id]

    def _state(self, allowed: int, used: int) -> State:
        now_us = self._clock.now_us()
        limit = Limit("plan_month", LimitScope.ACCOUNT, allowed, Window.MONTH)
        return State(limit, max(allowed - used, 0), (month_of(now_us)[1] - now_us) / SECOND_US)
