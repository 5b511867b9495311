"""Values of forms become JSON, and errors of the API find their fields."""

from __future__ import annotations

import pytest

from penstock.api.console.shared.forms import MAX_FIELDS, Form
from penstock.kit.errors import InvalidInput


def test_texts_numbers_and_flags() -> None:
    form = Form.of(b"name=K%C3%BChl&limit=4.5&count=7&bad=1O&on=true&off=&labels=a%3D1%0Ab+%3D+2")
    assert (form.value("name"), form.value("missing", "x")) == ("Kühl", "x")
    assert (form.number("limit"), form.number("count"), form.number("bad"), form.number("off")) == (4.5, 7, "1O", None)
    assert (form.flag("on"), form.flag("off"), form.flag("missing")) == (True, False, False)
    assert form.pairs("labels") == {"a": "1", "b": "2"}


def test_a_body_leaves_out_what_is_empty() -> None:
    form = Form({"name": [" Pump "], "description": [""], "scopes": ["a", "", "b"]})
    assert form.body("name", "description", scopes=form.all("scopes"), limit=None) == {"name": "Pump", "scopes": ["a", "b"]}


def test_json_is_checked_where_it_was_typed() -> None:
    form = Form({"good": ['{"a": [1]}'], "bad": ["{a}"], "none": [" "]})
    assert (form.json("good"), form.json("none")) == ({"a": [1]}, None)
    with pytest.raises(InvalidInput, match="deep: is nested too deeply"):
        Form({"deep": ["[" * 100_000]}).json("deep")
    with pytest.raises(InvalidInput, match="bad: is not JSON"):
        form.json("bad")


@pytest.mark.parametrize("body", [b"\xff=1", "&".join(f"f{n}=1" for n in range(MAX_FIELDS + 1)).encode()])
def test_what_is_no_form_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        Form.of(body)


def test_errors_are_shown_beside_their_fields() -> None:
    problem = {"detail": "two fields are invalid", "errors": [{"field": "location.latitude", "detail": "must be at most 90"}]}
    form = Form().failed(
        problem | {"errors": [*problem["errors"], {"field": "conf", "detail": "is required"}]}, {"config": "conf"}
    )
    assert form.error("location") == "location.latitude: must be at most 90"
    assert (form.error("config"), form.error("loc"), form.problem) == ("is required", "", "two fields are invalid")


def test_a_field_that_was_left_empty_is_required() -> None:
    form = Form({"name": [" "], "notes": ["x" * 300]})
    errors = [
        {"field": "name", "detail": "must have 1 to 200 characters"},
        {"field": "notes", "detail": "must have 1 to 200 characters"},
        {"field": "value", "detail": "must not be null"},
    ]
    form.failed({"detail": "three fields are invalid", "errors": errors})
    assert (form.error("name"), form.error("value")) == ("is required", "is required")
    assert form.error("notes") == "must have 1 to 200 characters"


def test_a_form_shows_what_exists() -> None:
    form = Form.showing({"name": "Pump", "tags": ["a", "b"], "on": True, "off": False, "labels": {"site": "north"}, "none": None})
    assert (form.value("name"), form.all("tags"), form.flag("on"), form.flag("off")) == ("Pump", ["a", "b"], True, False)
    assert (form.value("labels"), form.value("none", "x")) == ("site=north", "")


@pytest.mark.parametrize("text", ["1e999", "-1e999", "inf", "nan"])
def test_a_number_without_an_end_is_not_sent_as_nothing(text: str) -> None:
    assert Form({"limit": [text]}).number("limit") == text


def test_an_error_of_an_entry_counts_as_people_do() -> None:
    form = Form().failed(
        {"errors": [{"field": "networks[1]", "detail": "must be a network"}, {"field": "a.b", "detail": "is required"}]}
    )
    assert form.error("networks") == "entry 2: must be a network"
    assert form.error("a") == "a.b: is required"
    assert form.error("net") == ""
