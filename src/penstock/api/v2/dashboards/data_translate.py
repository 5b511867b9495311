"""Converts what widgets show between core models and wire structs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from penstock.api.shared.decoding import body_id
from penstock.api.v2.dashboards import data_wire as wire
from penstock.api.v2.dashboards.wire import Values
from penstock.api.v2.ranges import parse_range
from penstock.core.dashboards.shown import (
    Shown,
    ShownLine,
    ShownRow,
    ShownState,
    ShownValue,
    WidgetData,
)
from penstock.core.dashboards.sources import Requested
from penstock.core.dashboards.together import ShownWidget
from penstock.core.telemetry.buckets import parse_zone
from penstock.kit.clock import Clock, format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import converted
from penstock.kit.ids import Prefix, WidgetId, encode


class Asked(Protocol):
    """A query with a range and a time zone."""

    @property
    def range(self) -> str | None:
        """The length."""

    @property
    def from_(self) -> str | None:
        """The start."""

    @property
    def to(self) -> str | None:
        """The end."""

    @property
    def timezone(self) -> str:
        """An IANA name."""


def requested_of(query: Asked, variables: dict[str, str], clock: Clock) -> Requested:
    """How a widget is asked for.

    Raises:
        InvalidInput: the range or the time zone is invalid.
    """
    given = query.range or query.from_ or query.to
    return Requested(range=parse_range(query, clock) if given else None, zone=parse_zone(query.timezone), variables=variables)


def variables_in(text: str | None) -> dict[str, str]:
    """The values of variables in a query.

    Raises:
        InvalidInput: the text is not a JSON object of strings.
    """
    if not text:
        return {}
    try:
        found: dict[str, str] = msgspec.json.decode(text, type=Values)
    except (msgspec.DecodeError, UnicodeError):
        raise InvalidInput.field("variables", 'must be a JSON object of strings, such as {"room":"kitchen"}') from None
    return found


def from_core_data(data: WidgetData, *, with_ids: bool = True) -> wire.WidgetData:
    """What a widget shows; for visitors without the ids of devices."""
    return wire.WidgetData(
        type=data.type,
        query=wire.DataRange(format_time(data.range.from_us), format_time(data.range.to_us)),
        bucket=data.bucket,
        values=[_value(one, with_ids) for one in data.values],
        series=[_series(one, with_ids) for one in data.series],
        columns=[wire.WidgetColumn(one.field, one.name, one.unit, one.decimals) for one in data.columns],
        rows=[_row(one, with_ids) for one in data.rows],
        devices=[_device(one, with_ids) for one in data.devices],
        truncated=data.truncated,
    )


def from_core_together(shown: Sequence[ShownWidget], *, with_ids: bool = True) -> wire.DashboardData:
    """What the widgets of a dashboard show; for visitors without the ids of devices."""
    return wire.DashboardData([_together(one, with_ids) for one in shown])


def _together(one: ShownWidget, with_ids: bool) -> wire.WidgetShown:
    data = None if one.data is None else from_core_data(one.data, with_ids=with_ids)
    fault = None if one.fault is None else wire.WidgetFault(one.fault.code, one.fault.detail)
    return wire.WidgetShown(encode(Prefix.WIDGET, one.widget_id), data, fault)


def widget_ids_in(texts: Sequence[str]) -> set[WidgetId]:
    """The ids of widgets in a query.

    Raises:
        InvalidInput: one of them is not the id of a widget.
    """
    return {body_id(Prefix.WIDGET, text, "widget_ids") for text in texts}


def _of(of: Shown, with_ids: bool) -> dict[str, Any]:
    return {"device_id": of.device_id if with_ids else None, "device_name": of.name, "missing": of.missing}


def _value(one: ShownValue, with_ids: bool) -> wire.WidgetValue:
    return wire.WidgetValue(
        **_of(one.of, with_ids),
        field=one.field,
        label=one.label,
        name=one.name or one.field,
        unit=one.unit,
        decimals=one.decimals,
        value=one.value,
        time=converted(one.time_us, format_time),
        x=one.x,
        y=one.y,
    )


def _series(line: ShownLine, with_ids: bool) -> wire.WidgetSeries:
    return wire.WidgetSeries(
        **_of(line.of, with_ids),
        field=line.field,
        function=line.function,
        label=line.label,
        unit=line.unit,
        color=line.color,
        axis=line.axis,
        points=[wire.WidgetPoint(format_time(time_us), value) for time_us, value in line.points],
    )


def _row(row: ShownRow, with_ids: bool) -> wire.WidgetRow:
    return wire.WidgetRow(**_of(row.of, with_ids), time=converted(row.time_us, format_time), values=row.values)


def _device(state: ShownState, with_ids: bool) -> wire.WidgetDevice:
    location = None if state.of.device is None else state.of.device.location
    return wire.WidgetDevice(
        **_of(state.of, with_ids),
        latitude=None if location is None else location.latitude,
        longitude=None if location is None else location.longitude,
        connectivity=state.connectivity,
        last_seen_at=converted(state.last_seen_us, format_time),
        alerts=state.alerts,
        severity=state.severity,
        value=None if state.value is None else _value(state.value, with_ids),
    )
