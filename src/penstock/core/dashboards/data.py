"""What a widget shows to a caller: latest values, lines, rows and states, by the services of readings and devices."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.dashboards.access import check_ids, get_dashboard, get_widget
from penstock.core.dashboards.charts import drawn
from penstock.core.dashboards.errors import VariableNotFound
from penstock.core.dashboards.latest_values import latest_values
from penstock.core.dashboards.models import Dashboard, View
from penstock.core.dashboards.options import (
    MAX_SERIES,
    SINGLE,
    ChartOptions,
    ImageOptions,
    MapOptions,
    Source,
    StatusGridOptions,
    TableOptions,
    WidgetOptions,
    check_options,
    sources_of,
    type_of,
)
from penstock.core.dashboards.shown import (
    Shown,
    ShownColumn,
    ShownLine,
    ShownRow,
    ShownValue,
    WidgetData,
)
from penstock.core.dashboards.sources import READ_DEVICES, Finder, Requested, Viewing
from penstock.core.dashboards.states import StateReader
from penstock.core.dashboards.store import WidgetDataTransaction
from penstock.core.dashboards.views import range_of
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import Sensor
from penstock.core.telemetry.aggregate import Value
from penstock.core.telemetry.fields import pick
from penstock.core.telemetry.models import HistoryQuery
from penstock.core.telemetry.service import TelemetryService
from penstock.kit.clock import Clock
from penstock.kit.ids import DashboardId, DeviceId, WidgetId

READ_TELEMETRY = "telemetry:read"
MAX_TABLE, MAX_STATES, MAX_OPTIONS = 50, 200, 500


class WidgetDataService:
    """Reads what widgets show."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[WidgetDataTransaction],
        telemetry: TelemetryService,
        states: StateReader,
        clock: Clock,
    ) -> None:
        self._database = database
        self._telemetry = telemetry
        self._states = states
        self._clock = clock

    async def of_widget(self, actor: Actor, widget_id: WidgetId, requested: Requested) -> WidgetData:
        """What a widget shows.

        Raises:
            WidgetNotFound, ScopeMissing.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            widget, dashboard = await get_widget(tx, actor, widget_id)
        return await self.of_options(actor, widget.options, dashboard, requested)

    async def preview(
        self, actor: Actor, options: WidgetOptions, dashboard_id: DashboardId | None, requested: Requested
    ) -> WidgetData:
        """What a widget would show that is not stored, on a dashboard or on none.

        Raises:
            DashboardNotFound, ScopeMissing, InvalidInput.
        """
        check_options(options)
        check_ids(options)
        dashboard = None
        if dashboard_id is not None:
            async with self._database.snapshot(actor.org_id) as tx:
                dashboard = await get_dashboard(tx, actor, dashboard_id)
        return await self.of_options(actor, options, dashboard, requested)

    async def options_of(self, actor: Actor, dashboard_id: DashboardId, name: str) -> list[tuple[str, str]]:
        """The values that a variable of a dashboard can have, each with its name.

        Raises:
            DashboardNotFound, VariableNotFound, ScopeMissing.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            dashboard = await get_dashboard(tx, actor, dashboard_id)
            variable = next((one for one in dashboard.view.variables if one.name == name), None)
            if variable is None:
                raise VariableNotFound(name=name[:64])
            return await Finder(tx, actor, [variable], {}).within(dashboard).options(variable, MAX_OPTIONS)

    async def of_options(
        self, actor: Actor, options: WidgetOptions, dashboard: Dashboard | None, requested: Requested
    ) -> WidgetData:
        """What a widget with these options shows.

        Raises:
            ScopeMissing.
        """
        _check_scopes(actor, options)
        span = requested.range or range_of(dashboard.view if dashboard else View(), self._clock.now_us())
        viewing = Viewing(range=span, zone=requested.zone, variables=requested.variables)
        data = WidgetData(type=type_of(options), range=viewing.range)
        if isinstance(options, ChartOptions):
            return await self._chart(actor, options, dashboard, viewing, data)
        if isinstance(options, TableOptions):
            return await self._table(actor, options, dashboard, viewing, data)
        if isinstance(options, MapOptions | StatusGridOptions):
            found, more = await self._find(actor, dashboard, viewing, options.source, MAX_STATES)
            field = options.field if isinstance(options, MapOptions) else None
            devices = await self._states.read(actor, found, field, viewing.range)
            return msgspec.structs.replace(data, devices=devices, truncated=more)
        if isinstance(options, ImageOptions):
            pins = [
                msgspec.structs.replace(value, x=pin.x, y=pin.y)
                for pin in options.pins
                for value in [await self._value(actor, dashboard, viewing, pin.source, pin.field, pin.label)]
            ]
            return msgspec.structs.replace(data, values=pins)
        if isinstance(options, SINGLE):
            value = await self._value(actor, dashboard, viewing, options.source, options.field, options.label)
            value = msgspec.structs.replace(value, unit=options.unit or value.unit)
            return msgspec.structs.replace(data, values=[value])
        return data

    async def _find(
        self, actor: Actor, dashboard: Dashboard | None, viewing: Viewing, source: Source, limit: int
    ) -> tuple[list[Shown], bool]:
        variables = dashboard.view.variables if dashboard is not None else []
        async with self._database.snapshot(actor.org_id) as tx:
            return await Finder(tx, actor, variables, viewing.variables).within(dashboard).find(source, limit)

    async def _value(
        self, actor: Actor, dashboard: Dashboard | None, viewing: Viewing, source: Source, field: str, label: str
    ) -> ShownValue:
        """The latest value of the first device of a source."""
        found, _ = await self._find(actor, dashboard, viewing, source, 1)
        of = found[0] if found else Shown(device_id=None, device=None)
        if of.device is None:
            return ShownValue(of=of, field=field, label=label)
        latest = await latest_values(self._telemetry, actor, of.device.id, [field], viewing.range)
        sensor = await self._sensor(actor, of.device.id, field)
        value, time_us = latest.get(field, (None, None))
        name, unit, decimals = (sensor.name, sensor.unit, sensor.decimals) if sensor else (field, "", None)
        return ShownValue(of=of, field=field, label=label, name=name, unit=unit, decimals=decimals, value=value, time_us=time_us)

    async def _sensor(self, actor: Actor, device_id: DeviceId, field: str) -> Sensor | None:
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.sensors.find(device_id, field)

    async def _chart(
        self, actor: Actor, options: ChartOptions, dashboard: Dashboard | None, viewing: Viewing, data: WidgetData
    ) -> WidgetData:
        lines: list[ShownLine] = []
        truncated = False
        for series in options.series:
            found, more = await self._find(actor, dashboard, viewing, series.source, MAX_SERIES)
            truncated |= more
            for of in found:
                sensor = None if of.device is None else await self._sensor(actor, of.device.id, series.field)
                parts = [series.label or (sensor.name if sensor else series.field)]
                if len(found) > 1 or not series.label:
                    parts.insert(0, of.name)
                line = ShownLine(
                    of=of,
                    field=series.field,
                    function=series.function,
                    label=" · ".join(filter(None, parts)),
                    unit=sensor.unit if sensor else "",
                    color=series.color,
                    axis=series.axis,
                )
                lines.append(line)
        truncated |= len(lines) > MAX_SERIES
        finished, bucket = await drawn(self._telemetry, actor, options, lines[:MAX_SERIES], viewing)
        return msgspec.structs.replace(data, series=finished, bucket=bucket, truncated=truncated)

    async def _table(
        self, actor: Actor, options: TableOptions, dashboard: Dashboard | None, viewing: Viewing, data: WidgetData
    ) -> WidgetData:
        found, more = await self._find(actor, dashboard, viewing, options.source, MAX_TABLE)
        if options.show == "latest":
            rows = [await self._latest_row(actor, of, options.fields, viewing) for of in found][: options.rows]
            more |= len(found) > options.rows
        else:
            every = [row for of in found for row in await self._readings(actor, of, options, viewing)]
            rows = sorted(every, key=lambda row: row.time_us or 0, reverse=True)[: options.rows]
        columns = await self._columns(actor, found, options.fields)
        return msgspec.structs.replace(data, columns=columns, rows=rows, truncated=more)

    async def _latest_row(self, actor: Actor, of: Shown, fields: Sequence[str], viewing: Viewing) -> ShownRow:
        if of.device is None:
            return ShownRow(of=of)
        latest = await latest_values(self._telemetry, actor, of.device.id, fields, viewing.range)
        values: dict[str, Value] = {field: latest[field][0] if field in latest else None for field in fields}
        return ShownRow(of=of, time_us=max((time_us for _, time_us in latest.values()), default=None), values=values)

    async def _readings(self, actor: Actor, of: Shown, options: TableOptions, viewing: Viewing) -> list[ShownRow]:
        if of.device is None:
            return [ShownRow(of=of)]
        # More than there are rows, because readings without any of the fields are left out.
        query = HistoryQuery(device_id=of.device.id, range=viewing.range, limit=options.rows * 4)
        try:
            rows, _ = await self._telemetry.history(actor, query)
        except DeviceNotFound:
            return [ShownRow(of=Shown(device_id=of.device_id, device=None))]
        out = []
        for row in rows:
            payload = msgspec.json.decode(row.payload)
            values: dict[str, Value] = {field: pick(payload, field) for field in options.fields}
            if any(value is not None for value in values.values()):
                out.append(ShownRow(of=of, time_us=row.time_us, values=values))
        return out

    async def _columns(self, actor: Actor, found: Sequence[Shown], fields: Sequence[str]) -> list[ShownColumn]:
        first = next((of.device for of in found if of.device is not None), None)
        columns = []
        for field in fields:
            sensor = None if first is None else await self._sensor(actor, first.id, field)
            column = ShownColumn(field=field, name=field, unit="")
            if sensor is not None:
                column = ShownColumn(field=field, name=sensor.name, unit=sensor.unit, decimals=sensor.decimals)
            columns.append(column)
        return columns


def _check_scopes(actor: Actor, options: WidgetOptions) -> None:
    """Check that the caller could read by other operations what a widget shows.

    Raises:
        ScopeMissing.
    """
    states = isinstance(options, MapOptions | StatusGridOptions)
    if states:
        actor.require(READ_DEVICES)
    if isinstance(options, MapOptions) and options.field is not None:
        actor.require(READ_TELEMETRY)
    if not states and next(sources_of(options), None) is not None:
        actor.require(READ_TELEMETRY)
