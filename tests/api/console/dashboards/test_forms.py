"""Variables of a dashboard as fields."""

from __future__ import annotations

from penstock.api.console.dashboards.forms import fields_of, rearranged, variables_of
from penstock.api.console.shared.forms import Form

ROOM = {"name": "room", "kind": "device", "label": "Room", "labels": {"site": "north", "floor": "2"}, "default": "dev_1"}
FLOOR = {"name": "floor", "kind": "label", "label_key": "floor"}


def test_variables_are_fields_and_back() -> None:
    form = Form.showing(fields_of([ROOM, FLOOR]))
    assert form.value("variables[0].labels") == "site=north, floor=2"
    assert variables_of(form) == [ROOM, FLOOR]
    assert variables_of(Form()) == []


def test_the_api_names_what_is_missing() -> None:
    form = Form({"variables[0].type": ["label"], "variables[0].name": [""]})
    assert variables_of(form) == [{"kind": "label", "name": "", "label_key": ""}]


def test_variables_are_added_and_removed() -> None:
    shown = Form.showing(fields_of([ROOM]))
    values = {"variables[0].type": ["device"], "variables[0].name": ["room"]}
    added = rearranged(Form(values | {"do": ["add:variables:label"]}))
    assert added is not None
    assert [one["kind"] for one in variables_of(added)] == ["device", "label"]
    removed = rearranged(Form(values | {"do": ["remove:variables:0"]}))
    assert removed is not None
    assert variables_of(removed) == []
    assert rearranged(shown) is None
