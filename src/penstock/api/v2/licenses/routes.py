"""Licences of projects over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.licenses.examples import LICENSE, PROJECT_PATH
from penstock.api.v2.licenses.translate import from_core_license
from penstock.api.v2.licenses.wire import License, LicenseIssue, LicenseQuery
from penstock.api.v2.wire import ListOf
from penstock.core.licenses.service import LicenseService
from penstock.kit.ids import Prefix, ProjectId
from penstock.kit.operation import Example


class LicenseEndpoints:
    """List, add and withdraw licences."""

    routes = Routes("/api/v2/projects", surface="v2", tag="Organisation")

    def __init__(self, licenses: LicenseService) -> None:
        self._licenses = licenses

    @routes.get(
        "/{project_id}/licenses",
        scope="organization:read",
        example=Example(path=PROJECT_PATH, answer={"data": [LICENSE], "next_cursor": None}),
    )
    async def list_licenses(self, call: Call[LicenseQuery, None]) -> ListOf[License]:
        """List the licences of a project.

        Ordered by id. Each device has one: the oldest free licence of its project, or a new one if none was free.
        """
        page = await self._licenses.list(call.actor, _project_id(call), call.query.limit, call.query.cursor)
        return ListOf([from_core_license(one) for one in page.items], page.next_cursor)

    @routes.post(
        "/{project_id}/licenses",
        scope="organization:write",
        status=201,
        example=Example(
            path=PROJECT_PATH,
            body={"count": 1},
            answer={"data": [LICENSE | {"status": "available", "device_id": None}], "next_cursor": None},
        ),
    )
    async def issue(self, call: Call[None, LicenseIssue]) -> ListOf[License]:
        """Add free licences to a project."""
        made = await self._licenses.issue(call.actor, _project_id(call), call.body.count)
        return ListOf([from_core_license(one) for one in made])

    @routes.delete(
        "/{project_id}/licenses/{license_id}",
        scope="organization:write",
        status=204,
        refuses=(409,),
        example=Example(path=PROJECT_PATH | {"license_id": LICENSE["id"]}),
    )
    async def withdraw(self, call: Call[None, None]) -> None:
        """Withdraw a free licence.

        A licence that is assigned to a device becomes free when the device is deleted.
        """
        await self._licenses.withdraw(call.actor, _project_id(call), call.path["license_id"])


def _project_id(call: Call[Any, Any]) -> ProjectId:
    return path_id(Prefix.PROJECT, call.path["project_id"])
