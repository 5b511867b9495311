"""Usage and limits over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.ranges import parse_range
from penstock.api.v2.usage.examples import LEFT, OF_KEY, REFUSED, ROW
from penstock.api.v2.usage.translate import from_core_limit, from_core_usage
from penstock.api.v2.usage.wire import KeyUsageQuery, Limits, RefusalQuery, Refused, Usage, UsageQuery
from penstock.api.v2.wire import ListOf
from penstock.core.limits.models import RefusalFilter
from penstock.core.limits.policy import CallLimits
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.usage.models import UsageBy
from penstock.core.usage.monthly import MonthlyReadings
from penstock.core.usage.service import UsageService
from penstock.kit.clock import DAY_US, HOUR_US, Clock, format_time
from penstock.kit.ids import Prefix
from penstock.kit.operation import Example


class UsageEndpoints:
    """The usage of the organisation, and the remaining limits."""

    routes = Routes("/api/v2", surface="v2", tag="Usage")

    def __init__(
        self, usage: UsageService, limits: CallLimits, monthly: MonthlyReadings, plans: PlanCatalogue, clock: Clock
    ) -> None:
        self._usage = usage
        self._limits = limits
        self._monthly = monthly
        self._plans = plans
        self._clock = clock

    @routes.get(
        "/usage",
        scope="usage:read",
        example=Example(query={"by": "device", "range": "7d"}, answer={"data": [ROW], "next_cursor": None}),
    )
    async def get_usage(self, call: Call[UsageQuery, None]) -> ListOf[Usage]:
        """List the usage by hour or day.

        Oldest first; buckets without usage are left out. Counts are updated within a few seconds.
        """
        query = call.query
        span = parse_range(query, self._clock)
        by, bucket_us = UsageBy(query.by), HOUR_US if query.bucket == "hour" else DAY_US
        page = await self._usage.query(call.actor, by, span.from_us, span.to_us, bucket_us, query.limit, query.cursor)
        return ListOf([from_core_usage(row, by) for row in page.items], page.next_cursor)

    @routes.get(
        "/keys/{key_id}/usage",
        scope="usage:read",
        example=Example(
            path={"key_id": "key_0c2k9fq7w3c2k"}, query={"range": "30d"}, answer={"data": [OF_KEY], "next_cursor": None}
        ),
    )
    async def get_usage_of_key(self, call: Call[KeyUsageQuery, None]) -> ListOf[Usage]:
        """List the usage of a key by day.

        Calls by day (UTC), oldest first; days without calls are left out.
        """
        query, key_id = call.query, path_id(Prefix.KEY, call.path["key_id"])
        span = parse_range(query, self._clock)
        page = await self._usage.of_key(call.actor, key_id, span.from_us, span.to_us, query.limit, query.cursor)
        return ListOf([from_core_usage(row, UsageBy.KEY) for row in page.items], page.next_cursor)

    @routes.get(
        "/limits",
        scope="usage:read",
        example=Example(
            answer={
                "plan": "starter",
                "plan_until": "2026-06-01T00:00:00Z",
                "trial": True,
                "device_limit": 15,
                "key_limit": 5,
                "retention_days": 90,
                "monthly_readings": None,
                "calls": [LEFT],
                "readings": None,
            }
        ),
    )
    async def get_limits(self, call: Call[None, None]) -> Limits:
        """Get the limits and their remaining amounts."""
        org_id = call.actor.org_id
        organization = await self._plans.organization(org_id)
        # During a grace period the retention in force is the previous plan's.
        plan, until_us = self._plans.in_force(organization, self._clock.now_us()), organization.plan_until_us
        month = await self._monthly.peek(org_id)
        return Limits(
            plan=organization.plan,
            plan_until=None if until_us is None else format_time(until_us),
            trial=organization.trial,
            device_limit=plan.device_limit,
            key_limit=plan.key_limit,
            retention_days=plan.retention_days,
            monthly_readings=plan.monthly_readings,
            calls=[from_core_limit(state) for state in await self._limits.peek(call.actor)],
            readings=from_core_limit(month) if month else None,
        )

    @routes.get(
        "/limits/refusals",
        scope="usage:read",
        example=Example(query={"range": "7d", "scope": "account"}, answer={"data": [REFUSED], "next_cursor": None}),
    )
    async def get_refusals(self, call: Call[RefusalQuery, None]) -> ListOf[Refused]:
        """List the refusals.

        A refusal is a call that a limit rejected. They are counted by hour, newest first, and updated within a few seconds.
        """
        query = call.query
        span = parse_range(query, self._clock)
        filters = RefusalFilter(
            from_us=span.from_us, to_us=span.to_us, limit=query.limit_name, scope=query.scope, subject=query.subject
        )
        page = await self._usage.refusals(call.actor, filters, query.limit, query.cursor)
        rows = [Refused(format_time(one.hour_us), one.limit, one.scope, one.subject, one.count) for one in page.items]
        return ListOf(rows, page.next_cursor)
