"""Use cases on bills."""

from __future__ import annotations

from decimal import Decimal

from penstock.core.actor import Actor
from penstock.core.billing.models import Bill, bill_of
from penstock.core.limits.periods import month_of
from penstock.core.ports import Database
from penstock.core.tenancy.models import Price
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import Clock

FREE = Decimal(0)


class BillingService:
    """Bills of an organisation."""

    def __init__(self, *, database: Database, plans: PlanCatalogue, clock: Clock) -> None:
        self._database = database
        self._plans = plans
        self._clock = clock

    async def summary(self, actor: Actor) -> Bill:
        """The bill of this calendar month (UTC) so far. A plan without a price costs nothing, whatever reports.

        A device counts from its first reading of the month on, a moment after it came.
        """
        month = month_of(self._clock.now_us())
        organization = await self._plans.organization(actor.org_id)
        async with self._database.snapshot(actor.org_id) as tx:
            active = await tx.placements.count_reporting(month[0])
        price = self._plans.named(organization.plan).price
        free = Price(tier=organization.plan, base_cost=FREE, device_cost=FREE, included_devices=active)
        return bill_of(price or free, active, month)
