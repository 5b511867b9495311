"""Usage and limits over the native API."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.v2.ranges import parse_range
from penstock.api.v2.wire import Cursor, Limit, ListOf
from penstock.core.limits.models import RefusalFilter, State
from penstock.core.limits.policy import CallLimits
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.usage.models import UsageBy, UsageRow
from penstock.core.usage.monthly import MonthlyReadings
from penstock.core.usage.service import UsageService
from penstock.kit.clock import DAY_US, HOUR_US, Clock, format_time
from penstock.kit.ids import Prefix, text_of
from penstock.kit.operation import Example, operation

TAG = "Usage"
Time = Annotated[str, Meta(max_length=40)]
_PREFIXES: dict[UsageBy, str] = {
    UsageBy.PROJECT: Prefix.PROJECT,
    UsageBy.CUSTOMER: Prefix.CUSTOMER,
    UsageBy.KEY: Prefix.KEY,
    UsageBy.DEVICE: Prefix.DEVICE,
}
_ROW = {
    "start": "2026-05-02T00:00:00Z",
    "id": "dev_0c2k9fq7w3m1x",
    "calls": 0,
    "readings": 1440,
    "data_points": 4320,
    "bytes": 61_920,
    "refused": 0,
    "webhooks": 0,
    "sms": 2,
}
_OF_KEY = _ROW | {
    "sms": 0,
    "id": "key_0c2k9fq7w3c2k",
    "calls": 871,
    "readings": 0,
    "data_points": 0,
    "bytes": 40_118,
    "refused": 12,
}
_LEFT = {"limit": "plan_minute", "scope": "account", "count": 60, "window": "minute", "remaining": 57, "reset_s": 42}
_REFUSED = {
    "hour": "2026-05-02T09:00:00Z",
    "limit": "plan_minute",
    "scope": "account",
    "subject": "key_0c2k9fq7w3c2k",
    "count": 12,
}


class UsageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose usage, over which time, in buckets of which length (UTC)."""

    by: Literal["organization", "project", "customer", "key", "device"] = "organization"
    bucket: Literal["hour", "day"] = "day"
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    range: Annotated[str, Meta(max_length=20)] | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class KeyUsageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Over which time; the last 24 hours when it is left out."""

    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    range: Annotated[str, Meta(max_length=20)] | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class RefusalQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Over which time (the last 24 hours when it is left out), by which limit, and of whom: the id of a key, say."""

    limit_name: Annotated[str, Meta(max_length=64)] | None = None
    scope: Literal["account", "key", "group", "device"] | None = None
    subject: Annotated[str, Meta(max_length=64)] | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    range: Annotated[str, Meta(max_length=20)] | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class Usage(Struct, frozen=True):
    """Usage in one bucket. `id` is null for the organisation, and for what nobody has any more; people count together.

    `calls` are those of APIs, `bytes` those of payloads stored, and by key those of the bodies sent. `refused` are calls that
    a limit refused; they are not among `calls`. `webhooks` are messages delivered, of the organisation or a project. `sms` are
    those sent for alerts and rules.
    """

    start: str
    id: str | None
    calls: int
    readings: int
    data_points: int
    bytes: int
    refused: int
    webhooks: int
    sms: int


class LimitState(Struct, frozen=True):
    """A limit and what is left of it. `reset_s` is how long until all of it is there again."""

    limit: str
    scope: str
    count: int
    window: str
    remaining: int
    reset_s: int


class Limits(Struct, frozen=True):
    """The plan and what the caller's limits leave. `readings` is null where the plan does not limit them.

    `plan_until` is when the plan ends, and null for one that does not. After a change to a plan that keeps less,
    `retention_days` are those of the plan before until the grace is over.
    """

    plan: str
    plan_until: str | None
    trial: bool
    device_limit: int | None
    key_limit: int | None
    retention_days: int | None
    monthly_readings: int | None
    calls: list[LimitState]
    readings: LimitState | None


class Refused(Struct, frozen=True):
    """How often a limit refused somebody in an hour. `subject` is the id of a key, person or device, or the organisation's."""

    hour: str
    limit: str
    scope: str
    subject: str
    count: int


class UsageEndpoints:
    """What was used, and what is left."""

    def __init__(
        self, usage: UsageService, limits: CallLimits, monthly: MonthlyReadings, plans: PlanCatalogue, clock: Clock
    ) -> None:
        self._usage = usage
        self._limits = limits
        self._monthly = monthly
        self._plans = plans
        self._clock = clock

    @operation(
        "GET",
        "/api/v2/usage",
        surface="v2",
        tag=TAG,
        summary="Usage by hour or day",
        description="Oldest first; buckets in which nothing happened are left out. Counts follow within a few seconds.",
        scope="usage:read",
        query=UsageQuery,
        answer=ListOf[Usage],
        example=Example(query={"by": "device", "range": "7d"}, answer={"data": [_ROW], "next_cursor": None}),
    )
    async def get_usage(self, call: Call[UsageQuery, None]) -> ListOf[Usage]:
        query = call.query
        span = parse_range(query, self._clock)
        by, bucket_us = UsageBy(query.by), HOUR_US if query.bucket == "hour" else DAY_US
        page = await self._usage.query(call.actor, by, span.from_us, span.to_us, bucket_us, query.limit, query.cursor)
        return ListOf([_usage(row, by) for row in page.items], page.next_cursor)

    @operation(
        "GET",
        "/api/v2/keys/{key_id}/usage",
        surface="v2",
        tag=TAG,
        summary="Usage of a key by day",
        description="Calls by day (UTC), oldest first; days on which nothing happened are left out.",
        scope="usage:read",
        query=KeyUsageQuery,
        answer=ListOf[Usage],
        example=Example(
            path={"key_id": "key_0c2k9fq7w3c2k"}, query={"range": "30d"}, answer={"data": [_OF_KEY], "next_cursor": None}
        ),
    )
    async def get_usage_of_key(self, call: Call[KeyUsageQuery, None]) -> ListOf[Usage]:
        query, key_id = call.query, path_id(Prefix.KEY, call.path["key_id"])
        span = parse_range(query, self._clock)
        page = await self._usage.of_key(call.actor, key_id, span.from_us, span.to_us, query.limit, query.cursor)
        return ListOf([_usage(row, UsageBy.KEY) for row in page.items], page.next_cursor)

    @operation(
        "GET",
        "/api/v2/limits",
        surface="v2",
        tag=TAG,
        summary="Limits and what is left of them",
        scope="usage:read",
        answer=Limits,
        example=Example(
            answer={
                "plan": "starter",
                "plan_until": "2026-06-01T00:00:00Z",
                "trial": True,
                "device_limit": 15,
                "key_limit": 5,
                "retention_days": 90,
                "monthly_readings": None,
                "calls": [_LEFT],
                "readings": None,
            }
        ),
    )
    async def get_limits(self, call: Call[None, None]) -> Limits:
        org_id = call.actor.org_id
        organization = await self._plans.organization(org_id)
        plan, until_us = self._plans.in_force(organization, self._clock.now_us()), organization.plan_until_us
        month = await self._monthly.look(org_id)
        return Limits(
            plan=organization.plan,
            plan_until=None if until_us is None else format_time(until_us),
            trial=organization.trial,
            device_limit=plan.device_limit,
            key_limit=plan.key_limit,
            retention_days=plan.retention_days,
            monthly_readings=plan.monthly_readings,
            calls=[_state(state) for state in await self._limits.look(call.actor)],
            readings=_state(month) if month else None,
        )

    @operation(
        "GET",
        "/api/v2/limits/refusals",
        surface="v2",
        tag=TAG,
        summary="What limits refused",
        description="By hour, newest first. Follows within a few seconds.",
        scope="usage:read",
        query=RefusalQuery,
        answer=ListOf[Refused],
        example=Example(query={"range": "7d", "scope": "account"}, answer={"data": [_REFUSED], "next_cursor": None}),
    )
    async def get_refusals(self, call: Call[RefusalQuery, None]) -> ListOf[Refused]:
        query = call.query
        span = parse_range(query, self._clock)
        wanted = RefusalFilter(
            from_us=span.from_us, to_us=span.to_us, limit=query.limit_name, scope=query.scope, subject=query.subject
        )
        page = await self._usage.refusals(call.actor, wanted, query.limit, query.cursor)
        rows = [Refused(format_time(one.hour_us), one.limit, one.scope, one.subject, one.count) for one in page.items]
        return ListOf(rows, page.next_cursor)


def _usage(row: UsageRow, by: UsageBy) -> Usage:
    shown = text_of(_PREFIXES[by], row.subject_id) if by in _PREFIXES and row.subject_id else None
    start = format_time(row.start_us)
    return Usage(start, shown, row.calls, row.readings, row.data_points, row.size_bytes, row.refused, row.webhooks, row.sms)


def _state(state: State) -> LimitState:
    limit = state.limit
    return LimitState(
        limit.name, limit.scope.value, limit.count, limit.window.value, state.remaining, math.ceil(max(state.reset_s, 0))
    )
