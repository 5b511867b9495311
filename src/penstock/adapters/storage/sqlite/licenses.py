"""Licences: maps rows to models."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.licenses.models import License
from penstock.kit.ids import DeviceId, OrgId, ProjectId


class SqliteLicenses:
    """Implements `LicenseStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, licence: License) -> None:
        await self._session.run("create_license", msgspec.structs.asdict(licence) | {"org_id": self._org_id})

    async def pair(self, device_id: DeviceId, project_id: ProjectId) -> bool:
        params = {"org_id": self._org_id, "device_id": device_id, "project_id": project_id}
        return await self._session.run("pair_license", params) == 1

    async def assign_all(self, licences: Sequence[License]) -> None:
        rows = [msgspec.structs.asdict(licence) | {"org_id": self._org_id} for licence in licences]
        await self._session.run_many("pair_license", rows)
        await self._session.run_many("create_license_of_device", rows)

    async def find(self, license_id: str) -> License | None:
        row = await self._session.one("find_license", {"org_id": self._org_id, "id": license_id})
        return License(**dict(row)) if row else None

    async def find_of_device(self, device_id: DeviceId) -> License | None:
        row = await self._session.one("find_license_of_device", {"org_id": self._org_id, "device_id": device_id})
        return License(**dict(row)) if row else None

    async def list(self, project_id: ProjectId, limit: int, after: str) -> Sequence[License]:
        params = {"org_id": self._org_id, "project_id": project_id, "limit": limit, "after": after}
        return [License(**dict(row)) for row in await self._session.all("list_licenses", params)]

    async def count_available(self, project_id: ProjectId) -> int:
        row = await self._session.one("count_available_licenses", {"org_id": self._org_id, "project_id": project_id})
        return int(row["available"]) if row else 0

    async def delete(self, license_id: str) -> None:
        await self._session.run("delete_license", {"org_id": self._org_id, "id": license_id})
