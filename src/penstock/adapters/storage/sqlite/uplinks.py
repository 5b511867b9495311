"""Unregistered devices and their readings: maps rows to models."""

from __future__ import annotations

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.uplinks.store import KeptReading, UnregisteredDevice
from penstock.kit.ids import CustomerId, OrgId


class SqliteUnregistered:
    """Implements `UnregisteredStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def keep(self, device: UnregisteredDevice, reading: KeptReading, max_readings: int) -> bool:
        own = {"org_id": self._org_id, "eui": device.eui}
        await self._session.run("keep_unregistered_device", msgspec.structs.asdict(device) | own)
        added = await self._session.run("keep_unregistered_reading", msgspec.structs.asdict(reading) | own)
        await self._session.run("trim_unregistered_readings", own | {"keep": max_readings})
        return added == 1

    async def find(self, eui: str) -> UnregisteredDevice | None:
        row = await self._session.one("find_unregistered_device", {"org_id": self._org_id, "eui": eui})
        return UnregisteredDevice(**dict(row)) if row else None

    async def count(self) -> int:
        row = await self._session.one("count_unregistered_devices", {"org_id": self._org_id})
        return int(row["total"]) if row else 0

    async def readings(self, eui: str, limit: int) -> list[KeptReading]:
        params = {"org_id": self._org_id, "eui": eui, "limit": limit}
        return [KeptReading(**dict(row)) for row in await self._session.all("list_unregistered_readings", params)]

    async def remove_readings(self, eui: str, up_to_id: int) -> None:
        await self._session.run("delete_unregistered_readings", {"org_id": self._org_id, "eui": eui, "up_to_id": up_to_id})

    async def remove(self, eui: str) -> None:
        await self._session.run("delete_unregistered_device", {"org_id": self._org_id, "eui": eui})

    async def route(self, tenant_name: str, customer_id: CustomerId) -> None:
        params = {"org_id": self._org_id, "tenant_name": tenant_name, "customer_id": customer_id}
        await self._session.run("route_unregistered_devices", params)

    async def list(self, customer_id: CustomerId | None, limit: int, after_eui: str) -> list[UnregisteredDevice]:
        params = {"org_id": self._org_id, "customer_id": customer_id, "limit": limit, "after_eui": after_eui}
        return [UnregisteredDevice(**dict(row)) for row in await self._session.all("list_unregistered_devices", params)]
