"""Bills: maps rows to models. A statement is stored as one document, so that it never changes."""

from __future__ import annotations

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.billing.models import ActiveDevices, Statement
from penstock.kit.ids import CustomerId, DeviceId, OrgId, StatementId

_DECODER = msgspec.json.Decoder(Statement)


class SqliteBills:
    """Implements `BillStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def count_active(self, month_us: int) -> int:
        row = await self._session.one("count_active_devices", {"org_id": self._org_id, "month_us": month_us})
        return int(row["total"]) if row else 0

    async def active_by_customer(self, month_us: int) -> list[ActiveDevices]:
        rows = await self._session.all("list_active_by_customer", {"org_id": self._org_id, "month_us": month_us})
        return [ActiveDevices(customer_id=row["customer_id"], name=row["name"], devices=row["devices"]) for row in rows]

    async def move_device(self, device_id: DeviceId, customer_id: CustomerId | None, month_us: int) -> None:
        params = {"org_id": self._org_id, "device_id": device_id, "customer_id": customer_id, "month_us": month_us}
        await self._session.run("move_active_device", params)

    async def clear_customer(self, customer_id: CustomerId, month_us: int) -> None:
        params = {"org_id": self._org_id, "customer_id": customer_id, "month_us": month_us}
        await self._session.run("clear_active_customer", params)

    async def billed_until(self) -> int | None:
        row = await self._session.one("find_billed_until", {"org_id": self._org_id})
        return int(row["until_us"]) if row else None

    async def set_billed_until(self, until_us: int) -> None:
        await self._session.run("set_billed_until", {"org_id": self._org_id, "until_us": until_us})

    async def record_plan(self, at_us: int, before: str, after: str) -> None:
        params = {"org_id": self._org_id, "at_us": at_us, "plan_before": before, "plan_after": after}
        await self._session.run("add_plan_change", params)

    async def plan_at(self, at_us: int) -> str | None:
        params = {"org_id": self._org_id, "at_us": at_us}
        row = await self._session.one("find_plan_before", params) or await self._session.one("find_plan_after", params)
        return str(row["plan"]) if row else None

    async def add(self, statement: Statement) -> None:
        params = {
            "id": statement.id,
            "org_id": self._org_id,
            "begin_us": statement.bill.begin_us,
            "body": msgspec.json.encode(statement),
            "created_us": statement.created_us,
        }
        await self._session.run("add_statement", params)

    async def find(self, statement_id: StatementId) -> Statement | None:
        row = await self._session.one("find_statement", {"org_id": self._org_id, "id": statement_id})
        return _DECODER.decode(row["body"]) if row else None

    async def list(self, limit: int, before_us: int) -> list[Statement]:
        params = {"org_id": self._org_id, "limit": limit, "before_us": before_us}
        return [_DECODER.decode(row["body"]) for row in await self._session.all("list_statements", params)]
