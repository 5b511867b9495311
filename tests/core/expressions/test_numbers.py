"""The numbers of JSON in expressions, by operators and functions."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from penstock.core.expressions.engine import Kind
from penstock.core.expressions.expression import ErrorReason, compile_expression
from penstock.core.expressions.numbers import integral
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.variables import Variables
from penstock.kit.errors import InvalidInput

SCOPE = Scope({"v": Kind.VALUES})


def value_of(source: str, **values: Any) -> object:
    return compile_expression(source, "x", SCOPE).evaluate(Variables({"v": values})).value


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">="])
def test_an_operator_means_the_same_whatever_the_form_of_its_numbers(operator: str) -> None:
    forms = [(left, right) for left in ("21", "21.0", "v.a") for right in ("2", "2.0", "v.b")]
    expected = eval(f"21 {operator} 2")
    for sent in ((21, 2), (21.0, 2.0), (21, 2.0)):
        for left, right in forms:
            assert value_of(f"{left} {operator} {right}", a=sent[0], b=sent[1]) == expected, (left, operator, right, sent)


@pytest.mark.parametrize("near", [2**53 + 1, 840380235174088833, -(2**53) - 1, 2**63 - 1])
def test_a_large_integer_does_not_equal_its_neighbours(near: int) -> None:
    for sent, same in ((near, True), (near - 1, False)):
        whole = f"v == {{'n': {near}, 'l': [{near}]}}"
        for source in (f"v.n == {near}", f"v.n in [{near}]", f"v.l.exists(x, x == {near})", whole):
            assert value_of(source, n=sent, l=[sent]) is same, (source, sent)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("'abcdef'.substring(v.two)", "cdef"),
        ("'abcdef'.substring(1, v.two)", "b"),
        ("'abc'.charAt(v.two)", "c"),
        ("[1, 2, 3][v.two]", 3),
        ("{2: 'x'}[v.two]", "x"),
        ("math.bitAnd(v.two, 3)", 2),
        ("math.bitOr(v.two, v.one)", 3),
        ("math.bitXor(v.two, 3)", 1),
        ("math.bitNot(v.two)", -3),
        ("math.bitShiftLeft(v.one, 4)", 16),
        ("math.bitShiftRight(-1, v.two)", 2**62 - 1),
        ("timestamp(v.two).getSeconds()", 2),
        ("true ? v.two : 1.5", 2),
        ("string(v.two)", "2"),
    ],
)
def test_a_function_of_whole_numbers_takes_those_of_json(source: str, value: object) -> None:
    if "-1" in source:
        source = source.replace("-1", "int(v.less)")
        value = 2**62 - 1
    assert value_of(source, one=1, two=2, less=-1) == value


BAD = ["v.a / v.zero", "v.a % v.zero", "1 / v.zero", "math.bitAnd(v.half, 1)", "'a'.charAt(v.half)"]


@pytest.mark.parametrize("source", BAD)
def test_what_has_no_value_fails(source: str) -> None:
    compiled = compile_expression(source, "x", SCOPE)
    result = compiled.evaluate(Variables({"v": {"a": 1, "zero": 0, "half": 0.5}}))
    assert (result.error, result.value) == (ErrorReason.FAILED, None)


ONE_AND_A_HALF = [
    "{i} == {d}",
    "{d} != {i}",
    "[{i}] == [{d}]",
    "{{'a': {i}}} == {{'a': {d}}}",
    "{{1: {i}}} != {{1: {d}}}",
    "[[{i}]] == [[{d}]]",
    "[{{'a': {i}}}] == [{{'a': {d}}}]",
    "{i} in [{d}]",
    "{d} in [{i}]",
    "[{i}] in [[{d}]]",
    "{d} in {{{i}: 'x'}}",
    "[{i}] + [{d}] == [{d}, {i}]",
    "(true ? {i} : {d}) == {d}",
    "(true ? [{i}] : [{d}]) == [{d}]",
    "(false ? {{'a': {i}}} : {{'a': {d}}}).a == {i}",
    "[{i}, {d}].all(x, x == {d})",
    "[{i}].exists(x, x == {d})",
    "[{d}].exists_one(x, x == {i})",
    "[{i}].map(x, x + {d}) == [4]",
    "[{d}].filter(x, x > {i}) == []",
    "[1, 2, 3][{d}] == 3",
    "{{2: 'x'}}[{d}] == 'x'",
    "math.greatest({i}, {d}) == {d}",
    "math.least([{i}, {d}]) == {i}",
    "math.ceil({i}) == {d} && math.floor({d}) == {i} && math.round({i}) == {d} && math.trunc({i}) == {d}",
    "!math.isNaN({i}) && !math.isInf({i}) && math.isFinite({i})",
    "cel.bind(x, {i}, x * {d}) == 4",
    "{i} + {d} == 4",
    "{i} - {d} == 0",
    "{i} % {d} == 0",
    "{i} * {d} == 4.0",
    "{i} / {d} == 1",
    "{i} <= {d} && {i} >= {d} && !({i} < {d}) && !({i} > {d})",
    "math.sqrt({i}) < {d}",
    "math.abs({i}) == {d}",
]


@pytest.mark.parametrize("form", ONE_AND_A_HALF)
def test_a_number_is_the_same_in_every_form_wherever_it_stands(form: str) -> None:
    forms = ("2", "2.0", "2u", "v.n", "int(v.n)", "double(v.n)", "uint(v.n)", "size('ab')", "(v.n + 0)")
    wrong = []
    for whole, other in product(forms, repeat=2):
        source = form.format(i=whole, d=other)
        keys = other if source.count("'x'") and "in {" not in source else whole
        if "'x'" in source and keys in ("2.0", "v.n", "double(v.n)", "(v.n + 0)", "2u", "uint(v.n)"):
            continue  # the keys of a map are integers or texts
        if ("[1, 2, 3][" in source or "{2: " in source) and other in ("2u", "uint(v.n)"):
            continue
        expected = "!=" not in form
        try:
            found = value_of(source, n=2)
        except InvalidInput as refused:
            found = refused.detail
        if found is not expected:
            wrong.append((source, found))
    assert wrong == []


@pytest.mark.parametrize("small", ["10", "10.0", "v.ten", "double(v.ten)", "int(v.ten)"])
def test_a_large_integer_keeps_its_digits_with_any_other_number(small: str) -> None:
    large = 840380235174088833
    for source, value in (
        (f"v.large % {small}", 3),
        (f"v.large - {small}", large - 10),
        (f"{small} + v.large", large + 10),
        (f"v.large * {small}", large * 10),
        (f"v.large - {small} == {large - 10} && v.large - {small} != {large - 11}", True),
        ("math.ceil(v.large) == 840380235174088833 && math.ceil(v.large) != 840380235174088834", True),
    ):
        assert value_of(source, large=large, ten=10) == value, source
    assert value_of(f"v.large * {small} * {small} * 1.0 > 1", large=2**54, ten=10) is True
    assert value_of("-v.large % 10.0", large=large) == -3


def test_an_integer_stays_one_in_a_result() -> None:
    found = integral({"a": 21.0, "b": [1.5, 2.0], "c": 2**60, "d": True, "e": 1e300, "f": "x"})
    assert found == {"a": 21, "b": [1.5, 2], "c": 2**60, "d": True, "e": 1e300, "f": "x"}
    assert isinstance(found, dict)
    assert [type(found[name]) for name in ("a", "c", "d", "e")] == [int, int, bool, float]
