"""`client.dashboard_folders`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class DashboardFolders(Resource):
    """Dashboards of widgets, their folders, data and images, and links that show them without a credential."""

    def create(
        self,
        *,
        name: str,
        parent_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Folder:
        """Create a folder of dashboards.

        Requires the scope `dashboards:write`.
        """
        request = Request(
            "POST",
            "/api/v2/dashboard-folders",
            body=present({"name": name, "parent_id": parent_id}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Folder = self._call(request)
        return answer

    def delete(self, folder_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete an empty folder of dashboards.

        Requires the scope `dashboards:write`.

        `folder_id`: The id of a folder of dashboards (`dfo_…`). `if_match`: the version to change (`etag_of`); another
        one raises `PreconditionFailed`.
        """
        request = Request(
            "DELETE", f"/api/v2/dashboard-folders/{quoted(folder_id)}", if_match=if_match, timeout_s=request_timeout
        )
        self._call(request)

    def get(self, folder_id: str, *, request_timeout: float | None = None) -> schemas.Folder:
        """Get a folder of dashboards.

        Requires the scope `dashboards:read`.

        `folder_id`: The id of a folder of dashboards (`dfo_…`).
        """
        request = Request("GET", f"/api/v2/dashboard-folders/{quoted(folder_id)}", timeout_s=request_timeout)
        answer: schemas.Folder = self._call(request)
        return answer

    def list(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Folder]:
        """List the folders of dashboards.

        Oldest first, of all levels.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `dashboards:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request("GET", "/api/v2/dashboard-folders", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout)
        return self._list(request)

    def update(
        self,
        folder_id: str,
        *,
        name: str | Unset = UNSET,
        parent_id: str | Unset | None = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Folder:
        """Rename or move a folder of dashboards.

        Requires the scope `dashboards:write`.

        `folder_id`: The id of a folder of dashboards (`dfo_…`). `if_match`: the version to change (`etag_of`); another
        one raises `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/dashboard-folders/{quoted(folder_id)}",
            body=present({"name": name, "parent_id": parent_id}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Folder = self._call(request)
        return answer


class AsyncDashboardFolders(AsyncResource):
    """As `DashboardFolders`, for an event loop."""

    async def create(
        self,
        *,
        name: str,
        parent_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Folder:
        """Create a folder of dashboards.

        As `DashboardFolders.create`.
        """
        request = Request(
            "POST",
            "/api/v2/dashboard-folders",
            body=present({"name": name, "parent_id": parent_id}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Folder = await self._call(request)
        return answer

    async def delete(self, folder_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete an empty folder of dashboards.

        As `DashboardFolders.delete`.
        """
        request = Request(
            "DELETE", f"/api/v2/dashboard-folders/{quoted(folder_id)}", if_match=if_match, timeout_s=request_timeout
        )
        await self._call(request)

    async def get(self, folder_id: str, *, request_timeout: float | None = None) -> schemas.Folder:
        """Get a folder of dashboards.

        As `DashboardFolders.get`.
        """
        request = Request("GET", f"/api/v2/dashboard-folders/{quoted(folder_id)}", timeout_s=request_timeout)
        answer: schemas.Folder = await self._call(request)
        return answer

    def list(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Folder]:
        """List the folders of dashboards.

        As `DashboardFolders.list`.
        """
        request = Request("GET", "/api/v2/dashboard-folders", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout)
        return self._list(request)

    async def update(
        self,
        folder_id: str,
        *,
        name: str | Unset = UNSET,
        parent_id: str | Unset | None = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Folder:
        """Rename or move a folder of dashboards.

        As `DashboardFolders.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/dashboard-folders/{quoted(folder_id)}",
            body=present({"name": name, "parent_id": parent_id}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Folder = await self._call(request)
        return answer
