"""What widgets show, as it is sent; and values of variables in queries."""

from __future__ import annotations

import pytest

from penstock.api.v2.dashboards.data_translate import from_core_data, requested_of, variables_in
from penstock.api.v2.dashboards.data_wire import DataQuery
from penstock.core.dashboards.shown import Shown, ShownLine, ShownRow, ShownState, ShownValue, WidgetData
from penstock.core.telemetry.models import TimeRange
from penstock.kit.clock import MINUTE_US
from penstock.kit.errors import InvalidInput
from tests.support.days import HeldClock

SPAN = TimeRange(from_us=0, to_us=MINUTE_US)
OF = Shown(device_id="dev_1", device=None)


def test_variables_are_a_json_object() -> None:
    assert (variables_in(None), variables_in('{"a":"b"}')) == ({}, {"a": "b"})
    for text in ("a=b", "[]", '{"a":1}', '{"a":"' + "b" * 300 + '"}'):
        with pytest.raises(InvalidInput):
            variables_in(text)


def test_a_range_is_optional() -> None:
    assert requested_of(DataQuery(), {}, HeldClock()).range is None
    found = requested_of(DataQuery(range="1m"), {"a": "b"}, HeldClock())
    assert found.range is not None
    assert (found.range.to_us - found.range.from_us, found.variables) == (MINUTE_US, {"a": "b"})


def test_visitors_get_no_ids() -> None:
    value = ShownValue(of=OF, field="t", value=1, time_us=0)
    line = ShownLine(of=OF, field="t", function="avg", label="", unit="", color="", axis="left", points=[(0, 1)])
    states = [ShownState(of=OF, value=value), ShownState(of=OF)]
    data = WidgetData(type="map", range=SPAN, values=[value], series=[line], rows=[ShownRow(of=OF)], devices=states)
    shown, hidden = from_core_data(data), from_core_data(data, with_ids=False)
    for found, device_id in ((shown, "dev_1"), (hidden, None)):
        parts = [*found.values, *found.series, *found.rows, *found.devices]
        assert {one.device_id for one in parts} == {device_id}
    assert (shown.values[0].name, shown.values[0].time, shown.series[0].points[0].time) == ("t", *["1970-01-01T00:00:00Z"] * 2)
