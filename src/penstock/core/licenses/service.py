"""Use cases on licences."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.licenses.errors import LicenseLimitReached, LicenseNotFound, LicensePaired
from penstock.core.licenses.models import License, LicenseStatus
from penstock.core.licenses.store import LicenseTransaction
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.core.tenancy.models import Project
from penstock.kit.clock import Clock
from penstock.kit.ids import DeviceId, Prefix, ProjectId, encode
from penstock.kit.paging import Page, decode_cursor, page_of
from penstock.kit.secret import new_hex

MAX_AVAILABLE = 10_000
_PAGE = 1_000


class LicenseService:
    """Licences of an organisation's projects."""

    def __init__(self, *, database: OrganizationDatabase[LicenseTransaction], trail: AuditTrail, clock: Clock) -> None:
        self._database = database
        self._trail = trail
        self._clock = clock

    async def issue(self, actor: Actor, project_id: ProjectId, count: int) -> Sequence[License]:
        """Add free licences to a project.

        Raises:
            ProjectNotFound, LicenseLimitReached.
        """
        now_us = self._clock.now_us()
        made = [License(id=new_hex(), project_id=project_id, device_id=None, created_us=now_us) for _ in range(count)]
        async with self._database.transaction(actor.org_id) as tx:
            project = await _project(tx, project_id)
            if await tx.licenses.count_available(project_id) + count > MAX_AVAILABLE:
                raise LicenseLimitReached(limit=MAX_AVAILABLE)
            for licence in made:
                await tx.licenses.create(licence)
            await self._trail.record(tx, actor, "license.issue", _target(project), count=count)
        return sorted(made, key=lambda licence: licence.id)

    async def get(self, actor: Actor, project_id: ProjectId, license_id: str) -> License:
        """One licence of a project.

        Raises:
            ProjectNotFound, LicenseNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, project_id, license_id)

    async def find_of_device(self, actor: Actor, device_id: DeviceId) -> License | None:
        """The licence of a device."""
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.licenses.find_of_device(device_id)

    async def list(self, actor: Actor, project_id: ProjectId, limit: int, cursor: str | None) -> Page[License]:
        """A page of a project's licences, by id.

        Raises:
            ProjectNotFound.
        """
        key = decode_cursor(cursor, tuple[str])
        async with self._database.snapshot(actor.org_id) as tx:
            await _project(tx, project_id)
            found = await tx.licenses.list(project_id, limit + 1, key[0] if key else "")
        return page_of(found, limit, lambda last: (last.id,))

    async def list_all(self, actor: Actor, project_id: ProjectId) -> Sequence[License]:
        """All of a project's licences, by id."""
        found: list[License] = []
        async with self._database.snapshot(actor.org_id) as tx:
            while page := await tx.licenses.list(project_id, _PAGE, found[-1].id if found else ""):
                found += page
        return found

    async def withdraw(self, actor: Actor, project_id: ProjectId, license_id: str) -> None:
        """Withdraw a free licence from a project.

        Raises:
            ProjectNotFound, LicenseNotFound, LicensePaired.
        """
        async with self._database.transaction(actor.org_id) as tx:
            licence = await _get(tx, project_id, license_id)
            if licence.status is LicenseStatus.PAIRED:
                raise LicensePaired(license_id=license_id)
            await tx.licenses.delete(license_id)
            await self._trail.record(tx, actor, "license.withdraw", Target("license", license_id))


async def _project(tx: LicenseTransaction, project_id: ProjectId) -> Project:
    project = await tx.projects.find(project_id)
    if project is None:
        raise ProjectNotFound(project_id=encode(Prefix.PROJECT, project_id))
    return project


async def _get(tx: LicenseTransaction, project_id: ProjectId, license_id: str) -> License:
    await _project(tx, project_id)
    licence = await tx.licenses.find(license_id)
    if licence is None or licence.project_id != project_id:
        raise LicenseNotFound(license_id=license_id[:64])
    return licence


def _target(project: Project) -> Target:
    return Target("project", encode(Prefix.PROJECT, project.id), project.name)
