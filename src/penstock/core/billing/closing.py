"""Closing months: the bill of each completed month becomes a statement.

A month is closed once all its readings have been counted and a delay has passed. Its cost follows from facts recorded during
the month: which devices reported, the last customer of each, and the plan at its end. So neither the time of closing nor later
changes affect it. Only the prices are those of the settings at that time.
"""

from __future__ import annotations

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.billing import events
from penstock.core.billing.models import Statement, bill_of, parts_of
from penstock.core.billing.store import BillingSystemTransaction, BillingTransaction
from penstock.core.database import Database
from penstock.core.limits.periods import month_of
from penstock.core.tenancy.models import Organization, Price
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import SECOND_US, Clock, format_time
from penstock.kit.ids import IdSource, Prefix, StatementId, created_at_us, encode


class MonthCloser:
    """Creates statements. After a crash it resumes with the first month that is not closed."""

    def __init__(
        self,
        *,
        database: Database[BillingTransaction, BillingSystemTransaction],
        plans: PlanCatalogue,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        delay_s: int,
    ) -> None:
        self._database = database
        self._plans = plans
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._delay_us = delay_s * SECOND_US

    async def due(self) -> list[Organization]:
        """The organisations with a completed month that is not closed."""
        async with self._database.system_snapshot() as tx:
            organizations = await tx.organizations.list()
            return [one for one in organizations if self._is_due(await _until_us(tx.for_organization(one.id), one))]

    async def close_next(self, organization: Organization) -> bool:
        """Close the earliest due month, in one transaction; return whether there was one.

        A month that ended on a plan without a price has no statement.
        """
        async with self._database.transaction(organization.id) as tx:
            until_us = await _until_us(tx, organization)
            # Again, in the transaction: another process may have closed this month since `due` was called.
            if not self._is_due(until_us):
                return False
            month = month_of(until_us)
            # If no change was ever recorded, the organisation has always had its current plan.
            name = await tx.bills.plan_at(month[1]) or organization.plan
            plan = self._plans.plans.get(name)
            if plan is not None and plan.price is not None:
                await self._close(tx, organization, name, plan.price, month)
            # In the transaction of the statement, so that a crash neither loses nor repeats a month. Also without a statement:
            # otherwise the month would remain due, and later ones would never be closed.
            await tx.bills.set_billed_until(month[1])
        return True

    def _is_due(self, until_us: int) -> bool:
        return month_of(until_us)[1] + self._delay_us <= self._clock.now_us()

    async def _close(
        self, tx: BillingTransaction, organization: Organization, plan: str, price: Price, month: tuple[int, int]
    ) -> None:
        active = await tx.bills.active_by_customer(month[0])
        bill = bill_of(price, sum(row.devices for row in active), month)
        now_us = self._clock.now_us()
        statement = Statement(
            id=self._ids.next(StatementId),
            # A copy of the name, because a statement never changes but the organisation can be renamed.
            organization=organization.name,
            plan=plan,
            bill=bill,
            parts=parts_of(bill, active),
            created_us=now_us,
        )
        await tx.bills.add(statement)
        made = events.StatementCreated(
            statement_id=statement.id,
            begin_us=bill.begin_us,
            end_us=bill.end_us,
            total_cost=str(bill.total_cost),
            currency=bill.currency,
            at_us=now_us,
        )
        await tx.outbox.add(events.STATEMENT_CREATED, statement.id, made)
        target = Target("statement", encode(Prefix.STATEMENT, statement.id), format_time(bill.begin_us)[:7])
        after = {"total_cost": str(bill.total_cost), "currency": bill.currency}
        await self._trail.record(tx, Actor.system(organization.id), "billing.statement.create", target, after=after)


async def _until_us(tx: BillingTransaction, organization: Organization) -> int:
    """The end of the last month that was processed; before the first, the time the organisation was created."""
    until_us = await tx.bills.billed_until()
    return created_at_us(organization.id) if until_us is None else until_us
