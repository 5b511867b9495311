"""Connectivity of devices: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.devices.connectivity import ConnectivityChange, ConnectivityQuery, Reason, SilentDevice
from penstock.core.devices.models import Connectivity
from penstock.kit.clock import AHEAD_US
from penstock.kit.ids import DeviceId, OrgId


class SqliteConnectivity:
    """Implements `ConnectivityStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def would_change(self, state: Connectivity, moments: Mapping[DeviceId, int]) -> list[DeviceId]:
        texts = msgspec.json.encode(dict(moments)).decode()
        params = {"org_id": self._org_id, "state": state, "moments": texts, "ahead_us": AHEAD_US}
        return [row["id"] for row in await self._session.all("find_connectivity_changes", params)]

    async def add(self, changes: Sequence[ConnectivityChange]) -> None:
        rows = [msgspec.structs.asdict(one) | {"org_id": self._org_id} for one in changes]
        await self._session.run_many("set_connectivity", rows)
        await self._session.run_many("add_connectivity", rows)

    async def list(self, query: ConnectivityQuery, limit: int, before_id: int) -> list[ConnectivityChange]:
        params = msgspec.structs.asdict(query) | {"org_id": self._org_id, "limit": limit, "before_id": before_id}
        return [_change(row) for row in await self._session.all("list_connectivity", params)]

    async def between(self, from_us: int, to_us: int, after_id: int, limit: int) -> Sequence[ConnectivityChange]:
        params = {"org_id": self._org_id, "from_us": from_us, "to_us": to_us, "after_id": after_id, "limit": limit}
        return [_change(row) for row in await self._session.all("connectivity_between", params)]

    async def set_connected(self, connected: Mapping[DeviceId, tuple[bool, int]]) -> None:
        rows = [
            {"org_id": self._org_id, "device_id": device_id, "connected": is_open, "at_us": at_us}
            for device_id, (is_open, at_us) in connected.items()
        ]
        await self._session.run_many("set_connected", rows)


class SqliteSystemConnectivity:
    """Implements `SystemConnectivityStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def disconnect_all(self) -> None:
        await self._session.run("disconnect_all_of_all", {})

    async def silent(self, now_us: int, since_us: int, offline_after_us: int, limit: int) -> Sequence[SilentDevice]:
        params = {
            "now_us": now_us,
            "since_us": since_us,
            "offline_after_us": offline_after_us,
            "ahead_us": AHEAD_US,
            "limit": limit,
        }
        return [SilentDevice(**dict(row)) for row in await self._session.all("silent_devices_of_all", params)]

    async def drop_before(self, before_us: int, limit: int) -> int:
        return await self._session.run("drop_connectivity_of_all", {"before_us": before_us, "limit": limit})


def _change(row: sqlite3.Row) -> ConnectivityChange:
    return ConnectivityChange(row["id"], row["device_id"], Connectivity(row["state"]), Reason(row["reason"]), row["at_us"])
