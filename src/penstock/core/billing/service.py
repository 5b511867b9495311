"""Use cases on bills."""

from __future__ import annotations

from decimal import Decimal

from penstock.core.actor import Actor
from penstock.core.billing.errors import StatementNotFound
from penstock.core.billing.models import Bill, Statement, bill_of
from penstock.core.billing.store import BillingTransaction
from penstock.core.database import OrganizationDatabase
from penstock.core.limits.periods import month_of
from penstock.core.tenancy.models import Price
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import MAX_US, Clock
from penstock.kit.ids import Prefix, StatementId, encode
from penstock.kit.paging import Page, decode_cursor, page_of

FREE = Decimal(0)


class BillingService:
    """Bills of an organisation."""

    def __init__(self, *, database: OrganizationDatabase[BillingTransaction], plans: PlanCatalogue, clock: Clock) -> None:
        self._database = database
        self._plans = plans
        self._clock = clock

    async def summary(self, actor: Actor) -> Bill:
        """Return the bill of the current calendar month (UTC) to date. A plan without a price costs nothing.

        A device is counted shortly after its first reading of the month arrives.
        """
        month = month_of(self._clock.now_us())
        organization = await self._plans.organization(actor.org_id)
        async with self._database.snapshot(actor.org_id) as tx:
            active = await tx.bills.count_active(month[0])
        price = self._plans.named(organization.plan).price
        # Includes all devices, so that a plan without a price shows no overage.
        free = Price(tier=organization.plan, base_cost=FREE, device_cost=FREE, included_devices=active)
        return bill_of(price or free, active, month)

    async def get(self, actor: Actor, statement_id: StatementId) -> Statement:
        """Return the statement of a completed month.

        Raises:
            StatementNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.bills.find(statement_id)
        if found is None:
            raise StatementNotFound(statement_id=encode(Prefix.STATEMENT, statement_id))
        return found

    async def list(self, actor: Actor, limit: int, cursor: str | None) -> Page[Statement]:
        """Return statements, latest month first."""
        before = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.bills.list(limit + 1, before[0] if before else MAX_US)
        return page_of(found, limit, lambda last: (last.bill.begin_us,))
