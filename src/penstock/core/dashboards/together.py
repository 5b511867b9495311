"""What all widgets of a dashboard show, in one call. A widget that cannot be read says so, and the others are shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.dashboards.access import get_dashboard
from penstock.core.dashboards.data import WidgetDataService
from penstock.core.dashboards.models import Dashboard, Widget
from penstock.core.dashboards.options import CommandButtonOptions, TextOptions
from penstock.core.dashboards.shown import WidgetData
from penstock.core.dashboards.sources import Requested
from penstock.core.dashboards.store import WidgetDataTransaction
from penstock.core.database import OrganizationDatabase
from penstock.kit.errors import PenstockError
from penstock.kit.ids import DashboardId, WidgetId

STILL = (TextOptions, CommandButtonOptions)
"""Widgets that show no values."""


class Fault(msgspec.Struct, frozen=True):
    """Why a widget cannot be shown: the code and the message of an error."""

    code: str
    detail: str


class ShownWidget(msgspec.Struct, frozen=True, kw_only=True):
    """What a widget shows, or why it does not."""

    widget_id: WidgetId
    data: WidgetData | None = None
    fault: Fault | None = None


async def shown_together(
    data: WidgetDataService, actor: Actor, dashboard: Dashboard, widgets: Sequence[Widget], requested: Requested
) -> list[ShownWidget]:
    """What widgets of a dashboard show, in their order. Those that show no values are left out."""
    shown = [one for one in widgets if not isinstance(one.options, STILL)]
    return [await _shown(data, actor, dashboard, one, requested) for one in shown]


async def _shown(
    data: WidgetDataService, actor: Actor, dashboard: Dashboard, widget: Widget, requested: Requested
) -> ShownWidget:
    try:
        found = await data.of_options(actor, widget.options, dashboard, requested)
    except PenstockError as error:
        if error.of_server:
            raise
        return ShownWidget(widget_id=widget.id, fault=Fault(error.code, error.detail))
    return ShownWidget(widget_id=widget.id, data=found)


class DashboardDataService:
    """Reads what the widgets of a dashboard show."""

    def __init__(self, database: OrganizationDatabase[WidgetDataTransaction], data: WidgetDataService) -> None:
        self._database = database
        self._data = data

    async def of_dashboard(
        self, actor: Actor, dashboard_id: DashboardId, chosen: Collection[WidgetId], requested: Requested
    ) -> list[ShownWidget]:
        """What the chosen widgets of a dashboard show; none means all. A chosen one that is not there is left out.

        Raises:
            DashboardNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            dashboard = await get_dashboard(tx, actor, dashboard_id)
            widgets = await tx.widgets.list(dashboard_id)
        widgets = [one for one in widgets if not chosen or one.id in chosen]
        return await shown_together(self._data, actor, dashboard, widgets, requested)
