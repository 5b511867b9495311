"""Counts of usage and of limits: maps rows to models."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.limits.models import DayCount, Refusal, RefusalFilter
from penstock.core.usage.models import CallHour, DeviceHour, UsageBy, UsageHour, UsageRow
from penstock.kit.clock import DAY_US, HOUR_US, MAX_US
from penstock.kit.ids import DeviceId, KeyId, OrgId

_QUERIES = {
    (UsageBy.ORGANIZATION, HOUR_US): "usage_by_organization_hour",
    (UsageBy.ORGANIZATION, DAY_US): "usage_by_organization_day",
    (UsageBy.PROJECT, HOUR_US): "usage_by_project_hour",
    (UsageBy.PROJECT, DAY_US): "usage_by_project_day",
    (UsageBy.CUSTOMER, HOUR_US): "usage_by_customer_hour",
    (UsageBy.CUSTOMER, DAY_US): "usage_by_customer_day",
    (UsageBy.KEY, HOUR_US): "usage_by_key_hour",
    (UsageBy.KEY, DAY_US): "usage_by_key_day",
    (UsageBy.DEVICE, HOUR_US): "usage_by_device_hour",
    (UsageBy.DEVICE, DAY_US): "usage_by_device_day",
}
_OF_DEVICES = (
    "add_device_hours",
    "add_device_days",
    "add_project_hours",
    "add_project_days",
    "add_customer_hours",
    "add_customer_days",
    "add_device_months",
)
_SMS = (
    "add_sms_device_hour",
    "add_sms_device_day",
    "add_sms_project_hour",
    "add_sms_project_day",
    "add_sms_customer_hour",
    "add_sms_customer_day",
)
_HOURS = (
    "drop_device_hours",
    "drop_project_hours",
    "drop_customer_hours",
    "drop_call_hours",
    "drop_refusals",
    "drop_webhook_hours",
)


class SqliteUsage:
    """Implements `UsageStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def add_devices(self, hours: Sequence[DeviceHour]) -> None:
        # As one JSON text each statement is a single call: one row at a time would hold the interpreter lock ten times as long.
        rows = msgspec.json.encode(
            [(hour.device_id, hour.hour_us, hour.readings, hour.data_points, hour.size_bytes) for hour in hours]
        ).decode()
        for name in _OF_DEVICES:
            await self._session.run(name, {"org_id": self._org_id, "rows": rows})

    async def add_calls(self, hours: Sequence[CallHour]) -> None:
        await self._add_many("add_call_hours", hours)
        await self._add_many("add_call_days", hours)

    async def add_sms(self, device_id: DeviceId, hour_us: int, count: int) -> None:
        for name in _SMS:
            await self._session.run(name, {"org_id": self._org_id, "device_id": device_id, "hour_us": hour_us, "sms": count})

    async def sms_since(self, day_us: int) -> int:
        row = await self._session.one("sum_sms", {"org_id": self._org_id, "day_us": day_us})
        return int(row["sms"]) if row else 0

    async def since(self, from_us: int) -> UsageHour:
        row = await self._session.one("sum_usage", {"org_id": self._org_id, "from_us": from_us})
        assert row is not None
        return UsageHour(hour_us=from_us, readings=row["readings"], data_points=row["data_points"])

    async def rows(
        self, by: UsageBy, from_us: int, to_us: int, bucket_us: int, limit: int, after: tuple[int, int]
    ) -> list[UsageRow]:
        # One lower bound, so that the primary key finds the position; no subject has a negative id.
        after_us, after_id = max(after, (from_us, -1))
        params = {"org_id": self._org_id, "to_us": to_us, "limit": limit, "after_us": after_us, "after_id": after_id}
        return [UsageRow(**dict(row)) for row in await self._session.all(_QUERIES[by, bucket_us], params)]

    async def add_refusals(self, lines: Sequence[Refusal]) -> None:
        await self._add_many("add_refusals", lines)

    async def of_key(self, key_id: KeyId, from_us: int, to_us: int, limit: int, after_us: int) -> list[UsageRow]:
        after_us = max(after_us, from_us - 1)
        params = {"org_id": self._org_id, "key_id": key_id, "to_us": to_us, "limit": limit, "after_us": after_us}
        return [UsageRow(**dict(row)) for row in await self._session.all("usage_of_key", params)]

    async def refusals(self, filters: RefusalFilter, limit: int, before: tuple[int, str, str] | None) -> list[Refusal]:
        before_us, before_limit, before_subject = before or (MAX_US, "", "")
        params = msgspec.structs.asdict(filters) | {
            "org_id": self._org_id,
            "limit_name": filters.limit,
            "limit": limit,
            "before_us": before_us,
            "before_limit": before_limit,
            "before_subject": before_subject,
        }
        return [Refusal(**dict(row)) for row in await self._session.all("list_refusals", params)]

    async def drop_hours(self, before_us: int) -> int:
        return sum([await self._session.run(name, {"org_id": self._org_id, "before_us": before_us}) for name in _HOURS])

    async def _add_many(self, name: str, rows: Sequence[msgspec.Struct]) -> None:
        await self._session.run_many(name, [msgspec.structs.asdict(row) | {"org_id": self._org_id} for row in rows])


class SqliteLimitDays:
    """Implements `LimitDays`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def load(self, day: int) -> list[DayCount]:
        return [DayCount(**dict(row)) for row in await self._session.all("list_limit_days", {"day": day})]

    async def save(self, counts: Sequence[DayCount]) -> None:
        rows = [msgspec.structs.asdict(count) | {"org_id": count.subject} for count in counts]
        await self._session.run_many("keep_limit_day", rows)
