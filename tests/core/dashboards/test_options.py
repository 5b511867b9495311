"""Options of widgets: what the types of their fields do not say."""

from __future__ import annotations

import pytest

from penstock.core.dashboards.options import (
    ChartOptions,
    ChartSeries,
    CommandButtonOptions,
    GaugeOptions,
    ImageOptions,
    Pin,
    Source,
    StatusGridOptions,
    TextOptions,
    WidgetOptions,
    check_options,
    device_ids_of,
    type_of,
)
from penstock.kit.errors import InvalidInput

ONE, MANY = Source(device_id="dev_1"), Source(device_ids=["dev_2", "dev_3"])


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (StatusGridOptions(source=Source()), "options.source"),
        (StatusGridOptions(source=Source(variable="room", labels={"a": "b"})), "options.source"),
        (GaugeOptions(source=ONE, field="t", min=2, max=1), "options.max"),
        (
            ChartOptions(series=[ChartSeries(source=ONE, field="t"), ChartSeries(source=Source(), field="t")]),
            "options.series[1].source",
        ),
        (ChartOptions(series=[ChartSeries(source=ONE, field="t")], bucket="0s"), "options.bucket"),
        (ImageOptions(pins=[Pin(x=0, y=0, source=Source(), field="t")]), "options.pins[0].source"),
    ],
)
def test_wrong_options_are_named(options: WidgetOptions, field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        check_options(options)
    assert raised.value.errors[0].field == field


def test_good_options_pass_and_tell_their_devices() -> None:
    chart = ChartOptions(series=[ChartSeries(source=ONE, field="t"), ChartSeries(source=MANY, field="t")], bucket="15m")
    button = CommandButtonOptions(device_id="dev_4", command_id="def_1")
    for options in (chart, button, TextOptions(text="x"), GaugeOptions(source=MANY, field="t")):
        check_options(options)
    assert device_ids_of(chart) == [
        ("series[0].source.device_id", "dev_1"),
        ("series[1].source.device_ids[0]", "dev_2"),
        ("series[1].source.device_ids[1]", "dev_3"),
    ]
    assert device_ids_of(button) == [("device_id", "dev_4")]
    assert (type_of(chart), type_of(button), device_ids_of(TextOptions(text=""))) == ("chart", "command_button", [])
