"""Use cases on imports: check a file, start an import, read, cancel."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.service import DeviceService
from penstock.core.imports.acting import encode_actor
from penstock.core.imports.errors import ImportNotFound, TooManyImports
from penstock.core.imports.known import Known, look_up
from penstock.core.imports.models import Counts, DryRun, Fault, Import, ImportKind, ImportState, PreviewRow
from penstock.core.imports.planning import File, note, plan
from penstock.core.imports.store import ImportTransaction
from penstock.kit.clock import Clock
from penstock.kit.ids import MAX_ID, IdSource, ImportId, Prefix, encode
from penstock.kit.paging import Page, decode_cursor, page_of

MAX_ACTIVE = 10
"""Imports of an organisation that have not ended."""
KEPT = 200
"""Imports of an organisation that have ended and can still be read."""
PREVIEW = 100
"""Rows that a dry run shows."""
PART = 100
"""Rows that are looked up together, so that planning them does not keep other tasks waiting."""
SCOPES = {
    ImportKind.DEVICES: ("devices:write",),
    ImportKind.REGISTERS: ("devices:write",),
    ImportKind.RESIDENTS: ("customers:write",),
    ImportKind.PLACEMENTS: ("customers:read", "devices:write"),
}
"""What an import needs in addition to the scope of the operation: as single calls do, and to see who the customers are."""


class ImportService:
    """Imports of an organisation. `on_start` is called when one was created, to wake the worker."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[ImportTransaction],
        devices: DeviceService,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        on_start: Callable[[], None],
    ) -> None:
        self._database = database
        self._devices = devices
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._on_start = on_start

    async def start(self, actor: Actor, kind: ImportKind, content: bytes, file: File) -> Import:
        """Create an import of a file. It runs in the background.

        Raises:
            ScopeMissing, TooManyImports.
        """
        actor.require_all(SCOPES[kind])
        made = self._new(actor, kind, len(file.rows))
        async with self._database.transaction(actor.org_id) as tx:
            if await tx.imports.count_active() >= MAX_ACTIVE:
                raise TooManyImports(limit=MAX_ACTIVE)
            await tx.imports.create(made, content)
            await tx.imports.drop_old(KEPT)
            await self._trail.record(tx, actor, "import.start", target_of(made), kind=kind.value, rows=made.rows)
        self._on_start()
        return made

    async def try_out(self, actor: Actor, kind: ImportKind, file: File) -> DryRun:
        """Check the rows of a file against what is stored, and change nothing but the list of imports.

        Raises:
            ScopeMissing.
        """
        actor.require_all(SCOPES[kind])
        limit = await self._devices.limit_of(actor)
        async with self._database.snapshot(actor.org_id) as tx:
            counts, faults, preview = await _tried(tx, kind, file, limit, self._clock.now_us())
        now_us = self._clock.now_us()
        ended = msgspec.structs.replace(
            self._new(actor, kind, len(file.rows)),
            is_dry_run=True,
            state=ImportState.DONE,
            counts=counts,
            started_us=now_us,
            finished_us=now_us,
        )
        async with self._database.transaction(actor.org_id) as tx:
            await tx.imports.create(ended, None)
            await tx.imports.add_faults(ended.id, faults)
            await tx.imports.drop_old(KEPT)
        return DryRun(ended, preview)

    async def get(self, actor: Actor, import_id: ImportId) -> Import:
        """Return an import with its progress.

        Raises:
            ImportNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, import_id)

    async def list(self, actor: Actor, limit: int, cursor: str | None) -> Page[Import]:
        """Return a page of imports, newest first."""
        before = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.imports.list(limit + 1, before[0] if before else MAX_ID)
        return page_of(found, limit, lambda one: (one.id,))

    async def faults(self, actor: Actor, import_id: ImportId, limit: int, cursor: str | None) -> Page[Fault]:
        """Return a page of the faults of rows, in the order of the file.

        Raises:
            ImportNotFound.
        """
        after = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            await _get(tx, import_id)
            found = await tx.imports.faults(import_id, limit + 1, after[0] if after else 0)
        page = page_of(found, limit, lambda one: (one[0],))
        return Page(items=[fault for _, fault in page.items], next_cursor=page.next_cursor)

    async def cancel(self, actor: Actor, import_id: ImportId) -> Import:
        """End an import. The rows that were imported stay so. One that has ended is unchanged.

        Raises:
            ImportNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            found = await _get(tx, import_id)
            if not found.is_active:
                return found
            ended = msgspec.structs.replace(found, state=ImportState.CANCELLED, finished_us=self._clock.now_us())
            await tx.imports.update(ended)
            await self._trail.record(tx, actor, "import.cancel", target_of(ended), **msgspec.structs.asdict(ended.counts))
        return ended

    def _new(self, actor: Actor, kind: ImportKind, rows: int) -> Import:
        return Import(
            id=self._ids.next(ImportId),
            kind=kind,
            is_dry_run=False,
            state=ImportState.QUEUED,
            rows=rows,
            author=actor.name or actor.kind.value,
            actor=encode_actor(actor),
            created_us=self._clock.now_us(),
        )


def target_of(found: Import) -> Target:
    """The import as the target of an audit entry."""
    return Target("import", encode(Prefix.IMPORT, found.id))


async def _get(tx: ImportTransaction, import_id: ImportId) -> Import:
    found = await tx.imports.find(import_id)
    if found is None:
        raise ImportNotFound(import_id=encode(Prefix.IMPORT, import_id))
    return found


async def _tried(
    tx: ImportTransaction, kind: ImportKind, file: File, limit: int | None, now_us: int
) -> tuple[Counts, list[Fault], list[PreviewRow]]:
    """What would become of the rows of a file, and the faults of those that cannot be imported."""
    rest = iter(file.rows)
    counts: dict[str, int] = {}
    faults: list[Fault] = []
    preview: list[PreviewRow] = []
    known: Known | None = None
    while part := list(islice(rest, PART)):
        known = await look_up(tx, kind, part, now_us, limit, known)
        for row in part:
            planned = plan(kind, row, known, file.again.get(row.number))
            if isinstance(planned, list):
                faults += planned
                counts["failed"] = counts.get("failed", 0) + 1
                continue
            note(planned, known)
            counts[planned.outcome] = counts.get(planned.outcome, 0) + 1
            if len(preview) < PREVIEW:
                preview.append(PreviewRow(row.number, planned.outcome, planned.name))
    return Counts(**counts), faults, preview
