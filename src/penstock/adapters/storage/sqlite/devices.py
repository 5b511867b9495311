"""Devices and sensors: maps rows to models."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session, like
from penstock.core.devices.errors import IdentifierTaken
from penstock.core.devices.faults import FaultCount, FaultKind
from penstock.core.devices.models import (
    Connectivity,
    Device,
    DeviceFilter,
    DeviceRef,
    DeviceSort,
    DeviceStatus,
    Identifier,
    IdentifierKind,
    Location,
    Sensor,
    SensorPatch,
)
from penstock.core.sensor import ValueType
from penstock.kit.clock import AHEAD_US
from penstock.kit.fields import changes_in
from penstock.kit.ids import MAX_ID, DeviceId, OrgId

_COLUMNS = frozenset(Device.__struct_fields__)
_LAST_NAME = chr(sys.maxunicode) * 201
"""A text after every name, which has at most 200 characters."""


class _Order(msgspec.Struct, frozen=True):
    """An order of devices: its statement, and the position before the first device."""

    statement: str
    start: tuple[int | str, ...]


_ORDERS: dict[DeviceSort, _Order] = {
    DeviceSort.NEWEST: _Order("list_devices", (MAX_ID,)),
    DeviceSort.OLDEST: _Order("list_oldest_devices", (-1,)),
    DeviceSort.NAME: _Order("list_devices_by_name", ("", -1)),
    DeviceSort.NAME_REVERSED: _Order("list_devices_by_name_reversed", (_LAST_NAME, MAX_ID)),
    DeviceSort.LONGEST_UNSEEN: _Order("list_longest_unseen_devices", (-1, -1)),
    DeviceSort.LAST_SEEN: _Order("list_last_seen_devices", (MAX_ID, MAX_ID)),
}


_DELETION = ("keep_former_meter", "keep_former_eui", "name_device_months", "end_device_periods", "delete_device")


class SqliteDevices:
    """Implements `DeviceStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, device: Device, token_digest: bytes) -> None:
        params = _params(device) | {"org_id": self._org_id, "token_digest": token_digest}
        await self._session.run("create_device", params)
        await self._add_identifiers(device)

    async def create_all(self, devices: Sequence[tuple[Device, bytes]]) -> None:
        rows = [_params(device) | {"org_id": self._org_id, "token_digest": digest} for device, digest in devices]
        await self._session.run_many("create_device", rows)
        identifiers = [
            {"org_id": self._org_id, "kind": one.kind, "value": one.value, "device_id": device.id}
            for device, _ in devices
            for one in device.identifiers
        ]
        await self._session.run_many("create_identifier", identifiers)

    async def taken(self, identifiers: Sequence[Identifier]) -> set[Identifier]:
        rows = [{"org_id": self._org_id, "kind": one.kind, "value": one.value} for one in identifiers]
        found = await self._session.one_each("find_device_id_by_identifier", rows)
        return {one for one, row in zip(identifiers, found, strict=True) if row is not None}

    async def find(self, device_id: DeviceId) -> Device | None:
        row = await self._session.one("find_device", {"org_id": self._org_id, "id": device_id})
        return device_of(row) if row else None

    async def find_ref(self, device_id: DeviceId) -> DeviceRef | None:
        row = await self._session.one("find_device_ref", {"org_id": self._org_id, "id": device_id})
        if row is None:
            return None
        return DeviceRef(row["id"], row["org_id"], row["project_id"], DeviceStatus(row["status"]), row["profile_id"])

    async def find_by_identifier(self, identifier: Identifier) -> Device | None:
        params = {"org_id": self._org_id, "kind": identifier.kind, "value": identifier.value}
        row = await self._session.one("find_device_id_by_identifier", params)
        return await self.find(row["device_id"]) if row else None

    async def find_ids_by_value(self, value: str) -> list[DeviceId]:
        rows = await self._session.all("find_device_ids_by_value", {"org_id": self._org_id, "value": value})
        return [row["device_id"] for row in rows]

    async def pause_excess(self, keep: int, now_us: int) -> list[tuple[DeviceId, str]]:
        rows = await self._session.all("pause_devices_beyond", {"org_id": self._org_id, "keep": keep, "now_us": now_us})
        return [(row["id"], row["name"]) for row in rows]

    async def list(
        self, filters: DeviceFilter, limit: int, after: Sequence[int | str] | None, sort: DeviceSort = DeviceSort.NEWEST
    ) -> list[Device]:
        order = _ORDERS[sort]
        *value, after_id = after or order.start
        params = self._filter(filters) | {"limit": limit, "offset": 0, "after": value[0] if value else None, "after_id": after_id}
        return [device_of(row) for row in await self._session.all(order.statement, params)]

    async def page(self, filters: DeviceFilter, limit: int, offset: int) -> Sequence[Device]:
        params = self._filter(filters) | {"limit": limit, "offset": offset, "after_id": MAX_ID}
        return [device_of(row) for row in await self._session.all("list_devices", params)]

    async def count(self, filters: DeviceFilter) -> int:
        params = {
            "org_id": self._org_id,
            "status": filters.status,
            "type": filters.type,
            "project_id": filters.project_id,
            "profile_id": filters.profile_id,
            "connectivity": filters.connectivity,
        }
        # All of them are counted in one index: each creation asks for it, because of the plan's limit.
        name = "count_all_devices" if filters == DeviceFilter() else "count_devices"
        row = await self._session.one(name, params)
        return int(row["total"]) if row else 0

    async def update(self, device: Device) -> None:
        await self._session.run("update_device", _params(device) | {"org_id": self._org_id})
        await self._session.run("delete_identifiers", {"org_id": self._org_id, "device_id": device.id})
        await self._add_identifiers(device)

    async def replace_token(self, device_id: DeviceId, token_digest: bytes, token_prefix: str, now_us: int) -> None:
        await self._session.run(
            "replace_device_token",
            {
                "org_id": self._org_id,
                "id": device_id,
                "token_digest": token_digest,
                "token_prefix": token_prefix,
                "updated_us": now_us,
            },
        )

    async def delete(self, device_id: DeviceId, now_us: int) -> None:
        params = {"org_id": self._org_id, "id": device_id, "now_us": now_us}
        for statement in _DELETION:
            await self._session.run(statement, params)

    async def mark_seen(self, seen_us: Mapping[DeviceId, int]) -> None:
        about = {"org_id": self._org_id, "ahead_us": AHEAD_US}
        rows = [about | {"id": device_id, "seen_us": at} for device_id, at in seen_us.items()]
        await self._session.run_many("mark_device_seen", rows)

    async def add_fault(self, device_id: DeviceId, kind: FaultKind, count: FaultCount) -> None:
        params = {"org_id": self._org_id, "id": device_id, "count": count.count, "last_us": count.last_us, "reason": count.reason}
        await self._session.run("add_cut" if kind is FaultKind.CUT else "add_malformed", params)

    async def _add_identifiers(self, device: Device) -> None:
        for identifier in device.identifiers:
            params = {"kind": identifier.kind, "value": identifier.value, "device_id": device.id}
            try:
                await self._session.run("create_identifier", params | {"org_id": self._org_id})
            except sqlite3.IntegrityError as error:
                raise IdentifierTaken(kind=identifier.kind, value=identifier.value) from error

    def _filter(self, filters: DeviceFilter) -> dict[str, Any]:
        return {
            "org_id": self._org_id,
            "status": filters.status,
            "type": filters.type,
            "project_id": filters.project_id,
            "profile_id": filters.profile_id,
            "connectivity": filters.connectivity,
            "customer_id": filters.customer_id,
            "resident_id": filters.resident_id,
            "pattern": like(filters.text),
            "identifier_kind": filters.identifier.kind if filters.identifier else None,
            "identifier_value": filters.identifier.value if filters.identifier else None,
            "labels": msgspec.json.encode(filters.labels).decode() if filters.labels else None,
            "label_count": len(filters.labels),
            "connection_id": filters.connection_id,
            "has_alert": filters.has_alert,
        }


class SqliteSensors:
    """Implements `SensorStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, sensor: Sensor) -> bool:
        return await self._session.run("create_sensor", msgspec.structs.asdict(sensor) | {"org_id": self._org_id}) == 1

    async def create_all(self, sensors: Sequence[Sensor]) -> None:
        rows = [msgspec.structs.asdict(sensor) | {"org_id": self._org_id} for sensor in sensors]
        await self._session.run_many("create_sensor", rows)

    async def find(self, device_id: DeviceId, key: str) -> Sensor | None:
        params = {"org_id": self._org_id, "device_id": device_id, "key": key}
        row = await self._session.one("find_sensor", params)
        return _sensor(row) if row else None

    async def list(self, device_id: DeviceId, limit: int, after_key: str) -> list[Sensor]:
        params = {"org_id": self._org_id, "device_id": device_id, "limit": limit, "after_key": after_key}
        return [_sensor(row) for row in await self._session.all("list_sensors", params)]

    async def keys(self, device_ids: Sequence[DeviceId]) -> dict[DeviceId, set[str]]:
        params = {"org_id": self._org_id, "device_ids": msgspec.json.encode(device_ids).decode()}
        rows = await self._session.all("list_sensor_keys", params)
        return {row["device_id"]: set(msgspec.json.decode(row["keys"], type=list[str])) for row in rows}

    async def update(self, sensor: Sensor, patch: SensorPatch, now_us: int) -> None:
        params = msgspec.structs.asdict(sensor) | changes_in(patch) | {"org_id": self._org_id, "updated_us": now_us}
        await self._session.run("update_sensor", params)

    async def delete(self, device_id: DeviceId, key: str) -> bool:
        params = {"org_id": self._org_id, "device_id": device_id, "key": key}
        return await self._session.run("delete_sensor", params) == 1


def _params(device: Device) -> dict[str, Any]:
    return msgspec.structs.asdict(device) | {
        "settings": msgspec.json.encode(device.settings).decode(),
        "labels": msgspec.json.encode(device.labels).decode(),
        "location": msgspec.json.encode(device.location).decode() if device.location else None,
    }


def device_of(row: sqlite3.Row) -> Device:
    """A device from a row of its columns and its identifiers."""
    values = {name: row[name] for name in row.keys() if name in _COLUMNS}  # noqa: SIM118  (a row's values are iterated)
    pairs = msgspec.json.decode(values.pop("identifiers"), type=list[tuple[IdentifierKind, str]])
    location = values.pop("location")
    return Device(
        **{
            **values,
            "status": DeviceStatus(values["status"]),
            "noted": Connectivity(values["noted"]) if values["noted"] else None,
            "settings": msgspec.json.decode(values["settings"]),
            "labels": msgspec.json.decode(values["labels"], type=dict[str, str]),
            "location": msgspec.json.decode(location, type=Location) if location else None,
            "identifiers": [Identifier(kind=kind, value=value) for kind, value in pairs],
        }
    )


def _sensor(row: sqlite3.Row) -> Sensor:
    return Sensor(**{**dict(row), "value_type": ValueType(row["value_type"]), "declared": bool(row["declared"])})
