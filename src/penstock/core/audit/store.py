"""What the audit log needs of a store."""

from __future__ import annotations

from typing import Protocol

from penstock.core.audit.models import AuditEntry, AuditFilter, Head


class AuditStore(Protocol):
    """The audit log of the transaction's organisation. There is no way to change an entry."""

    async def append(self, entry: AuditEntry) -> AuditEntry:
        """Add an entry in the running transaction; it gets its number and its place in the chain."""

    async def newest(self, wanted: AuditFilter, limit: int, before_seq: int | None = None) -> list[AuditEntry]:
        """Entries newest first."""

    async def oldest(self, wanted: AuditFilter, limit: int, after_seq: int) -> list[AuditEntry]:
        """Entries oldest first, for exports."""

    async def head(self) -> Head | None:
        """Where the chain stands; None before the first entry."""

    async def drop_before(self, before_us: int) -> int:
        """Remove the oldest entries; how many. What stays continues to verify."""


class AuditHeads(Protocol):
    """The heads of every organisation's chain."""

    async def all(self) -> list[Head]:
        """All heads, by organisation id."""


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
