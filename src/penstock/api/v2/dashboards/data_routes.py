"""What widgets show, over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.dashboards import data_wire as wire
from penstock.api.v2.dashboards.data_translate import (
    from_core_data,
    from_core_together,
    requested_of,
    variables_in,
    widget_ids_in,
)
from penstock.api.v2.dashboards.examples import BOARD_DATA, DASHBOARD_PATH, DATA, NEW_OPTIONS, WIDGET_PATH
from penstock.api.v2.dashboards.routes import READ, dashboard_id_of
from penstock.api.v2.dashboards.widget_routes import widget_id_of
from penstock.core.dashboards.data import WidgetDataService
from penstock.core.dashboards.together import DashboardDataService
from penstock.kit.clock import Clock
from penstock.kit.fields import converted
from penstock.kit.ids import Prefix
from penstock.kit.operation import Example


class WidgetDataEndpoints:
    """What a widget shows, and what it would show."""

    routes = Routes("/api/v2", surface="v2", tag="Dashboards")

    def __init__(self, data: WidgetDataService, together: DashboardDataService, clock: Clock) -> None:
        self._data = data
        self._together = together
        self._clock = clock

    @routes.get(
        "/dashboards/{dashboard_id}/data",
        scope=READ,
        of_project=True,
        example=Example(path=DASHBOARD_PATH, query={"range": "24h"}, answer=BOARD_DATA),
    )
    async def get_of_dashboard(self, call: Call[wire.BoardQuery, None]) -> wire.DashboardData:
        """Get what all widgets of a dashboard show.

        The same as one call for each widget. A widget whose parts the caller must not read has an `error`, and the others are
        shown. Ids of widgets that are not on the dashboard are ignored.
        """
        query = call.query
        requested = requested_of(query, variables_in(query.variables), self._clock)
        chosen = widget_ids_in(query.widget_ids)
        found = await self._together.of_dashboard(call.actor, dashboard_id_of(call), chosen, requested)
        return from_core_together(found)

    @routes.get(
        "/widgets/{widget_id}/data",
        scope=READ,
        of_project=True,
        example=Example(path=WIDGET_PATH, query={"range": "24h"}, answer=DATA),
    )
    async def get(self, call: Call[wire.DataQuery, None]) -> wire.WidgetData:
        """Get what a widget shows.

        Also needs the scopes to read its parts: telemetry:read for values, devices:read for states of devices and for devices
        by labels, alerts:read for open alerts. A line of a chart has at most 1,000 points. A device that does not exist is
        `missing`.
        """
        requested = requested_of(call.query, variables_in(call.query.variables), self._clock)
        return from_core_data(await self._data.of_widget(call.actor, widget_id_of(call), requested))

    @routes.post(
        "/widgets/preview",
        scope=READ,
        of_project=True,
        idempotent=False,
        example=Example(body={"options": NEW_OPTIONS, "range": "24h"}, answer=DATA),
    )
    async def preview(self, call: Call[None, wire.WidgetPreview]) -> wire.WidgetData:
        """Get what a widget would show.

        Nothing is stored. Needs the same scopes as the data of a widget.
        """
        body = call.body
        dashboard_id = converted(body.dashboard_id, lambda text: body_id(Prefix.DASHBOARD, text, "dashboard_id"))
        requested = requested_of(body, body.variables, self._clock)
        return from_core_data(await self._data.preview(call.actor, body.options, dashboard_id, requested))
