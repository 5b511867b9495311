"""Forms of devices become bodies of the API."""

from __future__ import annotations

import pytest

from penstock.api.console.devices import forms
from penstock.api.console.shared.forms import Form
from penstock.kit.errors import InvalidInput


def form(**values: str) -> Form:
    return Form({name.replace("__", "."): [value] for name, value in values.items()})


def test_a_new_device_has_what_was_filled_in() -> None:
    assert forms.new_device(form(name=" A ", type="", labels="", latitude="", expected_interval_s="")) == {"name": "A"}
    found = forms.new_device(form(name="A", labels="a=1", latitude="1.5", longitude="2", expected_interval_s="60"))
    assert found == {
        "name": "A",
        "labels": {"a": "1"},
        "location": {"latitude": 1.5, "longitude": 2},
        "expected_interval_s": 60,
    }


def test_a_change_clears_what_is_empty() -> None:
    assert forms.changed_device(form(name="A")) == {
        "name": "A",
        "type": "",
        "description": "",
        "firmware_version": "",
        "profile_id": None,
        "labels": {},
        "identifiers": [],
        "expected_interval_s": None,
    }
    assert forms.changed_device(form(name="A", project_id="prj_1"))["project_id"] == "prj_1"


def test_identifiers_may_have_no_kind() -> None:
    found = forms.identifiers(form(identifiers="EUI = 70b3d57ed0061f2a\n70:B3:D5:7E:D0:06:1F:2A\nmy-key\nserial=a=b"))
    assert [(one["kind"], one["value"]) for one in found] == [
        ("eui", "70b3d57ed0061f2a"),
        ("eui", "70:B3:D5:7E:D0:06:1F:2A"),
        ("external", "my-key"),
        ("serial", "a=b"),
    ]


def test_half_a_location_is_left_to_the_api() -> None:
    assert forms.location(form(latitude="1")) == {"latitude": 1}
    assert forms.location(form(latitude="x", longitude="2", altitude_m="3")) == {"latitude": "x", "longitude": 2, "altitude_m": 3}
    assert forms.location(form()) is None


def test_parameters_have_their_types() -> None:
    kinds = {"n": "integer", "f": "number", "b": "boolean", "c": "boolean", "s": "string", "o": "object", "gone": "string"}
    parameters = [{"name": name, "type": kind} for name, kind in kinds.items()]
    sent = form(parameters__n="3", parameters__f="x", parameters__b="true", parameters__s=" a ", parameters__o='{"a": 1}')
    assert forms.arguments(sent, parameters) == {"n": 3, "f": "x", "b": True, "s": " a ", "o": {"a": 1}}


def test_a_command_has_a_list_of_parameters() -> None:
    sent = form(name="a", transport="any", parameters="", repeatable="true", timeout_s="60")
    assert forms.definition(sent) == {"name": "a", "transport": "any", "parameters": [], "repeatable": True, "timeout_s": 60}
    with pytest.raises(InvalidInput):
        forms.definition(form(name="a", parameters="{"))


def test_the_settings_show_what_is_stored() -> None:
    device = dict.fromkeys(forms.DETAILS, "x") | {"labels": {"a": "1"}, "identifiers": [], "location": None, "profile_id": None}
    found = forms.shown(device, {"customer_id": "cus_1"})
    assert (found["details"].value("labels"), found["details"].value("profile_id")) == ("a=1", "")
    assert found["placement"].value("customer_id") == "cus_1"
    assert found["location"].value("latitude") == ""


def test_a_sensor() -> None:
    assert forms.sensor(form(key="t", name="", unit="°C")) == {"key": "t", "unit": "°C"}
