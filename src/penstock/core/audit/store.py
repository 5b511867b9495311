"""The stores of the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.audit.models import AuditEntry, AuditFilter, Head
from penstock.kit.ids import AuditSeq, OrgId


class AuditStore(Protocol):
    """The audit log of the transaction's organisation. An entry cannot be changed."""

    async def append(self, entry: AuditEntry) -> AuditEntry:
        """Add an entry in the running transaction; it gets its number and its place in the chain."""

    async def append_all(self, entries: Sequence[AuditEntry]) -> list[AuditEntry]:
        """Add entries in their order, as `append` does each."""

    async def newest(self, filters: AuditFilter, limit: int, before_seq: AuditSeq | None = None) -> list[AuditEntry]:
        """Entries, newest first."""

    async def oldest(self, filters: AuditFilter, limit: int, after_seq: AuditSeq) -> list[AuditEntry]:
        """Entries, oldest first, for exports."""

    async def head(self) -> Head | None:
        """The head of the chain; None before the first entry."""

    async def drop_before(self, before_us: int) -> int:
        """Delete the entries before this time; returns how many. The rest of the chain still verifies."""


class AuditHeads(Protocol):
    """The heads of all organisations' chains."""

    async def all(self) -> list[Head]:
        """All heads, by organisation id."""

    async def owners(self) -> list[OrgId]:
        """All organisations, also those whose chain has no head."""


class HasAudit(Protocol):
    """A transaction with the audit log."""

    @property
    def audit(self) -> AuditStore:
        """The audit log."""


class HasAuditHeads(Protocol):
    """A transaction across organisations with the heads of audit logs."""

    @property
    def audit_heads(self) -> AuditHeads:
        """The heads of the audit logs' chains."""
