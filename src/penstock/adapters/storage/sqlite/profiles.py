"""Device profiles and their codec versions: maps rows to models."""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session, like
from penstock.adapters.storage.sqlite.meters import decode_registers, encode_registers
from penstock.adapters.storage.sqlite.places import rows_from
from penstock.core.codecs.models import CodecVersion
from penstock.core.codecs.store import CodecInUse
from penstock.core.profiles.models import Profile, ProfileFilter
from penstock.core.sensor import NewSensor
from penstock.kit.ids import CodecId, DeviceId, OrgId, ProfileId
from penstock.kit.ordering import After


class SqliteProfiles:
    """Implements `ProfileStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, profile: Profile) -> None:
        await self._session.run("create_profile", self._params(profile))

    async def find(self, profile_id: ProfileId) -> Profile | None:
        row = await self._session.one("find_profile", {"org_id": self._org_id, "id": profile_id})
        return _profile(row) if row else None

    async def list(self, filters: ProfileFilter, limit: int, after: After) -> list[Profile]:
        params = {
            "org_id": self._org_id,
            "project_id": filters.project_id,
            "device_type": filters.device_type,
            "pattern": like(filters.text),
        }
        return [_profile(row) for row in await rows_from(self._session, "list_profiles", after, limit, params)]

    async def count(self) -> int:
        row = await self._session.one("count_profiles", {"org_id": self._org_id})
        return int(row["total"]) if row else 0

    async def count_devices(self, profile_id: ProfileId) -> int:
        row = await self._session.one("count_devices_of_profile", {"org_id": self._org_id, "profile_id": profile_id})
        return int(row["total"]) if row else 0

    async def update(self, profile: Profile) -> None:
        await self._session.run("update_profile", self._params(profile))

    async def delete(self, profile_id: ProfileId) -> None:
        await self._session.run("delete_profile", {"org_id": self._org_id, "id": profile_id})

    def _params(self, profile: Profile) -> dict[str, Any]:
        sensors = msgspec.json.encode(profile.sensors).decode()
        registers = encode_registers(profile.registers)
        return msgspec.structs.asdict(profile) | {"sensors": sensors, "registers": registers, "org_id": self._org_id}


class SqliteCodecs:
    """Implements `CodecStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, version: CodecVersion) -> None:
        functions = msgspec.json.encode(version.functions).decode()
        params = msgspec.structs.asdict(version) | {"functions": functions, "org_id": self._org_id}
        await self._session.run("create_codec_version", params)

    async def find(self, codec_id: CodecId) -> CodecVersion | None:
        row = await self._session.one("find_codec_version", {"org_id": self._org_id, "id": codec_id})
        return _version(row) if row else None

    async def list(self, profile_id: ProfileId, limit: int, below_number: int) -> list[CodecVersion]:
        params = {"org_id": self._org_id, "profile_id": profile_id, "limit": limit, "below_number": below_number}
        return [_version(row) for row in await self._session.all("list_codec_versions", params)]

    async def last_number(self, profile_id: ProfileId) -> int:
        row = await self._session.one("find_last_codec_version", {"org_id": self._org_id, "profile_id": profile_id})
        return int(row["number"]) if row else 0

    async def find_for_device(self, device_id: DeviceId) -> CodecInUse | None:
        params = {"org_id": self._org_id, "device_id": device_id}
        row = await self._session.one("find_codec_of_device", params)
        if row is None:
            return None
        return CodecInUse(
            settings=msgspec.json.decode(row["settings"]),
            profile_id=row["profile_id"],
            codec_id=row["codec_id"],
            number=row["number"],
        )


def _profile(row: sqlite3.Row) -> Profile:
    sensors = msgspec.json.decode(row["sensors"], type=list[NewSensor])
    return Profile(**{**dict(row), "sensors": sensors, "registers": decode_registers(row["registers"])})


def _version(row: sqlite3.Row) -> CodecVersion:
    return CodecVersion(**{**dict(row), "functions": msgspec.json.decode(row["functions"])})
