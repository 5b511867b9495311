"""Counts of usage: rows to models and nothing more."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.limits.models import Refusal
from penstock.core.usage.models import CallHour, DeviceHour, UsageBy, UsageHour, UsageRow

_QUERIES = {
    UsageBy.ORGANIZATION: "usage_by_organization",
    UsageBy.PROJECT: "usage_by_project",
    UsageBy.KEY: "usage_by_key",
    UsageBy.DEVICE: "usage_by_device",
}


class SqliteUsage:
    """Implements `UsageStore`."""

    def __init__(self, session: Session, org_id: int) -> None:
        self._session = session
        self._org_id = org_id

    async def add(self, hour_us: int, readings: int, data_points: int) -> None:
        params = {"org_id": self._org_id, "hour_us": hour_us, "readings": readings, "data_points": data_points}
        await self._session.run("add_usage", params)

    async def add_devices(self, hours: Sequence[DeviceHour]) -> None:
        await self._add_many("add_device_usage", hours)

    async def add_calls(self, hours: Sequence[CallHour]) -> None:
        await self._add_many("add_call_usage", hours)

    async def since(self, from_us: int) -> UsageHour:
        row = await self._session.one("sum_usage", {"org_id": self._org_id, "from_us": from_us})
        assert row is not None
        return UsageHour(hour_us=from_us, readings=row["readings"], data_points=row["data_points"])

    async def rows(
        self, by: UsageBy, from_us: int, to_us: int, bucket_us: int, limit: int, after: tuple[int, int]
    ) -> list[UsageRow]:
        params = {
            "org_id": self._org_id,
            "from_us": from_us,
            "to_us": to_us,
            "bucket_us": bucket_us,
            "limit": limit,
            "after_us": after[0],
            "after_id": after[1],
        }
        return [UsageRow(**dict(row)) for row in await self._session.all(_QUERIES[by], params)]

    async def add_refusals(self, lines: Sequence[Refusal]) -> None:
        await self._add_many("add_refusals", lines)

    async def refusals(self, from_us: int, limit: int, offset: int) -> list[Refusal]:
        params = {"org_id": self._org_id, "from_us": from_us, "limit": limit, "offset": offset}
        return [Refusal(**dict(row)) for row in await self._session.all("list_refusals", params)]

    async def keep_day(self, name: str, day: int, count: int) -> None:
        await self._session.run("keep_limit_day", {"org_id": self._org_id, "name": name, "day": day, "count": count})

    async def _add_many(self, name: str, rows: Sequence[msgspec.Struct]) -> None:
        await self._session.run_many(name, [msgspec.structs.asdict(row) | {"org_id": self._org_id} for row in rows])


class SqliteLimitDays:
    """Implements `LimitDays`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def all(self, day: int) -> dict[tuple[str, int], int]:
        rows = await self._session.all("list_limit_days", {"day": day})
        return {(row["name"], row["org_id"]): row["count"] for row in rows}
