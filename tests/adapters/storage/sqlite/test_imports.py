"""Imports as rows: whole, with their file and faults, and which are due."""

from __future__ import annotations

import msgspec

from penstock.core.devices.models import Identifier, IdentifierKind
from penstock.core.imports.models import Counts, DueImport, Fault, ImportState
from penstock.kit.ids import MAX_ID, DeviceId, ImportId, ProfileId, ResidentId
from tests.adapters.storage.sqlite.test_profiles import profile
from tests.core.imports.rows import EUI, customer, resident
from tests.core.imports.test_models import made
from tests.support.shelf import Shelf


async def test_an_import_comes_back_as_it_was_and_only_to_its_organisation(shelf: Shelf) -> None:
    first = made(1)
    async with shelf.own() as tx:
        await tx.imports.create(first, b"eui")
        await tx.imports.add_faults(first.id, [Fault(2, "eui", "no"), Fault(3, "", "none")])
        assert (await tx.imports.find(first.id), await tx.imports.file(first.id)) == (first, b"eui")
        running = msgspec.structs.replace(first, state=ImportState.RUNNING, counts=Counts(made=2, failed=1), started_us=4)
        await tx.imports.update(running)
        assert (await tx.imports.find(first.id), await tx.imports.file(first.id)) == (running, b"eui")
    async with shelf.strange() as tx:
        await tx.imports.update(first)
        assert (await tx.imports.find(first.id), await tx.imports.file(first.id)) == (None, None)
        assert (await tx.imports.list(9, MAX_ID), await tx.imports.faults(first.id, 9, 0)) == ([], [])
    async with shelf.own() as tx:
        (position, fault), (_, last) = await tx.imports.faults(first.id, 9, 0)
        assert (fault, last) == (Fault(2, "eui", "no"), Fault(3, "", "none"))
        assert [one for _, one in await tx.imports.faults(first.id, 9, position)] == [last]
        done = msgspec.structs.replace(running, state=ImportState.DONE, finished_us=5)
        await tx.imports.update(done)
        assert (await tx.imports.find(first.id), await tx.imports.file(first.id)) == (done, None)


async def test_the_oldest_that_has_not_ended_is_due(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        for number in (1, 2, 3):
            await tx.imports.create(made(number, finished_us=9 if number == 1 else None), b"x")
        assert ([one.id for one in await tx.imports.list(2, MAX_ID)], await tx.imports.count_active()) == ([3, 2], 2)
        assert [one.id for one in await tx.imports.list(9, 3)] == [2, 1]
    async with shelf.strange() as tx:
        await tx.imports.create(made(4), b"x")
    async with shelf.system() as tx:
        due = sorted(await tx.imports.due(), key=lambda one: one.id)
        assert due == [DueImport(org_id=shelf.acme, id=ImportId(2)), DueImport(org_id=shelf.other, id=ImportId(4))]
    async with shelf.own() as tx:
        await tx.imports.drop_old(0)
        assert [one.id for one in await tx.imports.list(9, MAX_ID)] == [3, 2]


async def test_only_ones_own_old_ones_are_counted_and_dropped(shelf: Shelf) -> None:
    for opened, numbers in ((shelf.strange, (1, 4, 5)), (shelf.own, (2, 3))):
        async with opened() as tx:
            for number in numbers:
                await tx.imports.create(made(number, finished_us=9), b"x")
    async with shelf.own() as tx:
        await tx.imports.drop_old(1)
        assert [one.id for one in await tx.imports.list(9, MAX_ID)] == [3]
    async with shelf.strange() as tx:
        assert [one.id for one in await tx.imports.list(9, MAX_ID)] == [5, 4, 1]


async def test_references_are_found_in_ones_own_organisation(shelf: Shelf) -> None:
    await shelf.add_device(1, eui=EUI)
    eui = Identifier(kind=IdentifierKind.EUI, value=EUI)
    async with shelf.own() as tx:
        await tx.customers.create(customer(5, "north", "House"))
        await tx.residents.create(resident(7, 5, "Erika@example.org"))
        assert await tx.imports.holders([eui]) == {eui: 1}
        assert [one.identifiers for one in await tx.imports.devices([DeviceId(1), DeviceId(2)])] == [[eui]]
        for names in (["north"], ["House"]):
            assert [one.id for one in await tx.imports.customers(names, [])] == [5]
        found = await tx.imports.residents(["erika@example.org", "ERIKA@example.org"], [ResidentId(7)])
        assert [one.id for one in found] == [7]
        await tx.profiles.create(profile(shelf, 1))
        assert await tx.imports.profiles(["none"], []) == []
        for named in ((["meter 1"], []), ([], [ProfileId(1)])):
            assert await tx.imports.profiles(*named) == [(1, "meter 1")]
    async with shelf.strange() as tx:
        assert await tx.imports.profiles(["meter 1"], [ProfileId(1)]) == []
        assert await tx.imports.holders([eui]) == {}
        assert await tx.imports.devices([DeviceId(1)]) == []
        assert await tx.imports.customers(["north", "House"], []) == []
        assert await tx.imports.residents(["erika@example.org"], [ResidentId(7)]) == []
