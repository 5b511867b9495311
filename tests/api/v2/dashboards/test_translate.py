"""Dashboards and widgets to core models and back."""

from __future__ import annotations

import pytest

from penstock.api.v2.dashboards import wire
from penstock.api.v2.dashboards.translate import to_core_dashboard, to_core_patch, to_core_places, to_core_widget, to_draft
from penstock.core.dashboards.models import Place
from penstock.core.dashboards.options import TextOptions
from penstock.kit.errors import InvalidInput

TEXT = TextOptions(text="x")


def test_a_range_is_a_day_unless_told() -> None:
    times = {"from_": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}
    assert to_core_dashboard(wire.DashboardCreate(name="a")).view.range == "24h"
    assert to_core_dashboard(wire.DashboardCreate(name="a", **times)).view.range is None
    assert to_core_dashboard(wire.DashboardCreate(name="a", range=None)).view.range is None
    assert to_core_patch(wire.DashboardPatch(from_=times["from_"])).from_us == 1_767_225_600_000_000
    document = wire.DashboardDocument(format="penstock-dashboard", version=1, name="a", **times)
    assert to_draft(wire.DashboardImport(document=document)).new.view.range is None
    plain = wire.DashboardDocument(format="penstock-dashboard", version=1, name="a")
    assert to_draft(wire.DashboardImport(document=plain)).new.view.range == "24h"


def test_places_are_whole_and_named_once() -> None:
    assert to_core_widget(wire.WidgetCreate(options=TEXT, w=2, h=3)).size == (2, 3)
    assert to_core_widget(wire.WidgetCreate(options=TEXT, x=1, y=2)).place == Place(x=1, y=2)
    for body, field in ((wire.WidgetCreate(options=TEXT, x=1), "y"), (wire.WidgetCreate(options=TEXT, y=1), "x")):
        with pytest.raises(InvalidInput) as raised:
            to_core_widget(body)
        assert raised.value.errors[0].field == field
    place = wire.WidgetPlace(widget_id="wid_0000000000001", x=0, y=0, w=1, h=1)
    assert to_core_places(wire.Layout(widgets=[place])) == {1: Place(w=1, h=1)}
    with pytest.raises(InvalidInput):
        to_core_places(wire.Layout(widgets=[place, place]))
