"""`client.projects`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Projects(Resource):
    """The caller, its organisation and the organisation's projects."""

    def add_licenses(
        self,
        project_id: str,
        *,
        count: int | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.License]:
        """Add free licences to a project.

        Requires the scope `organization:write`.

        `project_id`: A project's id (`prj_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/projects/{quoted(project_id)}/licenses",
            body=present({"count": count}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        return self._list(request)

    def create(
        self,
        *,
        name: str,
        alias: str | Unset | None = UNSET,
        platform: Literal["AMD64", "ARMv5", "ARMv6", "Raspberry Pi", "i386"] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Project:
        """Create a project.

        Requires the scope `organization:write`.
        """
        request = Request(
            "POST",
            "/api/v2/projects",
            body=present({"name": name, "alias": alias, "platform": platform}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Project = self._call(request)
        return answer

    def get(self, project_id: str, *, request_timeout: float | None = None) -> schemas.Project:
        """Get a project.

        Requires the scope `organization:read`.

        `project_id`: A project's id (`prj_…`).
        """
        request = Request("GET", f"/api/v2/projects/{quoted(project_id)}", timeout_s=request_timeout)
        answer: schemas.Project = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Project]:
        """List projects.

        Oldest first.

        A page of the list, oldest first unless sorted otherwise.

        Requires the scope `organization:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `sort`: The order; descending with a
        leading minus sign. A `cursor` continues only the order that it was returned for.
        """
        request = Request(
            "GET", "/api/v2/projects", query={"limit": limit, "cursor": cursor, "q": q, "sort": sort}, timeout_s=request_timeout
        )
        return self._list(request)

    def list_licenses(
        self, project_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.License]:
        """List the licences of a project.

        Ordered by id. Each device has one: the oldest free licence of its project, or a new one if none was free.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `organization:read`.

        `project_id`: A project's id (`prj_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of the
        previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/projects/{quoted(project_id)}/licenses",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def withdraw_license(self, project_id: str, license_id: str, *, request_timeout: float | None = None) -> None:
        """Withdraw a free licence.

        A licence that is assigned to a device becomes free when the device is deleted.

        Requires the scope `organization:write`.

        `project_id`: A project's id (`prj_…`). `license_id`: A licence's id: 32 hexadecimal digits.
        """
        request = Request(
            "DELETE", f"/api/v2/projects/{quoted(project_id)}/licenses/{quoted(license_id)}", timeout_s=request_timeout
        )
        self._call(request)


class AsyncProjects(AsyncResource):
    """As `Projects`, for an event loop."""

    def add_licenses(
        self,
        project_id: str,
        *,
        count: int | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.License]:
        """Add free licences to a project.

        As `Projects.add_licenses`.
        """
        request = Request(
            "POST",
            f"/api/v2/projects/{quoted(project_id)}/licenses",
            body=present({"count": count}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def create(
        self,
        *,
        name: str,
        alias: str | Unset | None = UNSET,
        platform: Literal["AMD64", "ARMv5", "ARMv6", "Raspberry Pi", "i386"] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Project:
        """Create a project.

        As `Projects.create`.
        """
        request = Request(
            "POST",
            "/api/v2/projects",
            body=present({"name": name, "alias": alias, "platform": platform}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Project = await self._call(request)
        return answer

    async def get(self, project_id: str, *, request_timeout: float | None = None) -> schemas.Project:
        """Get a project.

        As `Projects.get`.
        """
        request = Request("GET", f"/api/v2/projects/{quoted(project_id)}", timeout_s=request_timeout)
        answer: schemas.Project = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Project]:
        """List projects.

        As `Projects.list`.
        """
        request = Request(
            "GET", "/api/v2/projects", query={"limit": limit, "cursor": cursor, "q": q, "sort": sort}, timeout_s=request_timeout
        )
        return self._list(request)

    def list_licenses(
        self, project_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.License]:
        """List the licences of a project.

        As `Projects.list_licenses`.
        """
        request = Request(
            "GET",
            f"/api/v2/projects/{quoted(project_id)}/licenses",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def withdraw_license(self, project_id: str, license_id: str, *, request_timeout: float | None = None) -> None:
        """Withdraw a free licence.

        As `Projects.withdraw_license`.
        """
        request = Request(
            "DELETE", f"/api/v2/projects/{quoted(project_id)}/licenses/{quoted(license_id)}", timeout_s=request_timeout
        )
        await self._call(request)
