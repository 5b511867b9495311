"""The check of `penstock doctor` that verifies every organisation's audit log. It reads all of it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from penstock.adapters.storage.sqlite.audit import stored_chains
from penstock.adapters.storage.sqlite.connection import schema_version
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, known_version
from penstock.adapters.storage.sqlite.soundness import DAMAGE, opened
from penstock.core.audit.chain import Verdict, document, extend
from penstock.core.audit.checking import UNREADABLE, fault_of, fault_of_end
from penstock.core.audit.models import AuditEntry, Head
from penstock.kit.ids import OrgId, Prefix, encode


def broken_chains(data_dir: Path, *, in_use: bool) -> tuple[int, list[str]] | None:
    """The number of verified rows, and what is wrong with each broken chain; None if the database cannot be read.

    What else is wrong with the database, or its schema, is the result of another check.
    """
    try:
        with closing(opened(data_dir / CONTROL_FILE, in_use=in_use)) as connection:
            if schema_version(connection) != known_version():
                return None
            # One state of heads and rows, although a server may be writing.
            connection.execute("BEGIN")
            found = [_verified(*chain) for chain in stored_chains(connection)]
    except DAMAGE:
        return None
    return sum(rows for rows, _ in found), [fault for _, fault in found if fault is not None]


def _verified(org_id: OrgId, head: Head | None, entries: Iterable[AuditEntry]) -> tuple[int, str | None]:
    """The rows of a chain, and what is wrong with it."""
    verdict = Verdict()
    try:
        extend(verdict, map(document, entries))
        fault = fault_of(verdict) or fault_of_end(verdict, head)
    except UNREADABLE:
        fault = f"a row after row {verdict.last_seq} cannot be read"
    return verdict.rows, fault and f"{encode(Prefix.ORGANIZATION, org_id)}: {fault}"
