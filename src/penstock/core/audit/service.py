"""Use cases that read the audit log."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

from penstock.core.actor import Actor
from penstock.core.audit.chain import FIRST_HASH, Verdict, document, extend
from penstock.core.audit.checking import fault_of, fault_of_end
from penstock.core.audit.models import AuditEntry, AuditFilter, Head, Verified
from penstock.core.audit.store import HasAudit, HasAuditHeads
from penstock.core.database import Database
from penstock.kit.ids import AuditSeq, OrgId, Prefix, encode
from penstock.kit.paging import Page, decode_cursor, encode_cursor, page_of

EXPORT_PAGE = 1_000
"""Maximum rows of an export in memory at a time."""
VERIFIED_PAGE = 500
PAGES_OF_VERIFICATION = 20
"""One call verifies up to this many pages of this many rows: others must not wait for it."""


class AuditService:
    """The audit log of an organisation."""

    def __init__(self, database: Database[HasAudit, HasAuditHeads]) -> None:
        self._database = database

    async def export(self, actor: Actor, filters: AuditFilter) -> AsyncIterator[list[AuditEntry]]:
        """Yield all entries, oldest first, page by page."""
        after_seq = AuditSeq(0)
        while True:
            # A snapshot for each page, so that a slow download keeps none open. Entries never change, so the pages are
            # consistent.
            async with self._database.snapshot(actor.org_id) as tx:
                rows = await tx.audit.oldest(filters, EXPORT_PAGE, after_seq)
            if rows:
                yield rows
            if len(rows) < EXPORT_PAGE:
                return
            after_seq = rows[-1].seq

    async def list(self, actor: Actor, filters: AuditFilter, limit: int, cursor: str | None) -> Page[AuditEntry]:
        """Return a page of entries, newest first."""
        before = decode_cursor(cursor, tuple[AuditSeq])
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.audit.newest(filters, limit + 1, before[0] if before else None)
        return page_of(found, limit, lambda last: (last.seq,))

    async def head(self, actor: Actor) -> Head:
        """Return the head of the organisation's chain."""
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.audit.head() or Head(actor.org_id, AuditSeq(0), FIRST_HASH, 0)

    async def verify(self, actor: Actor, cursor: str | None) -> Verified:
        """Verify the stored chain from its start, or from where the previous call ended, up to a number of rows at a time.

        Raises:
            InvalidInput: the cursor is not one of a verification.
        """
        key = decode_cursor(cursor, tuple[AuditSeq, str])
        # From the hash in the cursor on: a chain that was rewritten since does not continue from it.
        verdict = Verdict(rows=1, first_seq=key[0], last_seq=key[0], last_hash=key[1]) if key else Verdict()
        carried = verdict.rows
        for _ in range(PAGES_OF_VERIFICATION):
            async with self._database.snapshot(actor.org_id) as tx:
                rows = await tx.audit.oldest(AuditFilter(), VERIFIED_PAGE, verdict.last_seq)
                head = await tx.audit.head()
            extend(verdict, [document(row) for row in rows])
            ended = len(rows) < VERIFIED_PAGE
            fault = fault_of(verdict) or (fault_of_end(verdict, head) if ended else None)
            if fault is not None or ended:
                return Verified(verdict.rows - carried, verdict.last_seq, verdict.last_hash, fault, None)
        following = encode_cursor(verdict.last_seq, verdict.last_hash)
        return Verified(verdict.rows - carried, verdict.last_seq, verdict.last_hash, None, following)

    async def common_head(self) -> Head:
        """Return one head over all chains, for publication: SHA-256 over lines `org_… seq hash`, ordered by organisation id.

        `seq` is the total number of entries in all chains. It reveals to an outsider only that something was recorded.
        """
        async with self._database.system_snapshot() as tx:
            heads = await tx.audit_heads.all()
        text = "".join(f"{encode(Prefix.ORGANIZATION, head.org_id)} {head.seq} {head.hash}\n" for head in heads)
        latest_us = max((head.time_us for head in heads), default=0)
        total = AuditSeq(sum(head.seq for head in heads))
        return Head(OrgId(0), total, hashlib.sha256(text.encode()).hexdigest(), latest_us)
