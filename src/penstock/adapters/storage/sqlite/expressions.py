"""Counts of failed evaluations: maps rows to models."""

from __future__ import annotations

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.expressions.error_counts import CountedErrors, ErrorCount, Use
from penstock.kit.ids import OrgId


class SqliteErrorCounts:
    """Implements `ErrorCountStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def save(self, counted: CountedErrors) -> None:
        key = {"org_id": self._org_id, "kind": counted.use.value, "subject_id": counted.subject_id}
        errors = counted.errors
        if not errors.count:
            await self._session.run("remove_evaluation_errors", key)
            return
        values = {"errors": errors.count, "last_error": errors.reason or "", "last_us": errors.last_us or 0}
        await self._session.run("save_evaluation_errors", key | values)


class SqliteSystemErrorCounts:
    """Implements `SystemErrorCountStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list(self) -> list[CountedErrors]:
        return [
            CountedErrors(
                OrgId(row["org_id"]),
                Use(row["kind"]),
                row["subject_id"],
                ErrorCount(row["errors"], row["last_error"], row["last_us"]),
            )
            for row in await self._session.all("list_evaluation_errors_of_all", {})
        ]
