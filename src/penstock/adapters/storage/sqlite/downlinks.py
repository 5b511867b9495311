"""Downlinks: maps rows to models."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.downlinks.models import DownlinkNote, DownlinkRoute, UnconfirmedExecution
from penstock.kit.ids import ConnectionId, DeviceId, ExecutionId, OrgId


class SqliteDownlinks:
    """Implements `DownlinkStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def put(self, note: DownlinkNote) -> None:
        await self._session.run("put_downlink", msgspec.structs.asdict(note) | {"org_id": self._org_id})

    async def find(self, device_id: DeviceId, connection_id: ConnectionId, name: str) -> ExecutionId | None:
        params = {"org_id": self._org_id, "device_id": device_id, "connection_id": connection_id, "name": name}
        row = await self._session.one("find_downlink", params)
        return ExecutionId(row["execution_id"]) if row else None

    async def first_uncounted(self, device_id: DeviceId, connection_id: ConnectionId) -> DownlinkNote | None:
        params = {"org_id": self._org_id, "device_id": device_id, "connection_id": connection_id}
        row = await self._session.one("first_uncounted_downlink", params)
        return DownlinkNote(**dict(row) | {"accepted": bool(row["accepted"])}) if row else None


class RouteStatements(msgspec.Struct, frozen=True):
    """The statements for one kind of external server."""

    find: str
    waiting: str
    unconfirmed: str


DOWNLINKS = RouteStatements("find_downlink_route", "downlink_routes_of_all_waiting", "doubtful_downlinks_of_all")
PUBLICATIONS = RouteStatements("find_publication_route", "publication_routes_of_all_waiting", "doubtful_publications_of_all")


class SqliteSystemDownlinkStore:
    """Implements `SystemDownlinkStore`."""

    def __init__(self, session: Session, statements: RouteStatements) -> None:
        self._session = session
        self._statements = statements

    async def find_route(self, device_id: DeviceId) -> DownlinkRoute | None:
        row = await self._session.one(self._statements.find, {"device_id": device_id})
        return DownlinkRoute(**dict(row)) if row else None

    async def waiting_routes(self, limit: int) -> Sequence[DownlinkRoute]:
        rows = await self._session.all(self._statements.waiting, {"limit": limit})
        return [DownlinkRoute(**dict(row)) for row in rows]

    async def unconfirmed(self) -> Sequence[UnconfirmedExecution]:
        return [UnconfirmedExecution(**dict(row)) for row in await self._session.all(self._statements.unconfirmed, {})]
