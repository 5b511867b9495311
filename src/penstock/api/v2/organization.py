"""Who is asking, and the projects of the organisation, over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.v2 import examples, wire
from penstock.api.v2.translate import from_core_project
from penstock.core.actor import ActorKind
from penstock.core.tenancy.models import Platform
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.tenancy.service import TenancyService
from penstock.kit.ids import Prefix, encode
from penstock.kit.operation import Example, operation

TAG = "Organisation"
PROJECTS = "/api/v2/projects"


class OrganizationEndpoints:
    """The caller's own place."""

    def __init__(self, tenancy: TenancyService, plans: PlanCatalogue) -> None:
        self._tenancy = tenancy
        self._plans = plans

    @operation(
        "GET",
        "/api/v2/me",
        surface="v2",
        tag=TAG,
        summary="Whom the credential stands for",
        scope="profile:read",
        of_project=True,
        answer=wire.Me,
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
        organization = await self._plans.organization(call.actor.org_id)
        return wire.Me(
            organization_id=encode(Prefix.ORGANIZATION, organization.id),
            organization_name=organization.name,
            plan=organization.plan,
            key_id=encode(Prefix.KEY, call.actor.key_id) if call.actor.kind is ActorKind.KEY else None,
            user_id=encode(Prefix.USER, call.actor.user_id) if call.actor.kind is ActorKind.USER else None,
            scopes=sorted(call.actor.scopes),
        )

    @operation(
        "GET",
        PROJECTS,
        surface="v2",
        tag=TAG,
        summary="List projects",
        scope="organization:read",
        of_project=True,
        answer=wire.ListOf[wire.Project],
        example=Example(answer={"data": [examples.PROJECT], "next_cursor": None}),
    )
    async def list_projects(self, call: Call[None, None]) -> wire.ListOf[wire.Project]:
        return wire.ListOf([from_core_project(one) for one in await self._tenancy.list_projects(call.actor)])

    @operation(
        "POST",
        PROJECTS,
        surface="v2",
        tag=TAG,
        summary="Create a project",
        scope="organization:write",
        status=201,
        body=wire.ProjectCreate,
        answer=wire.Project,
        example=Example(body={"name": "South wing"}, answer=examples.PROJECT | {"name": "South wing", "is_default": False}),
    )
    async def create_project(self, call: Call[None, wire.ProjectCreate]) -> wire.Project:
        return from_core_project(
            await self._tenancy.create_project(
                call.actor, call.body.name, alias=call.body.alias, platform=Platform(call.body.platform)
            )
        )

    @operation(
        "GET",
        f"{PROJECTS}/{{project_id}}",
        surface="v2",
        tag=TAG,
        summary="Get a project",
        scope="organization:read",
        of_project=True,
        answer=wire.Project,
        example=Example(path={"project_id": "prj_0c2k9fq7w3b7h"}, answer=examples.PROJECT),
    )
    async def get_project(self, call: Call[None, None]) -> wire.Project:
        project_id = path_id(Prefix.PROJECT, call.path["project_id"])
        return from_core_project(await self._tenancy.get_project(call.actor, project_id))
