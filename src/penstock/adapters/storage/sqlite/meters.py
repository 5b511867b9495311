"""Meters, edits of their values and notes about changed consumption: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.meters.former import FormerMeter
from penstock.core.meters.models import MeterRole
from penstock.core.meters.settings import MeterSettings
from penstock.core.meters.store import EditFilter
from penstock.core.meters.values import Edit, EditKind
from penstock.core.registers.models import Register
from penstock.kit.ids import MAX_ID, DeviceId, EditId, OrgId, ProfileId

_REGISTERS = msgspec.json.Decoder(tuple[Register, ...])


class SqliteMeters:
    """Implements `MeterStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def find(self, device_id: DeviceId) -> MeterSettings:
        row = await self._session.one("find_meter", {"org_id": self._org_id, "device_id": device_id})
        return _settings(row) if row else MeterSettings()

    async def of_devices(self, device_ids: Sequence[DeviceId]) -> dict[DeviceId, MeterSettings]:
        params = {"org_id": self._org_id, "device_ids": _ids(device_ids)}
        return {row["device_id"]: _settings(row) for row in await self._session.all("list_meters", params)}

    async def set(self, device_id: DeviceId, settings: MeterSettings) -> None:
        params = {
            "org_id": self._org_id,
            "device_id": device_id,
            "role": settings.role.value,
            "registers": None if settings.own is None else encode_registers(settings.own),
        }
        await self._session.run("set_meter", params)

    async def delete(self, device_id: DeviceId) -> None:
        await self._session.run("delete_meter", {"org_id": self._org_id, "device_id": device_id})


class SqliteEdits:
    """Implements `EditStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def add(self, edit: Edit) -> None:
        params = {**msgspec.structs.asdict(edit), "kind": edit.kind.value, "org_id": self._org_id}
        await self._session.run("create_meter_edit", params)

    async def find(self, device_id: DeviceId, edit_id: EditId) -> Edit | None:
        return await self._one("find_meter_edit", {"device_id": device_id, "id": edit_id})

    async def find_at(self, device_id: DeviceId, register: str, time_us: int) -> Edit | None:
        return await self._one("find_meter_edit_at", {"device_id": device_id, "register": register, "time_us": time_us})

    async def count(self, device_id: DeviceId) -> int:
        row = await self._session.one("count_meter_edits", {"org_id": self._org_id, "device_id": device_id})
        return int(row["total"]) if row else 0

    async def withdraw(self, edit: Edit) -> None:
        params = {
            "org_id": self._org_id,
            "device_id": edit.device_id,
            "id": edit.id,
            "withdrawn_us": edit.withdrawn_us,
            "withdrawn_by": edit.withdrawn_by,
            "withdrawn_reason": edit.withdrawn_reason,
        }
        await self._session.run("withdraw_meter_edit", params)

    async def in_effect(self, device_ids: Sequence[DeviceId]) -> list[Edit]:
        params = {"org_id": self._org_id, "device_ids": _ids(device_ids)}
        return [_edit(row) for row in await self._session.all("list_meter_edits_in_effect", params)]

    async def _one(self, name: str, params: dict[str, Any]) -> Edit | None:
        row = await self._session.one(name, {**params, "org_id": self._org_id})
        return _edit(row) if row else None

    async def list(self, device_id: DeviceId, filters: EditFilter, limit: int, before_id: int | None) -> list[Edit]:
        params = {
            **msgspec.structs.asdict(filters),
            "org_id": self._org_id,
            "device_id": device_id,
            "before_id": before_id or MAX_ID,
            "limit": limit,
        }
        return [_edit(row) for row in await self._session.all("list_meter_edits", params)]


class SqliteConsumptionChanges:
    """Implements `ConsumptionChanges`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def add(self, device_id: DeviceId, from_us: int, reason: str, at_us: int) -> None:
        await self.add_all({device_id: from_us}, reason, at_us)

    async def add_all(self, changes: Mapping[DeviceId, int], reason: str, at_us: int) -> None:
        same = {"org_id": self._org_id, "reason": reason, "at_us": at_us}
        rows = [{"device_id": device_id, "from_us": from_us, **same} for device_id, from_us in changes.items()]
        await self._session.run_many("add_consumption_change", rows)

    async def add_of_profile(self, profile_id: ProfileId, from_us: int, reason: str, at_us: int) -> None:
        params = {"org_id": self._org_id, "profile_id": profile_id, "from_us": from_us, "reason": reason, "at_us": at_us}
        await self._session.run("add_consumption_changes_of_profile", params)


class SqliteFormerMeters:
    """Implements `FormerMeterStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def of(self, device_ids: Sequence[DeviceId]) -> dict[DeviceId, FormerMeter]:
        params = {"org_id": self._org_id, "device_ids": _ids(device_ids)}
        rows = await self._session.all("list_former_meters", params)
        return {row["device_id"]: _former(row) for row in rows}

    async def keep_points(self, device_id: DeviceId, points: bytes) -> None:
        params = {"org_id": self._org_id, "device_id": device_id, "points": points}
        await self._session.run("keep_former_points", params)


def encode_registers(registers: Sequence[Register]) -> str:
    """Registers as they are stored."""
    return msgspec.json.encode(registers).decode()


def decode_registers(text: str) -> tuple[Register, ...]:
    """Registers from their stored text."""
    return _REGISTERS.decode(text)


def _settings(row: sqlite3.Row) -> MeterSettings:
    return MeterSettings(
        role=MeterRole(row["role"]),
        own=decode_registers(row["registers"]) if row["registers"] else None,
        of_profile=decode_registers(row["of_profile"]) if row["of_profile"] else (),
    )


def _former(row: sqlite3.Row) -> FormerMeter:
    return FormerMeter(
        device_id=row["device_id"],
        name=row["name"],
        eui=row["eui"],
        role=MeterRole(row["role"]),
        registers=None if row["registers"] is None else decode_registers(row["registers"]),
        deleted_us=row["deleted_us"],
        points=row["points"],
    )


def _edit(row: sqlite3.Row) -> Edit:
    return Edit(**{**dict(row), "kind": EditKind(row["kind"])})


def _ids(device_ids: Sequence[DeviceId]) -> str:
    return msgspec.json.encode(device_ids).decode()
