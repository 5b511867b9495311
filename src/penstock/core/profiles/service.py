"""Use cases on device profiles, in CRUD order."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.profiles.errors import ProfileInUse, ProfileLimitReached, ProfileNotFound
from penstock.core.profiles.models import NewProfile, Profile, ProfileFilter, ProfilePatch
from penstock.core.profiles.store import HasProfiles, ProfileTransaction
from penstock.core.registers.models import BEGINNING_US
from penstock.core.sensor import NewSensor
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import changes_in
from penstock.kit.ids import IdSource, Prefix, ProfileId, ProjectId, encode
from penstock.kit.ordering import WHOLE, Ordering, View, by_name
from penstock.kit.paging import Page

MAX_PROFILES = 10_000
_NO_PROJECT = 0
"""The id of no project: to the caller, objects outside its project do not exist."""
_ORDERING: Ordering[Profile] = by_name("-created_at")


class ProfileService:
    """Device profiles of an organisation."""

    def __init__(
        self, *, database: OrganizationDatabase[ProfileTransaction], trail: AuditTrail, ids: IdSource, clock: Clock
    ) -> None:
        self._database = database
        self._trail = trail
        self._ids = ids
        self._clock = clock

    async def create(self, actor: Actor, new: NewProfile) -> Profile:
        """Create a profile, without a codec.

        Raises:
            ProjectNotFound, ProfileLimitReached, InvalidInput.
        """
        _check_sensors(new.sensors)
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            if await tx.profiles.count() >= MAX_PROFILES:
                raise ProfileLimitReached(limit=MAX_PROFILES)
            values = {name: getattr(new, name) for name in new.__struct_fields__}
            values["project_id"] = await _project(tx, actor, new.project_id)
            profile = Profile(id=self._ids.next(ProfileId), codec_id=None, created_us=now_us, updated_us=now_us, **values)
            await tx.profiles.create(profile)
            await self._trail.record(tx, actor, "profile.create", target_of(profile))
        return profile

    async def get(self, actor: Actor, profile_id: ProfileId) -> Profile:
        """Return a profile.

        Raises:
            ProfileNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await get_profile(tx, actor, profile_id)

    async def list(
        self, actor: Actor, filters: ProfileFilter, limit: int, cursor: str | None, view: View = WHOLE
    ) -> Page[Profile]:
        """Return a page of profiles, newest first."""
        place = _ORDERING.place(view, cursor)
        if actor.project_id is not None:
            # A filter for another project selects nothing instead of failing, which would reveal that the project exists.
            inside = filters.project_id in (None, actor.project_id)
            filters = msgspec.structs.replace(filters, project_id=actor.project_id if inside else _NO_PROJECT)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.profiles.list(filters, limit + 1, place)
        return _ORDERING.page(found, limit, view)

    async def update(self, actor: Actor, profile_id: ProfileId, patch: ProfilePatch) -> Profile:
        """Change the fields in the patch. Devices that already have the profile keep what they copied from it; registers
        are not copied, and apply to the past as well.

        Raises:
            ProfileNotFound, InvalidInput.
        """
        changes: dict[str, Any] = changes_in(patch)
        _check_sensors(changes.get("sensors", []))
        async with self._database.transaction(actor.org_id) as tx:
            profile = await get_profile(tx, actor, profile_id)
            changed = msgspec.structs.replace(profile, updated_us=self._clock.now_us(), **changes)
            await tx.profiles.update(changed)
            if changed.registers != profile.registers:
                await tx.consumption_changes.add_of_profile(profile_id, BEGINNING_US, "registers", changed.updated_us)
            await self._trail.record(tx, actor, "profile.update", target_of(changed), changed=sorted(changes))
        return changed

    async def delete(self, actor: Actor, profile_id: ProfileId) -> None:
        """Delete a profile that is not assigned to a device, with all its codec versions.

        Raises:
            ProfileNotFound, ProfileInUse.
        """
        async with self._database.transaction(actor.org_id) as tx:
            profile = await get_profile(tx, actor, profile_id)
            count = await tx.profiles.count_devices(profile_id)
            if count:
                raise ProfileInUse(profile_id=encode(Prefix.PROFILE, profile_id), count=count)
            await tx.profiles.delete(profile_id)
            await self._trail.record(tx, actor, "profile.delete", target_of(profile))


async def get_profile(tx: HasProfiles, actor: Actor, profile_id: ProfileId) -> Profile:
    """Return a profile that the caller can access, inside a transaction.

    Raises:
        ProfileNotFound.
    """
    profile = await tx.profiles.find(profile_id)
    if profile is None or not actor.reaches(profile.project_id):
        raise ProfileNotFound(profile_id=encode(Prefix.PROFILE, profile_id))
    return profile


def target_of(profile: Profile) -> Target:
    """The profile as the target of an audit entry."""
    return Target("profile", encode(Prefix.PROFILE, profile.id), profile.name)


async def _project(tx: ProfileTransaction, actor: Actor, project_id: ProjectId | None) -> ProjectId:
    requested = actor.project_id if project_id is None else project_id
    found = await tx.projects.find_default() if requested is None else await tx.projects.find(requested)
    if found is None or not actor.reaches(found.id):
        raise ProjectNotFound(project_id="default" if requested is None else encode(Prefix.PROJECT, requested))
    return found.id


def _check_sensors(sensors: list[NewSensor]) -> None:
    keys: set[str] = set()
    for number, sensor in enumerate(sensors):
        if sensor.key in keys:
            raise InvalidInput.field(f"sensors[{number}].key", "must not be repeated", "duplicate")
        keys.add(sensor.key)
