"""The engine's messages in plain words, which name no part of the engine."""

from __future__ import annotations

import pytest

from penstock.core.expressions.engine import Kind
from penstock.core.expressions.reasons import MAX_KNOWN, MAX_REASON, refusal_of, shown_reason
from penstock.core.expressions.scope import Scope

SCOPE = Scope({"reading.values": Kind.VALUES, "device.name": Kind.TEXT})


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ('NOT_FOUND: Key not found in map : "t"', 'value "t" is missing'),
        ('UNKNOWN: No value with name "device.name" found in Activation', "value device.name is missing"),
        ("UNKNOWN: No matching overloads found : _>_(double, string)", "operator > does not accept (number, string)"),
        ("UNKNOWN: No matching overloads found : size(int64)", "function size does not accept (number)"),
        ("INVALID_ARGUMENT: divide by zero", "division by zero"),
        ("INTERNAL: Iteration budget exceeded [INTERNAL]", "the loops have too many iterations"),
        ("INVALID_ARGUMENT: Index error: index=7 size=3", "Index error: index=7 size=3"),
        ("", "the evaluation failed"),
    ],
)
def test_a_failure(message: str, shown: str) -> None:
    assert shown_reason(message) == shown


def test_a_long_one_is_cut() -> None:
    assert len(shown_reason("x" * 1_000)) == len(shown_reason(f'NOT_FOUND: Key not found in map : "{"x" * 1_000}"')) == MAX_REASON


@pytest.mark.parametrize(
    ("source", "reason", "at"),
    [
        ("reading.value.t > 1", "variable reading.value.t does not exist; it must be one of reading.values", 0),
        ("1 == 1 && reading", "reading is not a value; use one of reading.values", 10),
        ("weather", "variable weather does not exist; it must be one of device.name, reading.values", 0),
        ("nope(1)", "function nope does not exist", 0),
        ("1 +\n 'a'", "operator + does not accept (number, string)", 2),
        ("1 +", "the expression is incomplete", 3),
        ("[" * 40 + "]" * 40, "the expression is nested too deeply; use fewer brackets and operators", None),
    ],
)
def test_a_refusal(source: str, reason: str, at: int | None) -> None:
    with pytest.raises(RuntimeError) as error:
        SCOPE.environment.compile(source)
    refusal = refusal_of(source, str(error.value), SCOPE)
    assert (refusal.reason, refusal.at) == (reason, at)


def test_no_more_variables_are_listed_than_a_reader_looks_at() -> None:
    scope = Scope({f"v{number}": Kind.ANY for number in range(MAX_KNOWN + 9)})
    with pytest.raises(RuntimeError) as error:
        scope.environment.compile("nope")
    assert refusal_of("nope", str(error.value), scope).reason.count(",") == MAX_KNOWN
