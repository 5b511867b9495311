"""Licences: issued to a project of one's own, taken back while they are free, and bounded in number."""

from __future__ import annotations

import pytest

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.licenses import service
from penstock.core.licenses.errors import LicenseLimitReached, LicenseNotFound, LicensePaired
from penstock.core.licenses.service import LicenseService
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.core.tenancy.models import Project
from penstock.kit.ids import ProjectId
from tests.support.days import HeldClock
from tests.support.shelf import Shelf


def licenses(shelf: Shelf) -> LicenseService:
    clock = HeldClock()
    return LicenseService(database=shelf.database, trail=AuditTrail(clock), clock=clock)


async def test_pages_and_the_whole_list_are_by_id(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_PAGE", 2)
    actor = Actor.system(shelf.acme)
    made = await licenses(shelf).issue(actor, shelf.project_id, 5)
    ids = sorted(one.id for one in made)
    assert len(set(ids)) == 5
    assert [one.id for one in await licenses(shelf).list_all(actor, shelf.project_id)] == ids
    first = await licenses(shelf).list(actor, shelf.project_id, 3, None)
    rest = await licenses(shelf).list(actor, shelf.project_id, 3, first.next_cursor)
    assert [one.id for one in (*first.items, *rest.items)] == ids


async def test_a_project_takes_only_so_many_free_ones(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_AVAILABLE", 3)
    actor = Actor.system(shelf.acme)
    await licenses(shelf).issue(actor, shelf.project_id, 2)
    with pytest.raises(LicenseLimitReached):
        await licenses(shelf).issue(actor, shelf.project_id, 2)
    await licenses(shelf).issue(actor, shelf.project_id, 1)


async def test_a_paired_licence_stays_and_a_free_one_goes(shelf: Shelf) -> None:
    actor, device_id = Actor.system(shelf.acme), await shelf.add_device(10)
    free, paired = await licenses(shelf).issue(actor, shelf.project_id, 2)
    async with shelf.own() as tx:
        await tx.licenses.pair(device_id, shelf.project_id)
    found = await licenses(shelf).find_of_device(actor, device_id)
    assert found is not None
    paired, free = (paired, free) if found.id == paired.id else (free, paired)
    with pytest.raises(LicensePaired):
        await licenses(shelf).withdraw(actor, shelf.project_id, paired.id)
    await licenses(shelf).withdraw(actor, shelf.project_id, free.id)
    with pytest.raises(LicenseNotFound):
        await licenses(shelf).get(actor, shelf.project_id, free.id)


async def test_a_licence_is_of_its_project_and_organisation(shelf: Shelf) -> None:
    actor, stranger = Actor.system(shelf.acme), Actor.system(shelf.other)
    (made,) = await licenses(shelf).issue(actor, shelf.project_id, 1)
    async with shelf.own() as tx:
        await tx.projects.create(Project(id=ProjectId(5), name="Roof", is_default=False, created_us=1, alias="a" * 24))
    with pytest.raises(LicenseNotFound):
        await licenses(shelf).get(actor, ProjectId(5), made.id)
    for call in (
        licenses(shelf).get(stranger, shelf.project_id, made.id),
        licenses(shelf).issue(stranger, shelf.project_id, 1),
        licenses(shelf).withdraw(stranger, shelf.project_id, made.id),
    ):
        with pytest.raises(ProjectNotFound):
            await call
    assert await licenses(shelf).list_all(stranger, shelf.project_id) == []
