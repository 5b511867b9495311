"""Customers, residents and placements of devices: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import groupby

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.adapters.storage.sqlite.devices import device_of
from penstock.adapters.storage.sqlite.places import rows_from
from penstock.core.customers.errors import TenantNameTaken
from penstock.core.customers.models import Customer, Mark, PlacedDevice, Placement, Resident, Standing
from penstock.core.customers.periods import Period, PlacedSpans, spans_of
from penstock.kit.ids import CustomerId, DeviceId, OrgId, ResidentId
from penstock.kit.ordering import After


class SqliteCustomers:
    """Implements `CustomerStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, customer: Customer) -> None:
        try:
            await self._session.run("create_customer", msgspec.structs.asdict(customer) | {"org_id": self._org_id})
        except sqlite3.IntegrityError as error:
            raise TenantNameTaken(tenant_name=customer.tenant_name) from error

    async def find(self, customer_id: CustomerId) -> Customer | None:
        row = await self._session.one("find_customer", {"org_id": self._org_id, "id": customer_id})
        return Customer(**dict(row)) if row else None

    async def find_by_tenant(self, tenant_name: str) -> Customer | None:
        row = await self._session.one("find_customer_by_tenant", {"org_id": self._org_id, "tenant_name": tenant_name})
        return Customer(**dict(row)) if row else None

    async def list(self, limit: int, after: After) -> list[Customer]:
        own = {"org_id": self._org_id}
        return [Customer(**dict(row)) for row in await rows_from(self._session, "list_customers", after, limit, own)]

    async def update(self, customer: Customer) -> None:
        await self._session.run("update_customer", msgspec.structs.asdict(customer) | {"org_id": self._org_id})

    async def delete(self, customer_id: CustomerId) -> None:
        await self._session.run("delete_customer", {"org_id": self._org_id, "id": customer_id})


class SqliteResidents:
    """Implements `ResidentStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, resident: Resident) -> None:
        await self._session.run("create_resident", msgspec.structs.asdict(resident) | {"org_id": self._org_id})

    async def find(self, resident_id: ResidentId) -> Resident | None:
        row = await self._session.one("find_resident", {"org_id": self._org_id, "id": resident_id})
        return Resident(**dict(row)) if row else None

    async def list(self, customer_id: CustomerId, limit: int, after: After) -> list[Resident]:
        own = {"org_id": self._org_id, "customer_id": customer_id}
        return [Resident(**dict(row)) for row in await rows_from(self._session, "list_residents", after, limit, own)]

    async def rename(self, resident_id: ResidentId, name: str) -> None:
        await self._session.run("rename_resident", {"org_id": self._org_id, "id": resident_id, "name": name})

    async def delete(self, resident_id: ResidentId) -> None:
        await self._session.run("delete_resident", {"org_id": self._org_id, "id": resident_id})


class SqlitePlacements:
    """Implements `PlacementStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def find(self, device_id: DeviceId) -> Placement:
        row = await self._session.one("find_placement", {"org_id": self._org_id, "device_id": device_id})
        return _placement(row) if row else Placement()

    async def set(self, device_id: DeviceId, placement: Placement) -> None:
        params = msgspec.structs.asdict(placement) | {"org_id": self._org_id, "device_id": device_id}
        await self._session.run("set_placement", params)

    async def periods_of_device(self, device_id: DeviceId) -> list[Period]:
        rows = await self._session.all("list_periods_of_device", {"org_id": self._org_id, "device_id": device_id})
        return [period_of(row) for row in rows]

    async def replace_periods(self, device_id: DeviceId, periods: Sequence[Period]) -> None:
        own = {"org_id": self._org_id, "device_id": device_id}
        await self._session.run("delete_periods", own)
        await self._session.run_many("add_period", [msgspec.structs.asdict(one) | own for one in periods])

    async def periods_of_customer(
        self, customer_id: CustomerId, from_us: int, to_us: int, limit: int, after_id: int
    ) -> list[PlacedSpans]:
        params = {"customer_id": customer_id, "from_us": from_us, "to_us": to_us, "limit": limit, "after_id": after_id}
        return await self._spans("list_periods_of_customer", params)

    async def periods_of_resident(
        self, resident_id: ResidentId, from_us: int, to_us: int, limit: int, after_id: int
    ) -> list[PlacedSpans]:
        params = {"resident_id": resident_id, "from_us": from_us, "to_us": to_us, "limit": limit, "after_id": after_id}
        return await self._spans("list_periods_of_resident", params)

    async def _spans(self, statement: str, params: dict[str, int]) -> list[PlacedSpans]:
        rows = await self._session.all(statement, params | {"org_id": self._org_id})
        found = []
        for device_id, group in groupby(rows, key=lambda row: row["device_id"]):
            own = list(group)
            found.append(
                PlacedSpans(
                    device_id=device_id,
                    name=own[0]["name"],
                    eui=own[0]["eui"],
                    is_former=bool(own[0]["is_former"]),
                    spans=spans_of(period_of(row) for row in own),
                )
            )
        return found

    async def end_customer(self, customer_id: CustomerId, now_us: int) -> None:
        params = {"org_id": self._org_id, "customer_id": customer_id, "now_us": now_us}
        await self._session.run("end_periods_of_customer", params)

    async def end_resident(self, resident_id: ResidentId, now_us: int) -> None:
        params = {"org_id": self._org_id, "resident_id": resident_id, "now_us": now_us}
        await self._session.run("continue_periods_without_resident", params)
        await self._session.run("end_periods_of_resident", params)

    async def assigned_us(self, device_id: DeviceId, resident_id: ResidentId) -> int | None:
        params = {"org_id": self._org_id, "device_id": device_id, "resident_id": resident_id}
        row = await self._session.one("find_assignment", params)
        return int(row["from_us"]) if row else None

    async def placed_us(self, device_id: DeviceId, customer_id: CustomerId) -> int | None:
        periods = await self.periods_of_device(device_id)
        spans = spans_of(one for one in periods if one.customer_id == customer_id)
        return spans[-1].from_us if spans and spans[-1].to_us is None else None

    async def in_maintenance(self, device_ids: Sequence[DeviceId]) -> frozenset[DeviceId]:
        params = {"org_id": self._org_id, "device_ids": msgspec.json.encode(device_ids).decode()}
        return frozenset(row["device_id"] for row in await self._session.all("list_in_maintenance", params))

    async def of_resident(self, resident_id: ResidentId, limit: int, after_id: int) -> list[PlacedDevice]:
        params = {"org_id": self._org_id, "resident_id": resident_id, "limit": limit, "after_id": after_id}
        rows = await self._session.all("list_devices_of_resident", params)
        return [PlacedDevice(device=device_of(row), placement=_placement(row), since_us=row["from_us"]) for row in rows]

    async def page(
        self, standing: Standing | None, now_us: int, offline_after_us: int, limit: int, offset: int
    ) -> list[PlacedDevice]:
        params = {
            "org_id": self._org_id,
            "standing": standing,
            "now_us": now_us,
            "offline_after_us": offline_after_us,
            "limit": limit,
            "offset": offset,
        }
        rows = await self._session.all("page_placed_devices", params)
        return [PlacedDevice(device=device_of(row), placement=_placement(row)) for row in rows]


def _placement(row: sqlite3.Row) -> Placement:
    return Placement(
        customer_id=row["customer_id"],
        resident_id=row["resident_id"],
        mark=Mark(row["mark"]) if row["mark"] else None,
        marked_us=row["marked_us"],
    )


def period_of(row: sqlite3.Row) -> Period:
    return Period(
        device_id=row["device_id"],
        customer_id=row["customer_id"],
        resident_id=row["resident_id"],
        from_us=row["from_us"],
        to_us=row["to_us"],
    )
