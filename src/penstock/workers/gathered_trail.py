"""Entries about acts that change nothing, such as the read of a code: those of concurrent calls are committed together.

Theory of operation. A commit waits for the disk. While one is running, the entries of other calls gather; the next commit takes
all of them. A call continues after the commit that has its entry, so none is answered without it.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

import msgspec
import structlog

from penstock.core.actor import Actor
from penstock.core.audit.models import AuditEntry, Outcome, Target
from penstock.core.audit.store import HasAudit
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OpensOrganizations, SystemDatabase
from penstock.kit.errors import InternalError, PenstockError
from penstock.kit.ids import OrgId

MAX_ACTS = 1_000
"""In one commit: other writers wait for it."""
_log = structlog.get_logger()


class _Act(msgspec.Struct, frozen=True):
    actor: Actor
    action: str
    target: Target
    details: dict[str, Any]
    done: asyncio.Future[PenstockError | None]


class GatheredTrail:
    """Implements `ActTrail`."""

    def __init__(self, database: SystemDatabase[OpensOrganizations[HasAudit]], trail: AuditTrail) -> None:
        self._database = database
        self._trail = trail
        self._waiting: list[_Act] = []
        self._committing: asyncio.Task[None] | None = None

    async def record(self, actor: Actor, action: str, target: Target, **details: Any) -> None:
        done: asyncio.Future[PenstockError | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Act(actor, action, target, details, done))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit())
        error = await done
        if error is not None:
            # A new one for each call: an error contains the frames that it was raised through.
            raise type(error)(errors=error.errors, **error.facts)

    async def _commit(self) -> None:
        try:
            while self._waiting:
                acts, self._waiting = self._waiting[:MAX_ACTS], self._waiting[MAX_ACTS:]
                outcome = await self._outcome(acts)
                for act in acts:
                    if not act.done.done():  # its caller has gone
                        act.done.set_result(outcome)
        finally:
            self._committing = None

    async def _outcome(self, acts: list[_Act]) -> PenstockError | None:
        try:
            async with self._database.system() as tx:
                # Built inside, so that the times of entries have the order of their numbers.
                for org_id, entries in self._entries(acts).items():
                    await tx.for_organization(org_id).audit.append_all(entries)
        except PenstockError as error:
            return error.with_traceback(None)
        except Exception as error:
            _log.error("audit_failed", exc_info=error)
            return InternalError()
        return None

    def _entries(self, acts: list[_Act]) -> dict[OrgId, list[AuditEntry]]:
        entries: dict[OrgId, list[AuditEntry]] = defaultdict(list)
        for act in acts:
            entry = self._trail.entry(act.actor, act.action, act.target, Outcome.SUCCESS, act.details)
            entries[act.actor.org_id].append(entry)
        return entries
