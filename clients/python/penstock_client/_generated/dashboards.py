"""`client.dashboards`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Dashboards(Resource):
    """Dashboards of widgets, their folders, data and images, and links that show them without a credential."""

    def create(
        self,
        *,
        name: str,
        description: str | Unset = UNSET,
        folder_id: str | Unset | None = UNSET,
        project_id: str | Unset | None = UNSET,
        range: str | Unset | None = UNSET,
        from_: str | datetime | Unset | None = UNSET,
        to: str | datetime | Unset | None = UNSET,
        live: bool | Unset = UNSET,
        refresh_s: int | Unset | None = UNSET,
        variables: Sequence[schemas.Variable] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Dashboard:
        """Create a dashboard without widgets.

        Requires the scope `dashboards:write`.
        """
        request = Request(
            "POST",
            "/api/v2/dashboards",
            body=present(
                {
                    "name": name,
                    "description": description,
                    "folder_id": folder_id,
                    "project_id": project_id,
                    "range": range,
                    "from": from_,
                    "to": to,
                    "live": live,
                    "refresh_s": refresh_s,
                    "variables": variables,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Dashboard = self._call(request)
        return answer

    def data(
        self,
        dashboard_id: str,
        *,
        range: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        timezone: str | None = None,
        variables: str | None = None,
        widget_ids: Sequence[str] | None = None,
        request_timeout: float | None = None,
    ) -> schemas.DashboardData:
        """Get what all widgets of a dashboard show.

        The same as one call for each widget. A widget whose parts the caller must not read has an `error`, and the
        others are shown. Ids of widgets that are not on the dashboard are ignored.

        The same, of the widgets with these ids only. `widget_ids` can be repeated; without it, all widgets are shown.

        Requires the scope `dashboards:read`.

        `dashboard_id`: A dashboard's id (`dsb_…`). `range`: A length such as `90m`, `24h` or `7d` that ends now or at
        `to`. `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds. `to`: End, excluded: RFC 3339, or
        epoch seconds or milliseconds. By default now. `timezone`: An IANA time zone, such as `Europe/Brussels`.
        `variables`: A JSON object with values of variables by name; others keep the value of the dashboard.
        `widget_ids`: Only the widgets with these ids, repeated for several; by default all.
        """
        request = Request(
            "GET",
            f"/api/v2/dashboards/{quoted(dashboard_id)}/data",
            query={
                "range": range,
                "from": from_,
                "to": to,
                "timezone": timezone,
                "variables": variables,
                "widget_ids": widget_ids,
            },
            timeout_s=request_timeout,
        )
        answer: schemas.DashboardData = self._call(request)
        return answer

    def delete(self, dashboard_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a dashboard with its widgets and share links.

        Requires the scope `dashboards:write`.

        `dashboard_id`: A dashboard's id (`dsb_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/dashboards/{quoted(dashboard_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def duplicate(
        self,
        dashboard_id: str,
        *,
        name: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Dashboard:
        """Copy a dashboard with its widgets, without its share links.

        Requires the scope `dashboards:write`.

        `dashboard_id`: A dashboard's id (`dsb_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/dashboards/{quoted(dashboard_id)}/duplicate",
            body=present({"name": name}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Dashboard = self._call(request)
        return answer

    def export(self, dashboard_id: str, *, request_timeout: float | None = None) -> schemas.DashboardDocument:
        """Export a dashboard as a document.

        It can be imported here and elsewhere. It has no images and no share links.

        Requires the scope `dashboards:read`.

        `dashboard_id`: A dashboard's id (`dsb_…`).
        """
        request = Request("GET", f"/api/v2/dashboards/{quoted(dashboard_id)}/export", timeout_s=request_timeout)
        answer: schemas.DashboardDocument = self._call(request)
        return answer

    def get(self, dashboard_id: str, *, request_timeout: float | None = None) -> schemas.Dashboard:
        """Get a dashboard, without its widgets.

        Requires the scope `dashboards:read`.

        `dashboard_id`: A dashboard's id (`dsb_…`).
        """
        request = Request("GET", f"/api/v2/dashboards/{quoted(dashboard_id)}", timeout_s=request_timeout)
        answer: schemas.Dashboard = self._call(request)
        return answer

    def get_layout(self, dashboard_id: str, *, request_timeout: float | None = None) -> schemas.Layout:
        """Get where the widgets of a dashboard are.

        Send its `ETag` as `If-Match` with a new layout, so that it does not overwrite places that someone else has
        changed since.

        Requires the scope `dashboards:read`.

        `dashboard_id`: A dashboard's id (`dsb_…`).
        """
        request = Request("GET", f"/api/v2/dashboards/{quoted(dashboard_id)}/layout", timeout_s=request_timeout)
        answer: schemas.Layout = self._call(request)
        return answer

    def import_(
        self,
        *,
        document: schemas.DashboardDocument,
        folder_id: str | Unset | None = UNSET,
        project_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.ImportedDashboard:
        """Import a dashboard from a document.

        Of the devices that it names, those that do not exist here are listed, and their widgets say so.

        Requires the scope `dashboards:write`.
        """
        request = Request(
            "POST",
            "/api/v2/dashboards/import",
            body=present({"document": document, "folder_id": folder_id, "project_id": project_id}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.ImportedDashboard = self._call(request)
        return answer

    def list(
        self,
        *,
        folder_id: str | None = None,
        project_id: str | None = None,
        q: str | None = None,
        sort: Literal["-updated_at", "name"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Dashboard]:
        """List dashboards.

        By name, or with `sort=-updated_at` the last changed first. Filters are combined with AND.

        Filters for dashboards. `q` is searched for in name and description.

        Requires the scope `dashboards:read`.

        `folder_id`: The id of a folder of dashboards (`dfo_…`). `project_id`: A project's id (`prj_…`). `q`: A text to
        search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. `sort`: The order; descending
        with a leading minus sign. A `cursor` continues only the order that it was returned for. `limit`: Maximum number
        of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            "/api/v2/dashboards",
            query={"folder_id": folder_id, "project_id": project_id, "q": q, "sort": sort, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_variable_options(
        self, dashboard_id: str, variable: str, *, request_timeout: float | None = None
    ) -> schemas.VariableOptions:
        """List the values that a variable of a dashboard can have.

        The ids of devices, or the values of a label; of at most 500 devices. Needs the scope devices:read as well.

        Requires the scope `dashboards:read`.

        `dashboard_id`: A dashboard's id (`dsb_…`). `variable`: The name of a variable of the dashboard.
        """
        request = Request(
            "GET", f"/api/v2/dashboards/{quoted(dashboard_id)}/variables/{quoted(variable)}/options", timeout_s=request_timeout
        )
        answer: schemas.VariableOptions = self._call(request)
        return answer

    def set_layout(
        self,
        dashboard_id: str,
        *,
        widgets: Sequence[schemas.WidgetPlace],
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.WidgetList:
        """Move the widgets of a dashboard.

        All or none. Widgets that are not named stay where they are.

        Requires the scope `dashboards:write`.

        `dashboard_id`: A dashboard's id (`dsb_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PUT",
            f"/api/v2/dashboards/{quoted(dashboard_id)}/layout",
            body=present({"widgets": widgets}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.WidgetList = self._call(request)
        return answer

    def update(
        self,
        dashboard_id: str,
        *,
        name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        folder_id: str | Unset | None = UNSET,
        project_id: str | Unset | None = UNSET,
        range: str | Unset | None = UNSET,
        from_: str | datetime | Unset | None = UNSET,
        to: str | datetime | Unset | None = UNSET,
        live: bool | Unset = UNSET,
        refresh_s: int | Unset | None = UNSET,
        variables: Sequence[schemas.Variable] | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Dashboard:
        """Change a dashboard.

        Requires the scope `dashboards:write`.

        `dashboard_id`: A dashboard's id (`dsb_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/dashboards/{quoted(dashboard_id)}",
            body=present(
                {
                    "name": name,
                    "description": description,
                    "folder_id": folder_id,
                    "project_id": project_id,
                    "range": range,
                    "from": from_,
                    "to": to,
                    "live": live,
                    "refresh_s": refresh_s,
                    "variables": variables,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Dashboard = self._call(request)
        return answer


class AsyncDashboards(AsyncResource):
    """As `Dashboards`, for an event loop."""

    async def create(
        self,
        *,
        name: str,
        description: str | Unset = UNSET,
        folder_id: str | Unset | None = UNSET,
        project_id: str | Unset | None = UNSET,
        range: str | Unset | None = UNSET,
        from_: str | datetime | Unset | None = UNSET,
        to: str | datetime | Unset | None = UNSET,
        live: bool | Unset = UNSET,
        refresh_s: int | Unset | None = UNSET,
        variables: Sequence[schemas.Variable] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Dashboard:
        """Create a dashboard without widgets.

        As `Dashboards.create`.
        """
        request = Request(
            "POST",
            "/api/v2/dashboards",
            body=present(
                {
                    "name": name,
                    "description": description,
                    "folder_id": folder_id,
                    "project_id": project_id,
                    "range": range,
                    "from": from_,
                    "to": to,
                    "live": live,
                    "refresh_s": refresh_s,
                    "variables": variables,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Dashboard = await self._call(request)
        return answer

    async def data(
        self,
        dashboard_id: str,
        *,
        range: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        timezone: str | None = None,
        variables: str | None = None,
        widget_ids: Sequence[str] | None = None,
        request_timeout: float | None = None,
    ) -> schemas.DashboardData:
        """Get what all widgets of a dashboard show.

        As `Dashboards.data`.
        """
        request = Request(
            "GET",
            f"/api/v2/dashboards/{quoted(dashboard_id)}/data",
            query={
                "range": range,
                "from": from_,
                "to": to,
                "timezone": timezone,
                "variables": variables,
                "widget_ids": widget_ids,
            },
            timeout_s=request_timeout,
        )
        answer: schemas.DashboardData = await self._call(request)
        return answer

    async def delete(self, dashboard_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a dashboard with its widgets and share links.

        As `Dashboards.delete`.
        """
        request = Request("DELETE", f"/api/v2/dashboards/{quoted(dashboard_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def duplicate(
        self,
        dashboard_id: str,
        *,
        name: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Dashboard:
        """Copy a dashboard with its widgets, without its share links.

        As `Dashboards.duplicate`.
        """
        request = Request(
            "POST",
            f"/api/v2/dashboards/{quoted(dashboard_id)}/duplicate",
            body=present({"name": name}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Dashboard = await self._call(request)
        return answer

    async def export(self, dashboard_id: str, *, request_timeout: float | None = None) -> schemas.DashboardDocument:
        """Export a dashboard as a document.

        As `Dashboards.export`.
        """
        request = Request("GET", f"/api/v2/dashboards/{quoted(dashboard_id)}/export", timeout_s=request_timeout)
        answer: schemas.DashboardDocument = await self._call(request)
        return answer

    async def get(self, dashboard_id: str, *, request_timeout: float | None = None) -> schemas.Dashboard:
        """Get a dashboard, without its widgets.

        As `Dashboards.get`.
        """
        request = Request("GET", f"/api/v2/dashboards/{quoted(dashboard_id)}", timeout_s=request_timeout)
        answer: schemas.Dashboard = await self._call(request)
        return answer

    async def get_layout(self, dashboard_id: str, *, request_timeout: float | None = None) -> schemas.Layout:
        """Get where the widgets of a dashboard are.

        As `Dashboards.get_layout`.
        """
        request = Request("GET", f"/api/v2/dashboards/{quoted(dashboard_id)}/layout", timeout_s=request_timeout)
        answer: schemas.Layout = await self._call(request)
        return answer

    async def import_(
        self,
        *,
        document: schemas.DashboardDocument,
        folder_id: str | Unset | None = UNSET,
        project_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.ImportedDashboard:
        """Import a dashboard from a document.

        As `Dashboards.import_`.
        """
        request = Request(
            "POST",
            "/api/v2/dashboards/import",
            body=present({"document": document, "folder_id": folder_id, "project_id": project_id}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.ImportedDashboard = await self._call(request)
        return answer

    def list(
        self,
        *,
        folder_id: str | None = None,
        project_id: str | None = None,
        q: str | None = None,
        sort: Literal["-updated_at", "name"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Dashboard]:
        """List dashboards.

        As `Dashboards.list`.
        """
        request = Request(
            "GET",
            "/api/v2/dashboards",
            query={"folder_id": folder_id, "project_id": project_id, "q": q, "sort": sort, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def list_variable_options(
        self, dashboard_id: str, variable: str, *, request_timeout: float | None = None
    ) -> schemas.VariableOptions:
        """List the values that a variable of a dashboard can have.

        As `Dashboards.list_variable_options`.
        """
        request = Request(
            "GET", f"/api/v2/dashboards/{quoted(dashboard_id)}/variables/{quoted(variable)}/options", timeout_s=request_timeout
        )
        answer: schemas.VariableOptions = await self._call(request)
        return answer

    async def set_layout(
        self,
        dashboard_id: str,
        *,
        widgets: Sequence[schemas.WidgetPlace],
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.WidgetList:
        """Move the widgets of a dashboard.

        As `Dashboards.set_layout`.
        """
        request = Request(
            "PUT",
            f"/api/v2/dashboards/{quoted(dashboard_id)}/layout",
            body=present({"widgets": widgets}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.WidgetList = await self._call(request)
        return answer

    async def update(
        self,
        dashboard_id: str,
        *,
        name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        folder_id: str | Unset | None = UNSET,
        project_id: str | Unset | None = UNSET,
        range: str | Unset | None = UNSET,
        from_: str | datetime | Unset | None = UNSET,
        to: str | datetime | Unset | None = UNSET,
        live: bool | Unset = UNSET,
        refresh_s: int | Unset | None = UNSET,
        variables: Sequence[schemas.Variable] | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Dashboard:
        """Change a dashboard.

        As `Dashboards.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/dashboards/{quoted(dashboard_id)}",
            body=present(
                {
                    "name": name,
                    "description": description,
                    "folder_id": folder_id,
                    "project_id": project_id,
                    "range": range,
                    "from": from_,
                    "to": to,
                    "live": live,
                    "refresh_s": refresh_s,
                    "variables": variables,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Dashboard = await self._call(request)
        return answer
