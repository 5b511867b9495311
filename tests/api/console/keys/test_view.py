"""How scopes are shown."""

from __future__ import annotations

from penstock.api.console.keys.view import areas_of, scope_chips, scope_label


def test_a_scope_is_an_area_and_what_is_allowed_there() -> None:
    assert scope_label("devices:read") == "Devices · Read"
    assert scope_label("sensor_templates:write") == "Sensor templates · Write"
    assert scope_label("org:admin") == "Administration · Admin"


def test_a_list_shows_the_first_scopes_and_the_number_of_the_others() -> None:
    scopes = [f"area{number}:read" for number in range(6)]
    labels, more = scope_chips(scopes, 50)
    assert (labels[0], len(labels), more) == ("Area0 · Read", 4, ["Area4 · Read", "Area5 · Read"])
    assert scope_chips(scopes, 6) == (["All"], [])
    assert scope_chips([], 50) == ([], [])


def test_a_catalogue_is_shown_by_area() -> None:
    names = ["devices:read", "devices:write", "tokens:code", "tokens:read"]
    devices, tokens = areas_of({"name": name, "description": f"d {name}"} for name in names)
    assert (devices["label"], devices["read"], devices["write"]) == ("Devices", "devices:read", "devices:write")
    assert (tokens["write"], tokens["others"]) == ("", [{"name": "tokens:code", "label": "Code", "description": "d tokens:code"}])
    assert tokens["description"] == "d tokens:read"
