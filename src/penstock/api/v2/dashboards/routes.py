"""Dashboards over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.dashboards import wire
from penstock.api.v2.dashboards.examples import (
    DASHBOARD,
    DASHBOARD_PATH,
    DOCUMENT,
    IMPORTED,
    NEW_DASHBOARD,
)
from penstock.api.v2.dashboards.translate import (
    folder_id_in,
    from_core_dashboard,
    project_id_in,
    to_core_dashboard,
    to_core_patch,
    to_document,
    to_draft,
)
from penstock.api.v2.wire import ListOf
from penstock.core.dashboards.data import WidgetDataService
from penstock.core.dashboards.models import DashboardFilter, DashboardSort
from penstock.core.dashboards.service import DashboardService
from penstock.core.dashboards.transfers import TransferService
from penstock.kit.fields import converted
from penstock.kit.ids import DashboardId, Prefix
from penstock.kit.operation import Example

READ, WRITE = "dashboards:read", "dashboards:write"
MAX_DOCUMENT_BYTES = 4_194_304


class DashboardEndpoints:
    """Create, read, change, copy and delete dashboards."""

    routes = Routes("/api/v2/dashboards", surface="v2", tag="Dashboards")

    def __init__(self, dashboards: DashboardService, transfers: TransferService, data: WidgetDataService) -> None:
        self._dashboards = dashboards
        self._transfers = transfers
        self._data = data

    @routes.get(
        scope=READ,
        of_project=True,
        example=Example(query={"limit": "2"}, answer={"data": [DASHBOARD], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.DashboardQuery, None]) -> ListOf[wire.Dashboard]:
        """List dashboards.

        By name, or with `sort=-updated_at` the last changed first. Filters are combined with AND.
        """
        query = call.query
        filters = DashboardFilter(
            folder_id=converted(query.folder_id, folder_id_in),
            project_id=converted(query.project_id, project_id_in),
            text=query.q,
        )
        page = await self._dashboards.list(call.actor, filters, DashboardSort(query.sort), query.limit, query.cursor)
        return ListOf([from_core_dashboard(one) for one in page.items], page.next_cursor)

    @routes.post(
        scope=WRITE,
        of_project=True,
        status=201,
        refuses=(429,),
        example=Example(body=NEW_DASHBOARD, answer=DASHBOARD | {"widget_count": 0}),
    )
    async def create(self, call: Call[None, wire.DashboardCreate]) -> wire.Dashboard:
        """Create a dashboard without widgets."""
        return from_core_dashboard(await self._dashboards.create(call.actor, to_core_dashboard(call.body)))

    @routes.post(
        "/import",
        scope=WRITE,
        of_project=True,
        status=201,
        refuses=(429,),
        max_body_bytes=MAX_DOCUMENT_BYTES,
        example=Example(body={"document": DOCUMENT}, answer=IMPORTED),
    )
    async def load(self, call: Call[None, wire.DashboardImport]) -> wire.ImportedDashboard:
        """Import a dashboard from a document.

        Of the devices that it names, those that do not exist here are listed, and their widgets say so.
        """
        made, missing = await self._transfers.load(call.actor, to_draft(call.body))
        return wire.ImportedDashboard(from_core_dashboard(made), missing)

    @routes.get("/{dashboard_id}", scope=READ, of_project=True, example=Example(path=DASHBOARD_PATH, answer=DASHBOARD))
    async def get(self, call: Call[None, None]) -> wire.Dashboard:
        """Get a dashboard, without its widgets."""
        return from_core_dashboard(await self._dashboards.get(call.actor, dashboard_id_of(call)))

    @routes.patch(
        "/{dashboard_id}",
        scope=WRITE,
        of_project=True,
        example=Example(path=DASHBOARD_PATH, body={"refresh_s": 30}, answer=DASHBOARD | {"refresh_s": 30}),
    )
    async def update(self, call: Call[None, wire.DashboardPatch]) -> wire.Dashboard:
        """Change a dashboard."""
        return from_core_dashboard(await self._dashboards.update(call.actor, dashboard_id_of(call), to_core_patch(call.body)))

    @routes.delete("/{dashboard_id}", scope=WRITE, of_project=True, status=204, example=Example(path=DASHBOARD_PATH))
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a dashboard with its widgets and share links."""
        await self._dashboards.delete(call.actor, dashboard_id_of(call))

    @routes.post(
        "/{dashboard_id}/duplicate",
        scope=WRITE,
        of_project=True,
        status=201,
        refuses=(429,),
        example=Example(path=DASHBOARD_PATH, body={"name": "Climate 2"}, answer=DASHBOARD | {"name": "Climate 2"}),
    )
    async def duplicate(self, call: Call[None, wire.DashboardDuplicate]) -> wire.Dashboard:
        """Copy a dashboard with its widgets, without its share links."""
        return from_core_dashboard(await self._dashboards.duplicate(call.actor, dashboard_id_of(call), call.body.name))

    @routes.get("/{dashboard_id}/export", scope=READ, of_project=True, example=Example(path=DASHBOARD_PATH, answer=DOCUMENT))
    async def export(self, call: Call[None, None]) -> wire.DashboardDocument:
        """Export a dashboard as a document.

        It can be imported here and elsewhere. It has no images and no share links.
        """
        return to_document(*await self._transfers.export(call.actor, dashboard_id_of(call)))

    @routes.get(
        "/{dashboard_id}/variables/{variable}/options",
        scope=READ,
        of_project=True,
        example=Example(
            path=DASHBOARD_PATH | {"variable": "floor"},
            answer={"data": [{"value": "1", "name": "1"}, {"value": "2", "name": "2"}]},
        ),
    )
    async def options(self, call: Call[None, None]) -> wire.VariableOptions:
        """List the values that a variable of a dashboard can have.

        The ids of devices, or the values of a label; of at most 500 devices. Needs the scope devices:read as well.
        """
        found = await self._data.options_of(call.actor, dashboard_id_of(call), call.path["variable"])
        return wire.VariableOptions([wire.VariableOption(value, name) for value, name in found])


def dashboard_id_of(call: Call[Any, Any]) -> DashboardId:
    """The dashboard in a call's path."""
    return path_id(Prefix.DASHBOARD, call.path["dashboard_id"])
