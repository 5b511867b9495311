"""Meters: maps rows to models."""

from __future__ import annotations

import sqlite3

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.meters.models import Meter, MeterOf, MeterRole, register_of
from penstock.kit.ids import CustomerId, DeviceId, OrgId


class SqliteMeters:
    """Implements `MeterStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def find(self, device_id: DeviceId) -> Meter:
        row = await self._session.one("find_meter", {"org_id": self._org_id, "device_id": device_id})
        return _meter(row) if row else Meter()

    async def set(self, device_id: DeviceId, meter: Meter) -> None:
        params = {
            "org_id": self._org_id,
            "device_id": device_id,
            "field": meter.field,
            "unit": meter.unit,
            "role": meter.role.value,
            "rolls_over_at": meter.rolls_over_at,
        }
        await self._session.run("set_meter", params)

    async def delete(self, device_id: DeviceId) -> None:
        await self._session.run("delete_meter", {"org_id": self._org_id, "device_id": device_id})

    async def of_customer(self, customer_id: CustomerId, role: MeterRole | None, limit: int, after_id: int) -> list[MeterOf]:
        params = {
            "org_id": self._org_id,
            "customer_id": customer_id,
            "role": None if role is None else role.value,
            "limit": limit,
            "after_id": after_id,
        }
        rows = await self._session.all("list_meters_of_customer", params)
        return [
            MeterOf(
                device_id=row["device_id"],
                name=row["name"],
                role=MeterRole(row["role"] or MeterRole.LEAF),
                versions=(register_of(_meter(row) if row["role"] else Meter()),),
            )
            for row in rows
        ]


def _meter(row: sqlite3.Row) -> Meter:
    return Meter(field=row["field"], unit=row["unit"], role=MeterRole(row["role"]), rolls_over_at=row["rolls_over_at"])
