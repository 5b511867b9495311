"""What widgets show, over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from penstock.api.v2.dashboards.wire import Values
from penstock.api.v2.wire import Id
from penstock.core.dashboards.models import MAX_WIDGETS
from penstock.core.dashboards.options import TYPES, WidgetOptions
from penstock.kit.wire_types import Moment, one_of

Zone = Annotated[str, Meta(max_length=64)]
Span = Annotated[str, Meta(max_length=8)]
Time = Annotated[str, Meta(max_length=40)]
WidgetIds = Annotated[list[Id], Meta(max_length=MAX_WIDGETS)]


class DataQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The range, as for readings; without it, the dashboard's. `variables` is a JSON object with values by name."""

    range: Span | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    timezone: Zone = "UTC"
    variables: Annotated[str, Meta(max_length=4096)] | None = None


class SharedQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The range, as for readings; without it, the dashboard's."""

    range: Span | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    timezone: Zone = "UTC"


class BoardQuery(DataQuery, frozen=True, forbid_unknown_fields=True):
    """The same, of the widgets with these ids only. `widget_ids` can be repeated; without it, all widgets are shown."""

    widget_ids: WidgetIds = []


class SharedBoardQuery(SharedQuery, frozen=True, forbid_unknown_fields=True):
    """The same, of the widgets with these ids only. `widget_ids` can be repeated; without it, all widgets are shown."""

    widget_ids: WidgetIds = []


class WidgetPreview(Struct, frozen=True, forbid_unknown_fields=True):
    """A widget that is not stored. With `dashboard_id` it has the dashboard's variables, range and project."""

    options: WidgetOptions
    dashboard_id: Id | None = None
    range: Span | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    timezone: Zone = "UTC"
    variables: Values = {}


class DataRange(Struct, frozen=True):
    """The range that is shown."""

    from_: Moment = msgspec.field(name="from")
    to: Moment


class WidgetValue(Struct, frozen=True, kw_only=True):
    """The latest value of a field of a device. `missing`: the device does not exist. `x` and `y`: where it is on an image.

    `decimals`: how many to show, of the sensor; null: as many as were measured. Those of the widget go before.
    """

    device_id: str | None
    device_name: str
    missing: bool
    field: str
    label: str
    name: str
    unit: str
    decimals: int | None
    value: bool | int | float | str | None
    time: Moment | None
    x: float | None
    y: float | None


class WidgetPoint(Struct, frozen=True):
    """A point of a line: the time of a reading, or the start of a bucket."""

    time: Moment
    value: bool | int | float | str | None


class WidgetSeries(Struct, frozen=True, kw_only=True):
    """A line of a chart."""

    device_id: str | None
    device_name: str
    missing: bool
    field: str
    function: str
    label: str
    unit: str
    color: str
    axis: str
    points: list[WidgetPoint]


class WidgetColumn(Struct, frozen=True):
    """A column of a table. `decimals`: how many to show, of the sensor; null: as many as were measured."""

    field: str
    name: str
    unit: str
    decimals: int | None


class WidgetRow(Struct, frozen=True, kw_only=True):
    """A row of a table, with its values by field."""

    device_id: str | None
    device_name: str
    missing: bool
    time: Moment | None
    values: dict[str, bool | int | float | str | None]


class WidgetDevice(Struct, frozen=True, kw_only=True):
    """The state of a device. `alerts`: how many are open; null if the caller must not see them. Units: degrees (WGS 84)."""

    device_id: str | None
    device_name: str
    missing: bool
    latitude: float | None
    longitude: float | None
    connectivity: str | None
    last_seen_at: Moment | None
    alerts: int | None
    severity: str | None
    value: WidgetValue | None


class WidgetData(Struct, frozen=True, kw_only=True):
    """What a widget shows. Of the lists, those of its type are filled.

    `values`: last_value, gauge and image. `series`: chart. `columns` and `rows`: table. `devices`: map and status_grid. `bucket`
    is null if points are readings. `truncated`: more devices are selected than the widget can show.
    """

    type: Annotated[str, one_of(*TYPES)]
    query: DataRange
    bucket: str | None
    values: list[WidgetValue]
    series: list[WidgetSeries]
    columns: list[WidgetColumn]
    rows: list[WidgetRow]
    devices: list[WidgetDevice]
    truncated: bool


class WidgetFault(Struct, frozen=True):
    """Why a widget cannot be shown: the code and the message of an error."""

    code: str
    detail: str


class WidgetShown(Struct, frozen=True):
    """What a widget shows, or why it cannot be shown. One of `data` and `error` is null."""

    widget_id: str
    data: WidgetData | None
    error: WidgetFault | None


class DashboardData(Struct, frozen=True):
    """What the widgets of a dashboard show, oldest widget first. Widgets that show no values, such as texts, are left out."""

    widgets: list[WidgetShown]
