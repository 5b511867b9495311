"""Alarms of meters, their settings and progress: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.meter_alarms.models import SILENT_US, Alarm, AlarmFilter, AlarmKind, EndReason, Progress
from penstock.core.meter_alarms.residents import seen_since
from penstock.core.meter_alarms.settings import AlarmSettings
from penstock.core.meter_alarms.store import WatchedMeter
from penstock.core.registers.changes import REDECODE
from penstock.kit.ids import MAX_ID, DeviceId, MeterAlarmId, OrgId, ProfileId, RedecodeId, ResidentId

PAGE = 1_000
_SETTINGS = msgspec.json.Decoder(AlarmSettings)


class SqliteMeterAlarms:
    """Implements `MeterAlarmStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, alarm: Alarm) -> None:
        await self._session.run("create_meter_alarm", self._params(alarm))

    async def find(self, alarm_id: MeterAlarmId) -> Alarm | None:
        row = await self._session.one("find_meter_alarm", {"org_id": self._org_id, "id": alarm_id})
        return _alarm(row) if row else None

    async def list(self, filters: AlarmFilter, limit: int, before_id: int | None) -> Sequence[Alarm]:
        name = "list_meter_alarms" if filters.device_id is None else "list_meter_alarms_of_device"
        return [_alarm(row) for row in await self._session.all(name, self._page(filters, limit, before_id))]

    async def list_of_resident(
        self, resident_id: ResidentId, filters: AlarmFilter, limit: int, before_id: int | None
    ) -> Sequence[Alarm]:
        params = self._page(filters, limit, before_id) | {"resident_id": resident_id}
        rows = await self._session.all("list_meter_alarms_of_resident", params)
        return [seen_since(_alarm(row), row["assigned_us"]) for row in rows]

    async def list_known(self, device_ids: Sequence[DeviceId], from_us: int) -> Sequence[Alarm]:
        params = self._devices(device_ids) | {"from_us": from_us}
        return [_alarm(row) for row in await self._session.all("list_known_meter_alarms", params)]

    async def update(self, alarm: Alarm) -> None:
        await self._session.run("update_meter_alarm", self._params(alarm))

    async def acknowledge(self, alarm_id: MeterAlarmId, at_us: int, by: str, note: str | None) -> bool:
        params = {"org_id": self._org_id, "id": alarm_id, "at_us": at_us, "by": by, "note": note}
        return bool(await self._session.run("acknowledge_meter_alarm", params))

    async def watched(self, device_ids: Sequence[DeviceId]) -> Sequence[WatchedMeter]:
        rows = await self._session.all("list_watched_meters", self._devices(device_ids))
        return [
            WatchedMeter(
                device_id=row["device_id"], name=row["name"], own=_settings(row["own"]), of_profile=_settings(row["of_profile"])
            )
            for row in rows
        ]

    async def find_settings(self, device_id: DeviceId) -> AlarmSettings | None:
        row = await self._session.one("find_device_alarm_settings", {"org_id": self._org_id, "device_id": device_id})
        return _settings(row["settings"]) if row else None

    async def set_settings(self, device_id: DeviceId, settings: AlarmSettings) -> None:
        params = {"org_id": self._org_id, "device_id": device_id, "settings": msgspec.json.encode(settings).decode()}
        await self._session.run("set_device_alarm_settings", params)

    async def find_profile_settings(self, profile_id: ProfileId) -> AlarmSettings | None:
        row = await self._session.one("find_profile_alarm_settings", {"org_id": self._org_id, "profile_id": profile_id})
        return _settings(row["settings"]) if row else None

    async def set_profile_settings(self, profile_id: ProfileId, settings: AlarmSettings) -> None:
        params = {"org_id": self._org_id, "profile_id": profile_id, "settings": msgspec.json.encode(settings).decode()}
        await self._session.run("set_profile_alarm_settings", params)

    async def progress(self, device_ids: Sequence[DeviceId]) -> Sequence[Progress]:
        rows = await self._session.all("list_meter_alarm_progress", self._devices(device_ids))
        return [Progress(**dict(row) | {"kind": AlarmKind(row["kind"])}) for row in rows]

    async def save_progress(self, rows: Sequence[Progress]) -> None:
        params = [msgspec.structs.asdict(row) | {"org_id": self._org_id, "kind": row.kind.value} for row in rows]
        await self._session.run_many("save_meter_alarm_progress", params)

    async def set_back_progress(self, redecode_id: RedecodeId, context_us: int) -> None:
        found = await self._session.one("find_redecode_start", {"org_id": self._org_id, "id": redecode_id})
        if found is None or found["started_us"] is None:
            return
        changes = await self._redecoded(found["started_us"])
        rows = [{"org_id": self._org_id, "device_id": one, "at_us": from_us - context_us} for one, from_us in changes.items()]
        await self._session.run_many("set_back_meter_alarm_progress", rows)

    async def _redecoded(self, since_us: int) -> dict[DeviceId, int]:
        """From when on re-decodes have changed devices since a time. What was noted earlier is not read."""
        found: dict[DeviceId, int] = {}
        before_id = MAX_ID
        while True:
            params = {"org_id": self._org_id, "before_id": before_id, "limit": PAGE}
            rows = await self._session.all("list_latest_consumption_changes", params)
            for row in rows:
                if row["reason"] == REDECODE and row["at_us"] >= since_us:
                    found[row["device_id"]] = min(row["from_us"], found.get(row["device_id"], row["from_us"]))
            if len(rows) < PAGE or rows[-1]["at_us"] < since_us:
                return found
            before_id = rows[-1]["id"]

    def _page(self, filters: AlarmFilter, limit: int, before_id: int | None) -> dict[str, Any]:
        params = msgspec.structs.asdict(filters) | {"org_id": self._org_id, "before_id": before_id or MAX_ID, "limit": limit}
        return params | {"kind": _word(filters.kind), "state": _word(filters.state)}

    def _devices(self, device_ids: Sequence[DeviceId]) -> dict[str, Any]:
        return {"org_id": self._org_id, "device_ids": msgspec.json.encode(device_ids).decode()}

    def _params(self, alarm: Alarm) -> dict[str, Any]:
        changed = {"org_id": self._org_id, "kind": alarm.kind.value, "end_reason": _word(alarm.end_reason)}
        value = None if alarm.value is None else msgspec.json.encode(alarm.value).decode()
        return msgspec.structs.asdict(alarm) | changed | {"value": value}


class SqliteSystemMeterAlarms:
    """Implements `SystemMeterAlarmStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def silent(self, now_us: int, limit: int) -> Sequence[Alarm]:
        found: list[Alarm] = []
        for kind, silent_us in SILENT_US.items():
            params = {"kind": kind.value, "before_us": now_us - silent_us, "limit": limit}
            found += [_alarm(row) for row in await self._session.all("silent_meter_alarms_of_all", params)]
        return found

    async def drop_ended(self, before_us: int, limit: int) -> int:
        return await self._session.run("drop_ended_meter_alarms_of_all", {"before_us": before_us, "limit": limit})


def _alarm(row: sqlite3.Row) -> Alarm:
    changed = {
        "kind": AlarmKind(row["kind"]),
        "end_reason": None if row["end_reason"] is None else EndReason(row["end_reason"]),
        "value": None if row["value"] is None else msgspec.json.decode(row["value"]),
    }
    return Alarm(**{name: row[name] for name in Alarm.__struct_fields__} | changed)


def _settings(text: str | None) -> AlarmSettings | None:
    return None if text is None else _SETTINGS.decode(text)


def _word(value: str | None) -> str | None:
    return None if value is None else str(value)
