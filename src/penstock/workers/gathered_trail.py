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
MAX_REFUSED = 3
"""Organisations whose entries are refused alone too, after which it is an outage of all: to try each would only take longer."""
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
                for act, outcome in await self._outcomes(acts):
                    if not act.done.done():  # its caller has gone
                        act.done.set_result(outcome)
        finally:
            self._committing = None

    async def _outcomes(self, acts: list[_Act]) -> list[tuple[_Act, PenstockError | None]]:
        """Each act with its error: what one organisation's log refuses must not stop the others."""
        outcome = await self._outcome(acts)
        owners: dict[OrgId, list[_Act]] = defaultdict(list)
        for act in acts:
            owners[act.actor.org_id].append(act)
        if outcome is None or len(owners) == 1:
            return [(act, outcome) for act in acts]
        found: dict[OrgId, PenstockError | None] = {}
        for org_id, own in owners.items():
            refused = sum(one is not None for one in found.values())
            found[org_id] = outcome if refused >= MAX_REFUSED else await self._outcome(own)
        return [(act, found[act.actor.org_id]) for act in acts]

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
