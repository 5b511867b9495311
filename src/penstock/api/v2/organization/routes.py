"""The caller, and the projects of the organisation, over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.organization import examples, wire
from penstock.api.v2.organization.translate import from_core_project
from penstock.api.v2.views import view_of
from penstock.api.v2.wire import ListOf, OldestFirst
from penstock.core.actor import ActorKind
from penstock.core.tenancy.models import Platform
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.tenancy.service import TenancyService
from penstock.kit.ids import Prefix, encode
from penstock.kit.operation import Example


class OrganizationEndpoints:
    """The caller, and its organisation's projects."""

    routes = Routes("/api/v2", surface="v2", tag="Organisation")

    def __init__(self, tenancy: TenancyService, plans: PlanCatalogue) -> None:
        self._tenancy = tenancy
        self._plans = plans

    @routes.get(
        "/me",
        scope="profile:read",
        of_project=True,
        example=Example(
            answer={
                "organization_id": "org_0c2k9fq7w3a0d",
                "organization_name": "North Pumps",
                "plan": "enterprise",
                "key_id": "key_0c2k9fq7w3c2k",
                "user_id": None,
                "scopes": ["devices:read", "profile:read"],
            }
        ),
    )
    async def me(self, call: Call[None, None]) -> wire.Me:
        """Get the caller: the key or user of the credential."""
        organization = await self._plans.organization(call.actor.org_id)
        return wire.Me(
            organization_id=encode(Prefix.ORGANIZATION, organization.id),
            organization_name=organization.name,
            plan=organization.plan,
            key_id=encode(Prefix.KEY, call.actor.key_id) if call.actor.kind is ActorKind.KEY else None,
            user_id=encode(Prefix.USER, call.actor.user_id) if call.actor.kind is ActorKind.USER else None,
            scopes=sorted(call.actor.scopes),
        )

    @routes.get(
        "/projects",
        scope="organization:read",
        of_project=True,
        example=Example(answer={"data": [examples.PROJECT], "next_cursor": None}),
    )
    async def list_projects(self, call: Call[OldestFirst, None]) -> ListOf[wire.Project]:
        """List projects.

        Oldest first.
        """
        page = await self._tenancy.list_projects(call.actor, call.query.limit, call.query.cursor, view_of(call.query))
        return ListOf([from_core_project(one) for one in page.items], page.next_cursor)

    @routes.post(
        "/projects",
        scope="organization:write",
        status=201,
        example=Example(body={"name": "South wing"}, answer=examples.PROJECT | {"name": "South wing", "is_default": False}),
    )
    async def create_project(self, call: Call[None, wire.ProjectCreate]) -> wire.Project:
        """Create a project."""
        return from_core_project(
            await self._tenancy.create_project(
                call.actor, call.body.name, alias=call.body.alias, platform=Platform(call.body.platform)
            )
        )

    @routes.get(
        "/projects/{project_id}",
        scope="organization:read",
        of_project=True,
        example=Example(path={"project_id": "prj_0c2k9fq7w3b7h"}, answer=examples.PROJECT),
    )
    async def get_project(self, call: Call[None, None]) -> wire.Project:
        """Get a project."""
        project_id = path_id(Prefix.PROJECT, call.path["project_id"])
        return from_core_project(await self._tenancy.get_project(call.actor, project_id))
