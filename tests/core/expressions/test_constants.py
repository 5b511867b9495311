"""Constants that can never work are rejected, wherever they are; those that can are not."""

from __future__ import annotations

import pytest

from penstock.core.expressions.engine import Kind
from penstock.core.expressions.expression import compile_expression
from penstock.core.expressions.scope import Scope
from penstock.kit.errors import InvalidInput

SCOPE = Scope({"t": Kind.TIME, "s": Kind.TEXT})
GETTERS = [
    *("getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek"),
    *("getDayOfYear", "getHours", "getMinutes", "getSeconds", "getMilliseconds"),
]


@pytest.mark.parametrize(
    "source",
    [
        *(f't.{getter}("Nope/Zone") > 1' for getter in GETTERS),
        's.matches("[")',
        'matches(s, "(")',
        "s.matches('(?P<x')",
        "duration('1 hour') > duration('1h')",
        "timestamp('yesterday') > t",
        "int('1.5') > 1",
        "double('x') > 1.0",
        "bool('maybe')",
        "uint('-1') > 1u",
        "[1].all(x, t.getHours('Nope') > x)",
    ],
)
def test_a_constant_that_cannot_work(source: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        compile_expression(source, "x", SCOPE)
    assert refused.value.errors[0].detail.startswith("line 1, column ")


@pytest.mark.parametrize(
    "source",
    [
        *(f't.{getter}("Europe/Berlin") > 1 || t.{getter}("-08:00") > 1' for getter in GETTERS),
        r's.matches("^\\d+ \"[a-z]\"$")',
        "duration('1h30m') > duration('-5s')",
        "timestamp('2026-05-02T09:15:04+02:00') > t",
        "int('15') > 1 && double('1e3') > 1.0 && bool('true')",
        "duration(s) > duration('1h')",
        "s.contains('[')",
    ],
)
def test_a_constant_that_can(source: str) -> None:
    compile_expression(source, "x", SCOPE)
