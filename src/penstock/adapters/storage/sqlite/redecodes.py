"""Re-decodes: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.redecodes.models import DueRedecode, NewPayload, Redecode, RedecodeFilter, RedecodeState
from penstock.kit.ids import DeviceId, OrgId, ProfileId, ProjectId, RedecodeId, RuleId

_PENDING = msgspec.msgpack.Decoder(list[NewPayload])


class SqliteRedecodes:
    """Implements `RedecodeStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, redecode: Redecode) -> None:
        await self._session.run("create_redecode", self._params(redecode))

    async def find(self, redecode_id: RedecodeId) -> Redecode | None:
        row = await self._session.one("find_redecode", {"org_id": self._org_id, "id": redecode_id})
        return _redecode(row) if row else None

    async def list(self, filters: RedecodeFilter, limit: int, before_id: int) -> list[Redecode]:
        params = msgspec.structs.asdict(filters) | {"org_id": self._org_id, "limit": limit, "before_id": before_id}
        return [_redecode(row) for row in await self._session.all("list_redecodes", params)]

    async def active(self) -> Sequence[Redecode]:
        return [_redecode(row) for row in await self._session.all("active_redecodes", {"org_id": self._org_id})]

    async def update(self, redecode: Redecode) -> None:
        await self._session.run("update_redecode", self._params(redecode))

    async def drop_old(self, keep: int) -> None:
        await self._session.run("drop_old_redecodes", {"org_id": self._org_id, "keep": keep})

    async def set_plan(self, redecode_id: RedecodeId, plan: bytes) -> None:
        await self._session.run("set_redecode_plan", {"org_id": self._org_id, "id": redecode_id, "plan": plan})

    async def plan(self, redecode_id: RedecodeId) -> bytes | None:
        row = await self._session.one("find_redecode_plan", {"org_id": self._org_id, "id": redecode_id})
        return row["plan"] if row else None

    async def set_pending(self, redecode_id: RedecodeId, payloads: Sequence[NewPayload]) -> None:
        pending = msgspec.msgpack.encode(payloads) if payloads else None
        await self._session.run("set_redecode_pending", {"org_id": self._org_id, "id": redecode_id, "pending": pending})

    async def pending(self, redecode_id: RedecodeId) -> Sequence[NewPayload]:
        row = await self._session.one("find_redecode_pending", {"org_id": self._org_id, "id": redecode_id})
        return _PENDING.decode(row["pending"]) if row and row["pending"] else []

    async def devices(self, redecode: Redecode) -> Sequence[DeviceId]:
        names = ("device_id", "profile_id", "project_id", "reach_id")
        params = {name: getattr(redecode, name) for name in names} | {"org_id": self._org_id}
        return [DeviceId(row["id"]) for row in await self._session.all("list_devices_to_redecode", params)]

    async def routed(self, device_ids: Sequence[DeviceId]) -> frozenset[DeviceId]:
        params = {"org_id": self._org_id, "device_ids": msgspec.json.encode(device_ids).decode()}
        return frozenset(DeviceId(row["device_id"]) for row in await self._session.all("list_routed_devices", params))

    async def share_devices(self, profile_id: ProfileId, project_id: ProjectId) -> bool:
        params = {"org_id": self._org_id, "profile_id": profile_id, "project_id": project_id}
        row = await self._session.one("profile_is_in_project", params)
        return bool(row and row["found"])

    def _params(self, redecode: Redecode) -> dict[str, Any]:
        chain = msgspec.json.encode(redecode.chain).decode()
        return msgspec.structs.asdict(redecode) | {"chain": chain, "org_id": self._org_id}


class SqliteSystemRedecodes:
    """Implements `SystemRedecodeStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def due(self) -> Sequence[DueRedecode]:
        found = [DueRedecode(**dict(row)) for row in await self._session.all("redecodes_of_all_due", {})]
        return sorted(found, key=lambda one: (one.org_id, one.id))

    async def backlog(self) -> tuple[int, int]:
        row = await self._session.one("backlog_of_redecodes", {})
        return (int(row["total"]), int(row["uplinks"])) if row else (0, 0)


def _redecode(row: sqlite3.Row) -> Redecode:
    found = dict(row)
    found["chain"] = msgspec.json.decode(found["chain"], type=tuple[RuleId, ...])
    return Redecode(**found | {"state": RedecodeState(found["state"]), "only_failed": bool(found["only_failed"])})
