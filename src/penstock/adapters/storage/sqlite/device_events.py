"""Events of devices: maps rows to models."""

from __future__ import annotations

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.devices.history import DeviceEvent, DeviceEventQuery
from penstock.kit.ids import OrgId


class SqliteDeviceEvents:
    """Implements `DeviceEventStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def add(self, event: DeviceEvent) -> bool:
        params = msgspec.structs.asdict(event) | {"details": msgspec.json.encode(event.details).decode()}
        return await self._session.run("add_device_event", params | {"org_id": self._org_id}) == 1

    async def list(self, query: DeviceEventQuery, limit: int, before_id: int) -> list[DeviceEvent]:
        params = msgspec.structs.asdict(query) | {"org_id": self._org_id, "limit": limit, "before_id": before_id}
        rows = await self._session.all("list_device_events", params)
        return [DeviceEvent(**dict(row) | {"details": msgspec.json.decode(row["details"])}) for row in rows]


class SqliteSystemDeviceEvents:
    """Implements `SystemDeviceEventStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def drop_before(self, before_us: int, limit: int) -> int:
        return await self._session.run("drop_device_events_of_all", {"before_us": before_us, "limit": limit})
