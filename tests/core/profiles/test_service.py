"""Device profiles: of a project that one reaches, changed by what is named, and kept while devices have them."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.actor import Actor
from penstock.core.audit.models import AuditFilter
from penstock.core.audit.trail import AuditTrail
from penstock.core.profiles import service
from penstock.core.profiles.errors import ProfileInUse, ProfileLimitReached, ProfileNotFound
from penstock.core.profiles.models import NewProfile, ProfileFilter, ProfilePatch
from penstock.core.profiles.service import ProfileService
from penstock.core.sensor import NewSensor
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.core.tenancy.models import Project
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import IdSource, ProjectId
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

ROOF = ProjectId(5)


def profiles(shelf: Shelf) -> ProfileService:
    clock = HeldClock()
    return ProfileService(database=shelf.database, trail=AuditTrail(clock), ids=IdSource(clock.now_us), clock=clock)


async def bound(shelf: Shelf) -> Actor:
    """Somebody who reaches the project Roof alone."""
    async with shelf.own() as tx:
        await tx.projects.create(Project(id=ROOF, name="Roof", is_default=False, created_us=1, alias="a" * 24))
    return msgspec.structs.replace(Actor.system(shelf.acme), project_id=ROOF)


async def test_a_profile_is_of_the_default_project_or_of_ones_own(shelf: Shelf) -> None:
    inside = await bound(shelf)
    made = await profiles(shelf).create(Actor.system(shelf.acme), NewProfile(name="Meter"))
    assert made.project_id == shelf.project_id
    own = await profiles(shelf).create(inside, NewProfile(name="Meter"))
    assert own.project_id == ROOF
    for project_id in (shelf.project_id, ProjectId(99)):
        with pytest.raises(ProjectNotFound):
            await profiles(shelf).create(inside, NewProfile(name="Meter", project_id=project_id))
    with pytest.raises(ProjectNotFound):
        await profiles(shelf).create(Actor.system(shelf.other), NewProfile(name="Meter", project_id=ROOF))


async def test_outside_of_a_project_nothing_exists(shelf: Shelf) -> None:
    inside = await bound(shelf)
    made = await profiles(shelf).create(Actor.system(shelf.acme), NewProfile(name="Meter"))
    calls = profiles(shelf)
    for actor in (inside, Actor.system(shelf.other)):
        for call in (calls.get(actor, made.id), calls.update(actor, made.id, ProfilePatch()), calls.delete(actor, made.id)):
            with pytest.raises(ProfileNotFound):
                await call
        for filters in (ProfileFilter(), ProfileFilter(project_id=shelf.project_id)):
            assert (await calls.list(actor, filters, 10, None)).items == []


async def test_a_patch_changes_what_it_names_and_the_log_says_what(shelf: Shelf) -> None:
    actor, calls = Actor.system(shelf.acme), profiles(shelf)
    made = await calls.create(actor, NewProfile(name="Meter", model="x", expected_interval_us=5))
    changed = await calls.update(actor, made.id, ProfilePatch(model="y", expected_interval_us=None))
    assert (changed.name, changed.model, changed.expected_interval_us) == ("Meter", "y", None)
    async with shelf.own() as tx:
        (entry,) = await tx.audit.newest(AuditFilter(action="profile.update"), 1)
    assert entry.details == {"changed": ["expected_interval_us", "model"]}


async def test_sensors_are_there_once_each(shelf: Shelf) -> None:
    actor, twice = Actor.system(shelf.acme), [NewSensor(key="t"), NewSensor(key="u"), NewSensor(key="t")]
    with pytest.raises(InvalidInput) as refused:
        await profiles(shelf).create(actor, NewProfile(name="Meter", sensors=twice))
    assert refused.value.errors[0].field == "sensors[2].key"
    made = await profiles(shelf).create(actor, NewProfile(name="Meter", sensors=twice[:2]))
    with pytest.raises(InvalidInput):
        await profiles(shelf).update(actor, made.id, ProfilePatch(sensors=twice))


async def test_a_profile_in_use_stays_and_there_are_only_so_many(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_PROFILES", 1)
    actor, calls = Actor.system(shelf.acme), profiles(shelf)
    made = await calls.create(actor, NewProfile(name="Meter"))
    with pytest.raises(ProfileLimitReached):
        await calls.create(actor, NewProfile(name="Meter"))
    device_id = await shelf.add_device(10)
    async with shelf.own() as tx:
        device = await tx.devices.find(device_id)
        assert device is not None
        await tx.devices.update(msgspec.structs.replace(device, profile_id=made.id))
    with pytest.raises(ProfileInUse):
        await calls.delete(actor, made.id)
    async with shelf.own() as tx:
        await tx.devices.update(device)
    await calls.delete(actor, made.id)
    await calls.create(actor, NewProfile(name="Meter"))
