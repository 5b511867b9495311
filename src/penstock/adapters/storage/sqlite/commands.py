"""Definitions and executions of commands: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.adapters.storage.sqlite.places import rows_from
from penstock.core.commands.errors import DefinitionExists
from penstock.core.commands.models import (
    Definition,
    DefinitionFilter,
    Execution,
    ExecutionFilter,
    Parameter,
    State,
    Transition,
    Transport,
    Verification,
)
from penstock.core.commands.store import DueExecution
from penstock.kit.ids import MAX_ID, DefinitionId, DeviceId, ExecutionId, OrgId, ProjectId, RuleId
from penstock.kit.ordering import After

_JSON = ("progress", "result")
_Parameters = tuple[Parameter, ...]


class SqliteDefinitions:
    """Implements `DefinitionStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, definition: Definition) -> None:
        await self._write("create_definition", definition)

    async def find(self, definition_id: DefinitionId) -> Definition | None:
        row = await self._session.one("find_definition", {"org_id": self._org_id, "id": definition_id})
        return _definition(row) if row else None

    async def list(self, filters: DefinitionFilter, limit: int, after: After) -> list[Definition]:
        own = msgspec.structs.asdict(filters) | {"org_id": self._org_id}
        return [_definition(row) for row in await rows_from(self._session, "list_definitions", after, limit, own)]

    async def list_by_device(self, device_id: DeviceId) -> Sequence[Definition]:
        params = {"org_id": self._org_id, "device_id": device_id}
        return [_definition(row) for row in await self._session.all("list_definitions_of_device", params)]

    async def list_by_type(self, device_type: str) -> Sequence[Definition]:
        params = {"org_id": self._org_id, "device_type": device_type}
        return [_definition(row) for row in await self._session.all("list_definitions_of_type", params)]

    async def list_by_project(self, project_id: ProjectId) -> Sequence[Definition]:
        params = {"org_id": self._org_id, "project_id": project_id}
        return [_definition(row) for row in await self._session.all("list_definitions_of_project", params)]

    async def update(self, definition: Definition) -> None:
        await self._write("update_definition", definition)

    async def delete(self, definition_id: DefinitionId) -> None:
        await self._session.run("delete_definition", {"org_id": self._org_id, "id": definition_id})

    async def _write(self, statement: str, definition: Definition) -> None:
        params = msgspec.structs.asdict(definition) | {"org_id": self._org_id}
        params["parameters"] = msgspec.json.encode(definition.parameters).decode()
        try:
            await self._session.run(statement, params)
        except sqlite3.IntegrityError as error:
            raise DefinitionExists(name=definition.name) from error


class SqliteExecutions:
    """Implements `ExecutionStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, execution: Execution, first: Transition) -> None:
        await self._session.run("create_execution", self._params(execution))
        await self._add(execution, first)

    async def find(self, execution_id: ExecutionId) -> Execution | None:
        row = await self._session.one("find_execution", {"org_id": self._org_id, "id": execution_id})
        return _execution(row) if row else None

    async def list(self, filters: ExecutionFilter, limit: int, before_id: int | None) -> list[Execution]:
        params = msgspec.structs.asdict(filters) | {"before_id": before_id or MAX_ID, "limit": limit}
        # Separate statements, each with its index: listing one device must not cost as much as listing all.
        statement = "list_executions"
        if filters.device_id is not None:
            statement = "list_executions_of_device"
        elif filters.definition_id is not None:
            statement = "list_executions_of_definition"
        return [_execution(row) for row in await self._session.all(statement, params | {"org_id": self._org_id})]

    async def history(self, execution_id: ExecutionId) -> Sequence[Transition]:
        rows = await self._session.all("list_transitions", {"org_id": self._org_id, "execution_id": execution_id})
        return [Transition(state=State(row["state"]), at_us=row["at_us"], reason=row["reason"]) for row in rows]

    async def save(self, execution: Execution, row: Transition | None = None) -> None:
        await self._session.run("save_execution", self._params(execution))
        if row is not None:
            await self._add(execution, row)

    async def waiting(self, device_id: DeviceId, transport: Transport, now_us: int, limit: int) -> Sequence[Execution]:
        params = {"device_id": device_id, "transport": transport, "now_us": now_us, "limit": limit}
        rows = await self._session.all("waiting_executions", params | {"org_id": self._org_id})
        return [_execution(row) for row in rows]

    async def list_open(self, device_id: DeviceId) -> Sequence[Execution]:
        rows = await self._session.all("open_executions", {"org_id": self._org_id, "device_id": device_id})
        return [_execution(row) for row in rows]

    async def sent(self, device_id: DeviceId) -> Sequence[Execution]:
        rows = await self._session.all("sent_executions", {"org_id": self._org_id, "device_id": device_id})
        return [_execution(row) for row in rows]

    async def find_last_dispatched(self, device_id: DeviceId, transport: Transport) -> Execution | None:
        params = {"org_id": self._org_id, "device_id": device_id, "transport": transport}
        row = await self._session.one("last_execution_handed_out", params)
        return _execution(row) if row else None

    async def count(self, device_id: DeviceId) -> tuple[int, int]:
        row = await self._session.one("count_executions", {"org_id": self._org_id, "device_id": device_id})
        return (row["queued"], row["under_way"]) if row else (0, 0)

    async def one_at_a_time(self, device_id: DeviceId) -> bool:
        params = {"org_id": self._org_id, "device_id": device_id}
        return await self._session.one("find_command_queue", params) is not None

    async def set_one_at_a_time(self, device_id: DeviceId, one_at_a_time: bool) -> None:
        statement = "create_command_queue" if one_at_a_time else "delete_command_queue"
        await self._session.run(statement, {"org_id": self._org_id, "device_id": device_id})

    async def _add(self, execution: Execution, row: Transition) -> None:
        params = {"org_id": self._org_id, "execution_id": execution.id, "number": execution.moves}
        await self._session.run("add_transition", params | msgspec.structs.asdict(row))

    def _params(self, execution: Execution) -> dict[str, Any]:
        params = msgspec.structs.asdict(execution) | {"org_id": self._org_id}
        params["parameters"] = msgspec.json.encode(execution.parameters).decode()
        params["chain"] = msgspec.json.encode(execution.chain).decode()
        for name in _JSON:
            params[name] = None if params[name] is None else msgspec.json.encode(params[name]).decode()
        return params


class SqliteSystemExecutions:
    """Implements `SystemExecutionStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def overdue(self, now_us: int, limit: int) -> Sequence[DueExecution]:
        rows = await self._session.all("overdue_executions_of_all", {"now_us": now_us, "limit": limit})
        return [DueExecution(**dict(row)) for row in rows]

    async def awaiting_reading(self) -> Sequence[DueExecution]:
        return [DueExecution(**dict(row)) for row in await self._session.all("executions_of_all_awaiting_reading", {})]

    async def organization_of(self, device_id: DeviceId) -> OrgId | None:
        row = await self._session.one("find_organization_of_device", {"id": device_id})
        return OrgId(row["org_id"]) if row else None

    async def drop_finished(self, before_us: int, limit: int) -> int:
        return await self._session.run("drop_finished_executions_of_all", {"before_us": before_us, "limit": limit})


def _definition(row: sqlite3.Row) -> Definition:
    found = dict(row)
    found["parameters"] = msgspec.json.decode(found["parameters"], type=_Parameters)
    found["transport"] = Transport(found["transport"])
    found["verification"] = Verification(found["verification"])
    return Definition(**found | {"repeatable": bool(found["repeatable"])})


def _execution(row: sqlite3.Row) -> Execution:
    found = dict(row)
    for name in ("parameters", *_JSON):
        found[name] = None if found[name] is None else msgspec.json.decode(found[name])
    found["transport"] = Transport(found["transport"])
    found["verification"] = Verification(found["verification"])
    found["state"] = State(found["state"])
    found["chain"] = msgspec.json.decode(found["chain"], type=tuple[RuleId, ...])
    found["sent_by"] = Transport(found["sent_by"]) if found["sent_by"] else None
    return Execution(**found | {"repeatable": bool(found["repeatable"]), "leaving": bool(found["leaving"])})
