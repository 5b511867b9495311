"""The audit log: maps rows to entries, and finds the next position in the chain."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session, connect, schema_version, statements
from penstock.core.actor import Actor
from penstock.core.audit.chain import FIRST_HASH, chained
from penstock.core.audit.models import AuditEntry, AuditFilter, Head, Outcome, Target
from penstock.kit.ids import MAX_ID, AuditSeq, OrgId

AUDIT_SINCE = 3
"""The schema version that added the audit log."""


class SqliteAudit:
    """Implements `AuditStore`. There is one writer at a time: the chain cannot fork."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def append(self, entry: AuditEntry) -> AuditEntry:
        return (await self.append_all([entry]))[0]

    async def append_all(self, entries: Sequence[AuditEntry]) -> list[AuditEntry]:
        # Head and entries are in one write transaction, and there is one writer: no two entries can follow the same hash. All in
        # one call, because every change has an entry, and a change of threads costs more than the statements.
        return await self._session.call(lambda connection: _append_all(connection, self._org_id, entries)) if entries else []

    async def newest(self, filters: AuditFilter, limit: int, before_seq: AuditSeq | None = None) -> list[AuditEntry]:
        params = _filter(filters) | {"org_id": self._org_id, "limit": limit, "before_seq": before_seq or MAX_ID, "after_seq": 0}
        if filters.from_us is not None or filters.to_us is not None:
            await self._narrow(params)
        return [_entry(row) for row in await self._session.all(_best_query(filters), params)]

    async def oldest(self, filters: AuditFilter, limit: int, after_seq: AuditSeq) -> list[AuditEntry]:
        params = _filter(filters) | {"org_id": self._org_id, "limit": limit, "after_seq": after_seq}
        return [_entry(row) for row in await self._session.all("page_audit", params)]

    async def head(self) -> Head | None:
        row = await self._session.one("find_audit_head", {"org_id": self._org_id})
        return Head(**dict(row)) if row else None

    async def drop_before(self, before_us: int) -> int:
        return await self._session.run("drop_audit_before", {"org_id": self._org_id, "before_us": before_us})

    async def _narrow(self, params: dict[str, Any]) -> None:
        """Convert a range of time to a range of sequence numbers, so that the scan is short."""
        span = {"org_id": self._org_id, "from_us": params["from_us"] or 0, "to_us": params["to_us"] or MAX_ID}
        row = await self._session.one("find_audit_bounds", span)
        assert row is not None
        params["before_seq"] = min(params["before_seq"], row["before_seq"])
        params["after_seq"] = row["after_seq"]


class SqliteAuditHeads:
    """Implements `AuditHeads`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def all(self) -> list[Head]:
        return [Head(**dict(row)) for row in await self._session.all("list_audit_heads", {})]

    async def owners(self) -> list[OrgId]:
        return [OrgId(row["id"]) for row in await self._session.all("list_organization_ids", {})]


def _append_all(connection: sqlite3.Connection, org_id: OrgId, entries: Sequence[AuditEntry]) -> list[AuditEntry]:
    head = connection.execute(statements()["find_audit_head"], {"org_id": org_id}).fetchone()
    seq, last = (head["seq"], head["hash"]) if head else (0, FIRST_HASH)
    found: list[AuditEntry] = []
    for number, entry in enumerate(entries, start=seq + 1):
        found.append(chained(msgspec.structs.replace(entry, seq=AuditSeq(number)), last))
        last = found[-1].hash
    rows = [_params(entry) | {"org_id": org_id} for entry in found]
    connection.executemany(statements()["create_audit_entry"], rows)
    moved = {"org_id": org_id, "seq": found[-1].seq, "hash": last, "time_us": found[-1].time_us}
    connection.execute(statements()["set_audit_head"], moved)
    return found


def append_for_all(path: Path, action: str, now_us: int, details: dict[str, Any]) -> None:
    """Record an act of the operator on the whole server in the log of every organisation.

    Without the schema's other tables: it may be older than the program, where a backup of an older one was restored.
    """
    with closing(connect(path)) as connection:
        if schema_version(connection) < AUDIT_SINCE:
            return
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN IMMEDIATE")
        for (org_id,) in connection.execute(statements()["list_organization_ids"]).fetchall():
            _append_all(connection, OrgId(org_id), [_of_operator(OrgId(org_id), action, now_us, details)])
        connection.execute("COMMIT")


def _of_operator(org_id: OrgId, action: str, now_us: int, details: dict[str, Any]) -> AuditEntry:
    actor = Actor.operator(org_id)
    return AuditEntry(
        org_id=org_id,
        seq=AuditSeq(0),
        time_us=now_us,
        action=action,
        actor_kind=actor.kind.value,
        actor_id="",
        actor_name=actor.name,
        address="",
        target=Target("server"),
        details=details,
    )


def stored_chains(connection: sqlite3.Connection) -> Iterator[tuple[OrgId, Head | None, Iterator[AuditEntry]]]:
    """Every organisation's head, if it is stored, with its entries, oldest first, to be read before the next one."""
    connection.row_factory = sqlite3.Row
    heads = {row["org_id"]: Head(**dict(row)) for row in connection.execute(statements()["list_audit_heads"]).fetchall()}
    for (org_id,) in connection.execute(statements()["list_organization_ids"]).fetchall():
        yield OrgId(org_id), heads.get(org_id), map(_entry, connection.execute(statements()["scan_audit"], {"org_id": org_id}))


def _best_query(filters: AuditFilter) -> str:
    """The query with the most selective index. A prefix of actions is frequent enough for a scan from the newest entry."""
    if filters.target is not None:
        return "list_audit_by_target"
    if filters.action is not None and not filters.action.endswith("*"):
        return "list_audit_by_action"
    if filters.actor is not None and "@" in filters.actor:  # an e-mail is always the actor's name in the log
        return "list_audit_by_actor"
    return "list_audit"


def _filter(filters: AuditFilter) -> dict[str, Any]:
    is_prefix = filters.action is not None and filters.action.endswith("*")
    return {
        "action": None if is_prefix else filters.action,
        "action_prefix": filters.action[:-1] if filters.action is not None and is_prefix else None,
        "actor": filters.actor,
        "target_kind": filters.target_kind,
        "target": filters.target,
        "outcome": filters.outcome,
        "from_us": filters.from_us,
        "to_us": filters.to_us,
    }


def _params(entry: AuditEntry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "time_us": entry.time_us,
        "action": entry.action,
        "actor_kind": entry.actor_kind,
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name,
        "address": entry.address,
        "target_kind": entry.target.kind,
        "target_id": entry.target.id,
        "target_name": entry.target.name,
        "outcome": entry.outcome,
        "details": msgspec.json.encode(entry.details).decode(),
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
    }


def _entry(row: sqlite3.Row) -> AuditEntry:
    found = dict(row)
    target = Target(found.pop("target_kind"), found.pop("target_id"), found.pop("target_name"))
    outcome, details = Outcome(found.pop("outcome")), msgspec.json.decode(found.pop("details"))
    return AuditEntry(**found, target=target, outcome=outcome, details=details)
