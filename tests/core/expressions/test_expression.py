"""Conditions as people write them: what they see, what they come to, and how a wrong one is told."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.expressions.engine import Kind
from penstock.core.expressions.expression import ErrorReason, compile_expression
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.variables import MAX_LIST, MAX_TEXT, Variables, moment
from penstock.kit.clock import parse_time
from penstock.kit.errors import InvalidInput

SCOPE = Scope(
    {
        "reading.values": Kind.VALUES,
        "reading.time": Kind.TIME,
        "reading.kind": Kind.TEXT,
        "device.name": Kind.TEXT,
        "device.labels": Kind.TEXTS,
        "now": Kind.TIME,
    }
)
AT = moment(parse_time("2026-05-02T09:15:04Z"))
VALUES = Variables(
    {
        "reading": {
            "values": {"t": 21, "h": 40.5, "on": True, "mode": "eco", "vibration": {"rms": 1.5}, "list": [1, 2, 3], "none": None},
            "time": AT,
        },
        "device": {"name": "Boiler", "labels": {"site": "north"}},
        "now": AT,
    }
)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("reading.values.t > 20", True),
        ("reading.values.t * 2.0 + 0.5", 42.5),
        ("reading.values.vibration.rms >= 1.5 && reading.values.on", True),
        ('reading.values.mode in ["eco", "off"]', True),
        ("has(reading.values.q) && reading.values.q > 3.0", False),
        ('device.labels["site"] == "north" || reading.values.q > 1.0', True),
        ("reading.values.list.exists(x, x > 2.0)", True),
        ("reading.values.list.filter(x, x > 1.0).size()", 2),
        ('now - reading.time < duration("1h")', True),
        ("reading.time.getHours()", 9),
        ('device.name.matches("^B[a-z]+r$")', True),
        ("reading.values.none == null", True),
        ('reading.values.t > 30.0 ? "hot" : "fine"', "fine"),
    ],
)
def test_values(source: str, value: object) -> None:
    assert compile_expression(source, "condition", SCOPE).evaluate(VALUES).value == value


def test_an_integer_and_a_float_of_one_sensor_are_of_one_type() -> None:
    doubled = compile_expression("reading.values.t * 2.0", "condition", SCOPE)
    for sent in (21, 21.0):
        assert doubled.evaluate(Variables({"reading": {"values": {"t": sent}}})).value == 42.0


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("reading.values.q > 1.0", ErrorReason.MISSING),
        ("reading.values.mode + 1 > 1.0", ErrorReason.FAILED),
        ("1 / (reading.values.t - reading.values.t) == 1", ErrorReason.FAILED),
        ("reading.values.list[7] > 1.0", ErrorReason.FAILED),
        ("reading.values.t", ErrorReason.FAILED),
        ("9223372036854775807 + int(reading.values.t) > 1", ErrorReason.FAILED),
    ],
)
def test_what_cannot_be_tested_says_why_and_raises_nothing(source: str, error: ErrorReason) -> None:
    result = compile_expression(source, "condition", SCOPE).test(VALUES)
    assert (result.ok, result.error, result.value) == (False, error, None)
    assert result.reason


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("reading.values.t >", "line 1, column 19"),
        ("1 +\n  )", "line 2, column 3"),
        ("weather > 1", "line 1, column 1: variable weather does not exist"),
        ("1 + 'a", "line 1, column 5"),
        ("1 $ 2", "line 1, column 3"),
        ("reading.values.fold(x, x)", "line 1, column 21: variable x does not exist"),
        ("", "must not be empty"),
        ("'\ud800' == ''", "must be a valid expression"),
    ],
)
def test_a_wrong_one_names_the_field_and_the_place(source: str, where: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        compile_expression(source, "rule.condition", SCOPE)
    assert refused.value.errors[0].field == "rule.condition"
    assert where in refused.value.errors[0].detail


@pytest.mark.parametrize(
    "value", ["x" * (MAX_TEXT + 1), [1] * (MAX_LIST + 1), {"a": {"b": {"c": {"d": {"e": {"f": {"g": {}}}}}}}}]
)
def test_what_is_too_large_is_not_there(value: Any) -> None:
    variables = Variables({"reading": {"values": {"t": 1, "big": value}}})
    path = "reading.values.big.a.b.c.d.e.f.g" if isinstance(value, dict) else "reading.values.big"
    assert compile_expression(f"{path} == 1", "condition", SCOPE).test(variables).error is ErrorReason.MISSING
    assert compile_expression("reading.values.t == 1", "condition", SCOPE).test(variables).value is True


PARTS = [
    {"reading": {"values": values, "kind": "telemetry"}, "device": {"name": "D", "labels": {"site": "north"}}}
    for values in ({}, {"t": 31.0}, {"t": 29.0, "h": 80.0}, {"t": "warm"}, {"t": None}, {"l": [1.0, 2.0]}, {"t": {"a": 31.0}})
]
CONDITIONS = [
    "reading.values.t > 30.0",
    "reading.values.t > 30.0 && device.name == 'D'",
    "reading.values.t > 30.0 || reading.values.h > 70.0",
    "reading.values.h > 70.0 || reading.values.t > 30.0",
    "has(reading.values.t) && reading.values.t > 30.0",
    "reading.values.t.a > 30.0",
    "reading.values.l.exists(x, x > 1.0)",
    "reading.values.l[1] > 1.0",
    "reading.values['t'] > 30.0",
    "'t' in reading.values",
    "size(reading.values) > 0",
    "device.labels.site == 'north' ? reading.values.t > 30.0 : false",
    "reading.kind == 'telemetry'",
    "reading.values.t",
    "reading.values.t + 1.0 > 30.0 && !(reading.values.t > 40.0)",
    "reading.values.t == null",
    "device.labels == device.labels && reading.values.t > 30.0",
]


@pytest.mark.parametrize("source", CONDITIONS)
def test_what_is_brought_in_piece_by_piece_comes_to_the_same_as_the_whole(source: str) -> None:
    compiled = compile_expression(source, "condition", SCOPE)
    for parts in PARTS:
        assert compiled.test_parts(parts) == compiled.test_uncut(parts) == compiled.test(Variables(parts)), parts
