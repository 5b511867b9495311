"""Licences of projects over the native API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.v2.wire import Cursor, Limit, ListOf
from penstock.core.licenses.models import License as CoreLicense
from penstock.core.licenses.service import LicenseService
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, ProjectId, encode
from penstock.kit.operation import Example, operation

TAG = "Organisation"
PATH = "/api/v2/projects/{project_id}/licenses"
PROJECT_PATH = {"project_id": "prj_0c2k9fq7w3b7h"}
LICENSE: dict[str, Any] = {
    "id": "5f1ee2c0a7714be38d2207c54a9b6d10",
    "project_id": "prj_0c2k9fq7w3b7h",
    "status": "paired",
    "device_id": "dev_0c2k9fq7w3m1x",
    "created_at": "2026-04-14T06:00:00Z",
}


class License(Struct, frozen=True):
    """A seat for a device. Its id, 32 hex digits, is a name and opens nothing."""

    id: str
    project_id: str
    status: Literal["available", "paired"]
    device_id: str | None
    created_at: str


class LicenseQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of the list."""

    limit: Limit = 100
    cursor: Cursor | None = None


class LicenseIssue(Struct, frozen=True, forbid_unknown_fields=True):
    """How many licences to add."""

    count: Annotated[int, Meta(ge=1, le=1000)] = 1


class LicenseEndpoints:
    """List, add and withdraw licences."""

    def __init__(self, licenses: LicenseService) -> None:
        self._licenses = licenses

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="List the licences of a project",
        description="By id. Each device has one: the oldest free one of its project, or a new one when there was none.",
        scope="organization:read",
        query=LicenseQuery,
        answer=ListOf[License],
        example=Example(path=PROJECT_PATH, answer={"data": [LICENSE], "next_cursor": None}),
    )
    async def list_licenses(self, call: Call[LicenseQuery, None]) -> ListOf[License]:
        page = await self._licenses.list(call.actor, _project_id(call), call.query.limit, call.query.cursor)
        return ListOf([_from_core(one) for one in page.items], page.next_cursor)

    @operation(
        "POST",
        PATH,
        surface="v2",
        tag=TAG,
        summary="Add free licences to a project",
        scope="organization:write",
        status=201,
        body=LicenseIssue,
        answer=ListOf[License],
        example=Example(
            path=PROJECT_PATH,
            body={"count": 1},
            answer={"data": [LICENSE | {"status": "available", "device_id": None}], "next_cursor": None},
        ),
    )
    async def issue(self, call: Call[None, LicenseIssue]) -> ListOf[License]:
        made = await self._licenses.issue(call.actor, _project_id(call), call.body.count)
        return ListOf([_from_core(one) for one in made])

    @operation(
        "DELETE",
        PATH + "/{license_id}",
        surface="v2",
        tag=TAG,
        summary="Withdraw a free licence",
        description="One that a device has stays until the device is deleted; then it is free.",
        scope="organization:write",
        status=204,
        refuses=(409,),
        example=Example(path=PROJECT_PATH | {"license_id": LICENSE["id"]}),
    )
    async def withdraw(self, call: Call[None, None]) -> None:
        await self._licenses.withdraw(call.actor, _project_id(call), call.path["license_id"])


def _project_id(call: Call[Any, Any]) -> ProjectId:
    return path_id(Prefix.PROJECT, call.path["project_id"])


def _from_core(licence: CoreLicense) -> License:
    return License(
        id=licence.id,
        project_id=encode(Prefix.PROJECT, licence.project_id),
        status=licence.status.value,
        device_id=None if licence.device_id is None else encode(Prefix.DEVICE, licence.device_id),
        created_at=format_time(licence.created_us),
    )
