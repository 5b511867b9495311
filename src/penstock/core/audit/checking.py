"""Verifies the stored chains of all organisations, a few rows at a time.

Theory of operation. A pass takes the organisations one after the other and reads each chain from its oldest row. Rows must follow
one another without a gap, and the last one must be the stored head. Only retention removes rows, and only the oldest: when rows
seem to be missing and none before them is left, it has run in the meantime, and the rest is verified from its new beginning.
"""

from __future__ import annotations

import msgspec

from penstock.core.audit.chain import Verdict, document, extend
from penstock.core.audit.models import AuditFilter, Head
from penstock.core.audit.store import HasAudit, HasAuditHeads
from penstock.core.database import Database
from penstock.kit.errors import PenstockError
from penstock.kit.ids import AuditSeq, OrgId, Prefix, encode

UNREADABLE = (ValueError, msgspec.DecodeError)
"""Why a row cannot be read that has another form than any that was written."""
ROWS_PER_STEP = 500
"""Rows read and hashed without a pause: about 5 ms of computing."""


class BrokenChain(msgspec.Struct, frozen=True):
    """An organisation whose audit log does not verify, by public id, and why not."""

    organization_id: str
    reason: str


class ChainChecker:
    """One pass after another over all chains. `broken` are the findings of the current pass and of the one before."""

    def __init__(self, database: Database[HasAudit, HasAuditHeads]) -> None:
        self._database = database
        self._waiting: list[OrgId] | None = None
        self._verdict = Verdict()
        self._found: list[BrokenChain] = []
        self._last_found: list[BrokenChain] = []
        self.rows = 0

    @property
    def broken(self) -> list[BrokenChain]:
        ids = {one.organization_id for one in self._found}
        return [*self._found, *(one for one in self._last_found if one.organization_id not in ids)]

    async def step(self) -> BrokenChain | bool:
        """Verify some rows. Returns what is broken, or whether the pass continues."""
        if self._waiting is None:
            async with self._database.system_snapshot() as tx:
                self._waiting = await tx.audit_heads.owners()
        if not self._waiting:
            self._waiting, self._last_found, self._found = None, self._found, []
            return False
        reason, ended = await self._check(self._waiting[0])
        if reason is None and not ended:
            return True
        org_id = self._waiting.pop(0)
        self._verdict = Verdict()
        if reason is None:
            return True
        found = BrokenChain(encode(Prefix.ORGANIZATION, org_id), reason)
        self._found.append(found)
        return found

    async def _check(self, org_id: OrgId) -> tuple[str | None, bool]:
        """Verify the next rows of a chain. Returns what is wrong with them, and whether they are the last."""
        try:
            async with self._database.snapshot(org_id) as tx:
                rows = await tx.audit.oldest(AuditFilter(), ROWS_PER_STEP, self._verdict.last_seq)
                oldest = await tx.audit.oldest(AuditFilter(), 1, AuditSeq(0))
                head = await tx.audit.head()
        except PenstockError as error:
            # The database reports a value that it cannot convert; any other error is about the database, not about the chain.
            if not isinstance(error.__cause__, UNREADABLE):
                raise
            return f"a row after row {self._verdict.last_seq} cannot be read", True
        if rows and oldest[0].seq == rows[0].seq > self._verdict.last_seq + 1:
            self._verdict = Verdict()
        verdict = extend(self._verdict, [document(row) for row in rows])
        self.rows += len(rows)
        ended = len(rows) < ROWS_PER_STEP
        return fault_of(verdict) or (fault_of_end(verdict, head) if ended else None), ended


def fault_of(verdict: Verdict) -> str | None:
    """What is wrong with stored rows. Unlike in a filtered export, none may be missing between them."""
    if verdict.broken is not None:
        return verdict.broken
    return None if verdict.gap is None else f"rows {verdict.gap[0]} to {verdict.gap[1]} are missing"


def fault_of_end(verdict: Verdict, head: Head | None) -> str | None:
    """What is wrong with the last stored row."""
    if head is None:
        return f"the last row is {verdict.last_seq}, but there is no head" if verdict.last_seq else None
    if (verdict.last_seq, verdict.last_hash) == (head.seq, head.hash):
        return None
    return f"the last row is {verdict.last_seq}, but the head is row {head.seq}, or has another hash"
