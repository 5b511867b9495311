"""Connections: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session, like
from penstock.adapters.storage.sqlite.places import rows_from
from penstock.core.connections.activity import Counts
from penstock.core.connections.models import (
    SETTINGS,
    Activity,
    Connection,
    ConnectionFilter,
    ConnectionRef,
    ConnectionStatus,
    ConnectionType,
    Route,
)
from penstock.kit.ids import ConnectionId, DeviceId, OrgId
from penstock.kit.ordering import After

_ACTIVITY = frozenset(Activity.__struct_fields__)


class SqliteConnections:
    """Implements `ConnectionStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, connection: Connection, secret_digest: bytes) -> None:
        created = {"secret_digest": secret_digest, "secret_prefix": connection.secret_prefix, "created_us": connection.created_us}
        await self._session.run("create_connection", self._params(connection) | created)

    async def find(self, connection_id: ConnectionId) -> Connection | None:
        row = await self._session.one("find_connection", {"org_id": self._org_id, "id": connection_id})
        return _connection(row) if row else None

    async def find_ref(self, connection_id: ConnectionId) -> ConnectionRef | None:
        row = await self._session.one("find_connection_ref", {"org_id": self._org_id, "id": connection_id})
        return _ref(row) if row else None

    async def list(self, filters: ConnectionFilter, limit: int, after: After) -> list[Connection]:
        params = {
            "org_id": self._org_id,
            "type": filters.type,
            "status": filters.status,
            "project_id": filters.project_id,
            "pattern": like(filters.text),
        }
        return [_connection(row) for row in await rows_from(self._session, "list_connections", after, limit, params)]

    async def count(self) -> int:
        row = await self._session.one("count_connections", {"org_id": self._org_id})
        return int(row["total"]) if row else 0

    async def update(self, connection: Connection) -> None:
        await self._session.run("update_connection", self._params(connection))

    async def replace_secret(
        self, connection_id: ConnectionId, secret_digest: bytes, secret_prefix: str, previous_until_us: int | None, now_us: int
    ) -> None:
        params = {
            "org_id": self._org_id,
            "id": connection_id,
            "secret_digest": secret_digest,
            "secret_prefix": secret_prefix,
            "previous_until_us": previous_until_us,
            "updated_us": now_us,
        }
        await self._session.run("replace_connection_secret", params)

    async def delete(self, connection_id: ConnectionId) -> None:
        await self._session.run("delete_connection", {"org_id": self._org_id, "id": connection_id})

    async def add_counts(self, connection_id: ConnectionId, counts: Counts) -> None:
        params = msgspec.structs.asdict(counts) | {"org_id": self._org_id, "id": connection_id}
        await self._session.run("add_connection_counts", params)

    async def set_routes(self, routes: Mapping[DeviceId, Route], now_us: int, *, moves: bool = True) -> None:
        common = {"org_id": self._org_id, "since_us": now_us, "moves": moves}
        rows = [msgspec.structs.asdict(route) | common | {"device_id": device_id} for device_id, route in routes.items()]
        await self._session.run_many("set_device_route", rows)

    async def find_route(self, device_id: DeviceId) -> Route | None:
        row = await self._session.one("find_device_route", {"org_id": self._org_id, "device_id": device_id})
        return Route(**dict(row)) if row else None

    def _params(self, connection: Connection) -> dict[str, Any]:
        return {
            "org_id": self._org_id,
            "id": connection.id,
            "project_id": connection.project_id,
            "name": connection.name,
            "type": connection.type,
            "status": connection.status,
            "settings": msgspec.json.encode(connection.settings).decode(),
            "secret_paths": msgspec.json.encode(connection.secret_paths, order="sorted").decode(),
            "updated_us": connection.updated_us,
        }


class SqliteSystemConnections:
    """Implements `SystemConnectionStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find_by_digest(self, secret_digest: bytes, now_us: int) -> tuple[ConnectionRef, int | None] | None:
        row = await self._session.one("find_connection_by_digest_of_all", {"digest": secret_digest, "now_us": now_us})
        return (_ref(row), row["until_us"]) if row else None

    async def running(self) -> list[tuple[OrgId, ConnectionId]]:
        return [(row["org_id"], row["id"]) for row in await self._session.all("list_fetching_connections_of_all", {})]


def _ref(row: sqlite3.Row) -> ConnectionRef:
    kind, status = ConnectionType(row["type"]), ConnectionStatus(row["status"])
    return ConnectionRef(row["id"], row["org_id"], row["project_id"], kind, status)


def _connection(row: sqlite3.Row) -> Connection:
    kind = ConnectionType(row["type"])
    fields = {name: row[name] for name in row.keys() if name not in _ACTIVITY}  # noqa: SIM118  (a row iterates over values)
    return Connection(
        **fields
        | {
            "type": kind,
            "status": ConnectionStatus(row["status"]),
            "settings": msgspec.json.decode(row["settings"], type=SETTINGS[kind]),
            "secret_paths": msgspec.json.decode(row["secret_paths"], type=dict[str, str]),
            "activity": Activity(**{name: row[name] for name in Activity.__struct_fields__}),
        }
    )
