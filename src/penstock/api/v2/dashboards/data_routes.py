"""What widgets show, over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.dashboards import data_wire as wire
from penstock.api.v2.dashboards.data_translate import from_core_data, requested_of, variables_in
from penstock.api.v2.dashboards.examples import DATA, NEW_OPTIONS, WIDGET_PATH
from penstock.api.v2.dashboards.routes import READ
from penstock.api.v2.dashboards.widget_routes import widget_id_of
from penstock.core.dashboards.data import WidgetDataService
from penstock.kit.clock import Clock
from penstock.kit.fields import converted
from penstock.kit.ids import Prefix
from penstock.kit.operation import Example


class WidgetDataEndpoints:
    """What a widget shows, and what it would show."""

    routes = Routes("/api/v2/widgets", surface="v2", tag="Dashboards")

    def __init__(self, data: WidgetDataService, clock: Clock) -> None:
        self._data = data
        self._clock = clock

    @routes.get(
        "/{widget_id}/data",
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
        "/preview",
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
