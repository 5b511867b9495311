"""Texts with values in them."""

from __future__ import annotations

import pytest

from penstock.core.expressions.engine import Kind
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.template import compile_template, in_url
from penstock.core.expressions.variables import Variables, moment
from penstock.kit.errors import InvalidInput

SCOPE = Scope(
    {
        "reading.values": Kind.VALUES,
        "reading.time": Kind.TIME,
        "device.name": Kind.TEXT,
    }
)
VALUES = Variables(
    {
        "reading": {
            "values": {"t": 21.0, "h": 40.25, "on": True, "say": '{{ device.name }}"/?'},
            "time": moment(1_777_713_304_500_000),
        },
        "device": {"name": "Kessel Süd"},
    }
)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ device.name }}: {{ reading.values.t }} °C", "Kessel Süd: 21 °C"),
        ("{{reading.values.h * 2.0}} {{ reading.values.on }}", "80.5 true"),
        ("at {{ reading.time }}", "at 2026-05-02T09:15:04.500Z"),
        ('{{ reading.values.t > 20.0 ? "hot" : "cold" }}', "hot"),
        ("no places } here { at all }}", "no places } here { at all }}"),
        ("", ""),
    ],
)
def test_values_are_written_as_people_do(source: str, text: str) -> None:
    rendered = compile_template(source, "message", SCOPE).render(VALUES)
    assert (rendered.text, rendered.problems) == (text, ())


def test_what_a_device_sends_is_never_read_as_a_template() -> None:
    assert compile_template("{{ reading.values.say }}", "message", SCOPE).render(VALUES).text == '{{ device.name }}"/?'


def test_each_place_has_its_own_way_to_escape() -> None:
    template = compile_template("a/{{ reading.values.say }}", "url", SCOPE)
    assert template.render(VALUES, in_url).text == "a/%7B%7B%20device.name%20%7D%7D%22%2F%3F"
    assert template.render(VALUES).text == 'a/{{ device.name }}"/?'


def test_a_missing_value_is_left_out_and_told() -> None:
    rendered = compile_template("t={{ reading.values.q }}!", "message", SCOPE).render(VALUES)
    assert rendered.text == "t=!"
    assert "reading.values.q" in rendered.problems[0]


@pytest.mark.parametrize(
    "source",
    ["{{ device.name", "{{ }}", "{{ nobody.name }}", "{{ 1 + }}", "x" * 4_001, "{{ device.name }}" * 21, "{{ {{ device }} }}"],
)
def test_a_wrong_one_names_the_field(source: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        compile_template(source, "actions[0].message", SCOPE)
    assert refused.value.errors[0].field == "actions[0].message"
