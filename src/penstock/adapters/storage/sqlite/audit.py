"""The audit log: rows to entries, and the next place in the chain."""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.audit.chain import FIRST_HASH, chained
from penstock.core.audit.models import AuditEntry, AuditFilter, Head, Outcome, Target
from penstock.kit.ids import MAX_ID, OrgId


class SqliteAudit:
    """Implements `AuditStore`. One writer at a time: the chain cannot fork."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def append(self, entry: AuditEntry) -> AuditEntry:
        head = await self.head()
        seq = head.seq + 1 if head else 1
        entry = chained(msgspec.structs.replace(entry, seq=seq), head.hash if head else FIRST_HASH)
        await self._session.run("create_audit_entry", _params(entry) | {"org_id": self._org_id})
        moved = {"org_id": self._org_id, "seq": seq, "hash": entry.hash, "time_us": entry.time_us}
        await self._session.run("set_audit_head", moved)
        return entry

    async def newest(self, wanted: AuditFilter, limit: int, before_seq: int | None = None) -> list[AuditEntry]:
        params = _filter(wanted) | {"org_id": self._org_id, "limit": limit, "before_seq": before_seq or MAX_ID, "after_seq": 0}
        if wanted.from_us is not None or wanted.to_us is not None:
            await self._narrow(params)
        return [_entry(row) for row in await self._session.all(_best_query(wanted), params)]

    async def oldest(self, wanted: AuditFilter, limit: int, after_seq: int) -> list[AuditEntry]:
        params = _filter(wanted) | {"org_id": self._org_id, "limit": limit, "after_seq": after_seq}
        return [_entry(row) for row in await self._session.all("page_audit", params)]

    async def head(self) -> Head | None:
        row = await self._session.one("find_audit_head", {"org_id": self._org_id})
        return Head(**dict(row)) if row else None

    async def drop_before(self, before_us: int) -> int:
        return await self._session.run("drop_audit_before", {"org_id": self._org_id, "before_us": before_us})

    async def _narrow(self, params: dict[str, Any]) -> None:
        """Turn a stretch of time into a stretch of numbers, so that the scan begins and ends near it."""
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


def _best_query(wanted: AuditFilter) -> str:
    """The query whose index narrows most. A prefix of actions is common enough for a scan from the newest."""
    if wanted.target is not None:
        return "list_audit_by_target"
    if wanted.action is not None and not wanted.action.endswith("*"):
        return "list_audit_by_action"
    if wanted.actor is not None and "@" in wanted.actor:  # an e-mail is always the name in the log
        return "list_audit_by_actor"
    return "list_audit"


def _filter(wanted: AuditFilter) -> dict[str, Any]:
    is_prefix = wanted.action is not None and wanted.action.endswith("*")
    return {
        "action": None if is_prefix else wanted.action,
        "action_prefix": wanted.action[:-1] if wanted.action is not None and is_prefix else None,
        "actor": wanted.actor,
        "target_kind": wanted.target_kind,
        "target": wanted.target,
        "outcome": wanted.outcome,
        "from_us": wanted.from_us,
        "to_us": wanted.to_us,
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
