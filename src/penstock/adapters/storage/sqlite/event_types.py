"""Event types: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.adapters.storage.sqlite.places import rows_from
from penstock.core.commands.models import Parameter
from penstock.core.event_types.errors import EventTypeExists
from penstock.core.event_types.models import EventType
from penstock.kit.ids import EventTypeId, OrgId, ProjectId
from penstock.kit.ordering import After

_Fields = tuple[Parameter, ...]


class SqliteEventTypes:
    """Implements `EventTypeStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, event_type: EventType) -> None:
        await self._write("create_event_type", event_type)

    async def find(self, event_type_id: EventTypeId) -> EventType | None:
        row = await self._session.one("find_event_type", {"org_id": self._org_id, "id": event_type_id})
        return _event_type(row) if row else None

    async def list(self, project_id: ProjectId | None, limit: int, after: After) -> Sequence[EventType]:
        own = {"org_id": self._org_id, "project_id": project_id}
        return [_event_type(row) for row in await rows_from(self._session, "list_event_types", after, limit, own)]

    async def count(self, project_id: ProjectId) -> int:
        row = await self._session.one("count_event_types", {"org_id": self._org_id, "project_id": project_id})
        return int(row["present"]) if row else 0

    async def update(self, event_type: EventType) -> None:
        await self._write("update_event_type", event_type)

    async def delete(self, event_type_id: EventTypeId) -> None:
        await self._session.run("delete_event_type", {"org_id": self._org_id, "id": event_type_id})

    async def _write(self, statement: str, event_type: EventType) -> None:
        params = msgspec.structs.asdict(event_type) | {"org_id": self._org_id}
        params["fields"] = msgspec.json.encode(event_type.fields).decode()
        try:
            await self._session.run(statement, params)
        except sqlite3.IntegrityError as error:
            raise EventTypeExists(name=event_type.name) from error


def _event_type(row: sqlite3.Row) -> EventType:
    found = dict(row)
    return EventType(**found | {"fields": msgspec.json.decode(found["fields"], type=_Fields)})
