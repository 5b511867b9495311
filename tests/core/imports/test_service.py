"""What an import needs, how many there can be, and how they end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from penstock.core.actor import Actor, ActorKind, ScopeMissing
from penstock.core.audit.trail import AuditTrail
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.service import DeviceService
from penstock.core.imports.errors import ImportNotFound, TooManyImports
from penstock.core.imports.models import ImportKind, ImportState
from penstock.core.imports.planning import read_file
from penstock.core.imports.service import MAX_ACTIVE, ImportService
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import SystemClock
from penstock.kit.ids import IdSource, ImportId
from penstock.kit.secret import Pepper
from penstock.settings import load_settings
from tests.support.shelf import Shelf, open_shelf

CONTENT = b"eui,name\n70b3d57ed0060001,A\nno,B\n"
FILE = read_file(CONTENT, ImportKind.DEVICES)
WRITE = frozenset({"devices:write"})


class Prepared:
    """The service over a real database, and how often the worker was woken."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf, self.woken = shelf, 0
        clock, pepper = SystemClock(), Pepper(b"x" * 32)
        plans = PlanCatalogue(shelf.database, load_settings(environment={}).plans)
        devices = DeviceService(
            database=shelf.database,
            directory=DeviceDirectory(shelf.database, pepper),
            plans=plans,
            pepper=pepper,
            trail=AuditTrail(clock),
            ids=IdSource(clock.now_us),
            clock=clock,
            offline_after_us=1,
        )
        self.service = ImportService(
            database=shelf.database,
            devices=devices,
            trail=AuditTrail(clock),
            ids=IdSource(clock.now_us),
            clock=clock,
            on_start=self.wake,
        )

    def wake(self) -> None:
        self.woken += 1

    def actor(self, scopes: frozenset[str] = WRITE) -> Actor:
        return Actor(org_id=self.shelf.acme, kind=ActorKind.KEY, id=1, name="a key", scopes=scopes)


@asynccontextmanager
async def prepared(folder: Path) -> AsyncIterator[Prepared]:
    async with open_shelf(folder) as shelf:
        yield Prepared(shelf)


async def test_imports_wait_up_to_a_limit_and_end_by_a_cancellation(tmp_path: Path) -> None:
    async with prepared(tmp_path) as one:
        service, actor = one.service, one.actor()
        made = [await service.start(actor, ImportKind.DEVICES, CONTENT, FILE) for _ in range(MAX_ACTIVE)]
        assert (made[0].state, made[0].rows, one.woken) == (ImportState.QUEUED, 2, MAX_ACTIVE)
        with pytest.raises(TooManyImports):
            await service.start(actor, ImportKind.DEVICES, CONTENT, FILE)
        cancelled = await service.cancel(actor, made[0].id)
        assert cancelled.state is ImportState.CANCELLED
        assert await service.cancel(actor, made[0].id) == cancelled == await service.get(actor, made[0].id)
        await service.start(actor, ImportKind.DEVICES, CONTENT, FILE)
        first = await service.list(actor, 6, None)
        rest = await service.list(actor, 6, first.next_cursor)
        assert [one.id for one in [*first.items, *rest.items]][-1] == made[0].id
        with pytest.raises(ImportNotFound):
            await service.get(actor, ImportId(5))


async def test_a_dry_run_is_a_finished_import_with_faults(tmp_path: Path) -> None:
    async with prepared(tmp_path) as one:
        found = (await one.service.try_out(one.actor(), ImportKind.DEVICES, FILE)).found
        assert (found.state, found.counts.made, found.counts.failed, one.woken) == (ImportState.DONE, 1, 1, 0)
        assert [fault.row for fault in (await one.service.faults(one.actor(), found.id, 9, None)).items] == [3]


@pytest.mark.parametrize(
    ("kind", "scopes", "missing"),
    [
        (ImportKind.RESIDENTS, WRITE, "customers:write"),
        (ImportKind.PLACEMENTS, WRITE, "customers:read"),
        (ImportKind.DEVICES, frozenset({"customers:write"}), "devices:write"),
    ],
)
async def test_an_import_needs_the_scopes_of_single_calls(
    tmp_path: Path, kind: ImportKind, scopes: frozenset[str], missing: str
) -> None:
    async with prepared(tmp_path) as one:
        with pytest.raises(ScopeMissing, match=missing):
            await one.service.try_out(one.actor(scopes), kind, FILE)
        with pytest.raises(ScopeMissing, match=missing):
            await one.service.start(one.actor(scopes), kind, CONTENT, FILE)
