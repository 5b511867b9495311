"""Runs imports, a batch of rows at a time.

Theory of operation. A batch is one transaction around the use cases of its rows: each row is a part of it, so that a row that
fails is rolled back alone, and the count of the rows commits with their effects. After a crash the file is read again, and the
import continues after the last batch that was committed: no row is carried out twice.

A cancellation is a change of the state in the database, which the next batch finds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.customers.models import Resident
from penstock.core.customers.placement import PlacementService
from penstock.core.customers.service import CustomerService
from penstock.core.database import HoldingDatabase, SystemDatabase
from penstock.core.devices.service import DeviceService
from penstock.core.imports.acting import decode_actor
from penstock.core.imports.known import Known, look_up
from penstock.core.imports.models import (
    AddResident,
    CreateDevice,
    DueImport,
    Fault,
    Import,
    ImportState,
    PlaceDevice,
    Planned,
    RenameResident,
    SetMeter,
    Step,
    UpdateDevice,
)
from penstock.core.imports.planning import File, note, plan, read_file
from penstock.core.imports.service import SCOPES, target_of
from penstock.core.imports.store import HasSystemImports, ImportTransaction
from penstock.core.imports.table import Row
from penstock.core.meters.setup import MeterSetup
from penstock.core.people.standing import scopes_now
from penstock.kit.clock import Clock
from penstock.kit.errors import PenstockError
from penstock.kit.ids import ImportId, OrgId

BATCH = 50


class ImportDatabase(HoldingDatabase[ImportTransaction], SystemDatabase[HasSystemImports], Protocol):
    """The database of the runner."""


class UseCases(msgspec.Struct, frozen=True, kw_only=True):
    """What carries out the rows."""

    devices: DeviceService
    meters: MeterSetup
    customers: CustomerService
    placements: PlacementService

    async def carry_out(self, actor: Actor, step: Step) -> Resident | None:
        """Carry out what a row leads to. Returns the resident that it added.

        Raises:
            PenstockError: as a single call would.
        """
        match step:
            case CreateDevice(new):
                await self.devices.create(actor, new)
            case UpdateDevice(after, patch):
                await self.devices.update(actor, after.id, patch)
            case SetMeter(device_id, settings):
                await self.meters.set(actor, device_id, settings)
            case AddResident(customer_id, resident):
                return await self.customers.create_resident(actor, customer_id, resident)
            case RenameResident(renamed):
                await self.customers.rename_resident(actor, renamed.customer_id, renamed.id, renamed.name)
            case PlaceDevice(device_id, customer, resident, from_us):
                await self.placements.place(actor, device_id, customer, resident, from_us)
        return None


class ImportRunner:
    """Runs the imports of all organisations by turns."""

    def __init__(self, *, database: ImportDatabase, use_cases: UseCases, trail: AuditTrail, clock: Clock) -> None:
        self._database = database
        self._use_cases = use_cases
        self._trail = trail
        self._clock = clock
        self._files: dict[ImportId, File] = {}
        self.rows = 0
        """How many rows were processed since the start."""
        self.unfinished = 0
        """How many organisations have an import that is queued or running."""

    async def step(self) -> bool:
        """Work on a batch of each organisation's import. Returns whether there is more immediately."""
        async with self._database.system_snapshot() as tx:
            due = await tx.imports.due()
        self.unfinished = len(due)
        self._files = {one.id: self._files[one.id] for one in due if one.id in self._files}
        errors = []
        for one in due:
            try:
                await self._work(one)
            except PenstockError as error:
                errors.append(error)  # after the other organisations' turns
        if errors:
            raise errors[0]
        return bool(due)

    async def _work(self, due: DueImport) -> None:
        file = self._files.get(due.id) or await self._open(due)
        if file is None:
            return
        self._files[due.id] = file
        async with self._database.held(due.org_id, _begin) as begun:
            tx = await begun()
            found = await tx.imports.find(due.id)
            if found is None or not found.is_active:
                return
            actor = decode_actor(due.org_id, found.actor)
            if not {*SCOPES[found.kind]} <= await scopes_now(tx, actor):
                await self._cancel(tx, due.org_id, found)
                return
            rows = file.rows[found.counts.done : found.counts.done + BATCH]
            counted, faults = await self._carry_out(tx, actor, found, rows, file.again)
            await tx.imports.add_faults(found.id, faults)
            await self._store(tx, actor, counted, is_last=counted.counts.done >= len(file.rows))
        self.rows += len(rows)

    async def _cancel(self, tx: ImportTransaction, org_id: OrgId, found: Import) -> None:
        """End an import whose author has lost the access that it needs: what they started must not outlast it."""
        ended = msgspec.structs.replace(found, state=ImportState.CANCELLED, finished_us=self._clock.now_us())
        await tx.imports.update(ended)
        facts = msgspec.structs.asdict(ended.counts) | {"reason": "the author no longer has access"}
        await self._trail.record(tx, Actor.system(org_id), "import.cancel", target_of(ended), **facts)

    async def _open(self, due: DueImport) -> File | None:
        """Read the file of an import, at its beginning and after a restart."""
        async with self._database.snapshot(due.org_id) as tx:
            found, content = await tx.imports.find(due.id), await tx.imports.file(due.id)
        if found is None or content is None:
            return None
        return await asyncio.to_thread(read_file, content, found.kind)

    async def _carry_out(
        self, tx: ImportTransaction, actor: Actor, found: Import, rows: Sequence[Row], again: dict[int, Fault]
    ) -> tuple[Import, list[Fault]]:
        limit = await self._use_cases.devices.limit_of(actor)
        known = await look_up(tx, found.kind, rows, self._clock.now_us(), limit)
        counts = msgspec.structs.asdict(found.counts)
        faults: list[Fault] = []
        for row in rows:
            planned = plan(found.kind, row, known, again.get(row.number))
            outcome = planned if isinstance(planned, list) else await self._try(actor, row, planned, known)
            if isinstance(outcome, list):
                faults += outcome
            counts["failed" if isinstance(outcome, list) else outcome.outcome] += 1
        return msgspec.structs.replace(found, counts=type(found.counts)(**counts)), faults

    async def _try(self, actor: Actor, row: Row, planned: Planned, known: Known) -> Planned | list[Fault]:
        """Carry out a row. What it would have changed is then known for the next ones."""
        if planned.step is not None:
            try:
                made = await self._use_cases.carry_out(actor, planned.step)
            except PenstockError as error:
                if error.of_server:
                    raise
                return [Fault(row.number, one.field, one.detail) for one in error.errors] or [Fault(row.number, "", error.detail)]
            note(planned, known, made)
        return planned

    async def _store(self, tx: ImportTransaction, actor: Actor, counted: Import, *, is_last: bool) -> None:
        now_us = self._clock.now_us()
        after = msgspec.structs.replace(counted, state=ImportState.RUNNING, started_us=counted.started_us or now_us)
        if is_last:
            after = msgspec.structs.replace(after, state=ImportState.DONE, finished_us=now_us)
            counts = msgspec.structs.asdict(after.counts)
            await self._trail.record(tx, actor, "import.finish", target_of(after), kind=after.kind.value, **counts)
        await tx.imports.update(after)


async def _begin(tx: ImportTransaction) -> None:
    """Nothing has to be checked when the transaction begins."""
