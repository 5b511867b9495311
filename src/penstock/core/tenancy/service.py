"""Use cases on organisations and projects."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import Database
from penstock.core.tenancy.errors import OrganizationExists, OrganizationNotFound, ProjectNotFound
from penstock.core.tenancy.keys import KeyMaker
from penstock.core.tenancy.models import Bootstrapped, KeyRequest, Organization, Platform, Project
from penstock.core.tenancy.ports import ProjectContents
from penstock.core.tenancy.scopes import ALL
from penstock.core.tenancy.store import TenancySystemTransaction, TenancyTransaction
from penstock.kit.clock import Clock
from penstock.kit.ids import IdSource, OrgId, Prefix, ProjectId, UserId, encode, object_id
from penstock.kit.ordering import WHOLE, Ordering, View, by_name
from penstock.kit.paging import Page
from penstock.kit.secret import new_password

FIRST_PLAN = "enterprise"
_PROJECTS: Ordering[Project] = by_name("created_at")


class TenancyService:
    """Organisations and what they start with."""

    def __init__(
        self,
        *,
        database: Database[TenancyTransaction, TenancySystemTransaction],
        maker: KeyMaker,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        hash_password: Callable[[str], str],
        contents: ProjectContents,
    ) -> None:
        self._database = database
        self._maker = maker
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._hash_password = hash_password
        self._contents = contents

    async def bootstrap(self, name: str, email: str) -> Bootstrapped:
        """Create an organisation with its owner, default project and a key with all scopes.

        Raises:
            OrganizationExists: an organisation with this name exists; nothing was changed.
        """
        password = new_password()
        password_hash = self._hash_password(password)
        async with self._database.system() as tx:
            made, _ = await self._with_owner(tx, name, email, password_hash)
            organization = made.organization
            operator, scoped = Actor.operator(organization.id), tx.for_organization(organization.id)
            await self._trail.record(scoped, operator, "org.create", _target(organization), plan=FIRST_PLAN, owner=email)
        return msgspec.structs.replace(made, user_password=password)

    async def set_up(
        self, tx: TenancySystemTransaction, actor: Actor, name: str, email: str, password_hash: str
    ) -> tuple[Bootstrapped, UserId]:
        """The same in the running transaction, by its owner, who answers for the first key. `actor` has their address.

        Raises:
            OrganizationExists: an organisation with this name exists; nothing was changed.
        """
        made, user_id = await self._with_owner(tx, name, email, password_hash)
        organization = made.organization
        owner = Actor(org_id=organization.id, kind=ActorKind.USER, id=user_id, name=email, address=actor.address)
        scoped = tx.for_organization(organization.id)
        await scoped.keys.set_root(made.key.key.id, user_id)
        await self._trail.record(scoped, owner, "org.create", _target(organization), plan=FIRST_PLAN, owner=email)
        return made, user_id

    async def sign_up(
        self, tx: TenancySystemTransaction, actor: Actor, name: str, email: str, plan: str, trial_until_us: int | None
    ) -> Bootstrapped:
        """The same for a visitor, in the running transaction, on a plan of the catalogue, permanently or as a trial.

        The visitor receives the key. The organisation has no owner yet: the e-mail is only what the visitor says.

        Raises:
            OrganizationExists: an organisation with this name exists; nothing was changed.
        """
        made = await self._create(tx, self._new(name, plan, trial_until_us))
        organization = made.organization
        visitor = msgspec.structs.replace(actor, org_id=organization.id, name="visitor")
        scoped = tx.for_organization(organization.id)
        await self._trail.record(scoped, visitor, "org.signup", _target(organization), plan=plan, email=email)
        return msgspec.structs.replace(made, user_email=email)

    async def _with_owner(
        self, tx: TenancySystemTransaction, name: str, email: str, password_hash: str
    ) -> tuple[Bootstrapped, UserId]:
        made = await self._create(tx, self._new(name, FIRST_PLAN))
        organization, user_id = made.organization, self._ids.next(UserId)
        await tx.organizations.create_owner(organization.id, user_id, email, password_hash, organization.created_us)
        return msgspec.structs.replace(made, user_email=email), user_id

    def _new(self, name: str, plan: str, trial_until_us: int | None = None) -> Organization:
        return Organization(
            id=self._ids.next(OrgId),
            name=name,
            plan=plan,
            created_us=self._clock.now_us(),
            plan_until_us=trial_until_us,
            trial=trial_until_us is not None,
        )

    async def _create(self, tx: TenancySystemTransaction, organization: Organization) -> Bootstrapped:
        if await tx.organizations.find_by_name(organization.name) is not None:
            raise OrganizationExists(name=organization.name)
        await tx.organizations.create(organization)
        project = self._new_project("Default", is_default=True)
        scoped = tx.for_organization(organization.id)
        await scoped.projects.create(project)
        await self._contents.add(scoped, organization.id, project)
        new_key, digest = self._maker.make(organization.id, KeyRequest(name="first key", scopes=ALL))
        await scoped.keys.create(new_key.key, digest)
        return Bootstrapped(organization=organization, project=project, user_email="", user_password="", key=new_key)

    async def get_organization(self, name: str) -> Organization:
        """The organisation with this name.

        Raises:
            OrganizationNotFound: no organisation has this name.
        """
        async with self._database.system_snapshot() as tx:
            organization = await tx.organizations.find_by_name(name)
        if organization is None:
            raise OrganizationNotFound(name=name)
        return organization

    async def list_organizations(self) -> list[Organization]:
        """All organisations, oldest first."""
        async with self._database.system_snapshot() as tx:
            return await tx.organizations.list()

    async def set_suspended(self, name: str, *, suspended: bool) -> Organization:
        """Suspend an organisation, or end its suspension.

        Raises:
            OrganizationNotFound: no organisation has this name.
        """
        action = "org.suspend" if suspended else "org.resume"
        async with self._database.system() as tx:
            organization = await tx.organizations.find_by_name(name)
            if organization is None:
                raise OrganizationNotFound(name=name)
            if (organization.suspended_us is not None) is suspended:
                return organization
            changed = msgspec.structs.replace(organization, suspended_us=self._clock.now_us() if suspended else None)
            await tx.organizations.update(changed)
            actor, target = Actor.operator(organization.id), _target(organization)
            await self._trail.record(tx.for_organization(organization.id), actor, action, target)
        return changed

    async def get_project(self, actor: Actor, project_id: ProjectId) -> Project:
        """One project.

        Raises:
            ProjectNotFound: the caller's organisation has no project with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            project = await tx.projects.find(project_id)
        if project is None or not actor.reaches(project_id):
            raise ProjectNotFound(project_id=encode(Prefix.PROJECT, project_id))
        return project

    async def list_projects(self, actor: Actor, limit: int, cursor: str | None, view: View = WHOLE) -> Page[Project]:
        """A page of the organisation's projects that the caller can access, oldest first."""
        place = _PROJECTS.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            if actor.project_id is None:
                found = await tx.projects.page(limit + 1, place)
            else:
                bound = await tx.projects.find(actor.project_id)
                found = _PROJECTS.select([bound] if bound else [], place, "name", "alias")
        return _PROJECTS.page(found, limit, view)

    async def find_project(self, actor: Actor, alias: str) -> Project | None:
        """The project with this alias."""
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.projects.find_by_alias(alias)

    async def create_project(
        self, actor: Actor, name: str, *, alias: str | None = None, platform: Platform = Platform.AMD64
    ) -> Project:
        """Create a project in addition to the default one. `alias` keeps the name of a project imported from another platform.

        Raises:
            ProjectAliasTaken: another project of the organisation has this alias.
        """
        project = self._new_project(name, alias=alias, platform=platform)
        async with self._database.transaction(actor.org_id) as tx:
            await tx.projects.create(project)
            await self._contents.add(tx, actor.org_id, project)
            target = Target("project", encode(Prefix.PROJECT, project.id), project.name)
            await self._trail.record(tx, actor, "project.create", target, alias=project.alias)
        return project

    def _new_project(
        self,
        name: str,
        *,
        is_default: bool = False,
        alias: str | None = None,
        platform: Platform = Platform.AMD64,
    ) -> Project:
        project_id, now_us = self._ids.next(ProjectId), self._clock.now_us()
        return Project(
            id=project_id,
            name=name,
            is_default=is_default,
            created_us=now_us,
            alias=alias or object_id(now_us, project_id),
            platform=platform,
        )


def _target(organization: Organization) -> Target:
    return Target("organization", encode(Prefix.ORGANIZATION, organization.id), organization.name)
