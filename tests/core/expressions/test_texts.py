"""Functions of texts take the places and counts of JSON, and mean the same as with an int."""

from __future__ import annotations

from itertools import product

import pytest

from penstock.core.expressions.engine import Kind
from penstock.core.expressions.expression import ErrorReason, Result, compile_expression
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.variables import Variables

SCOPE = Scope({"v": Kind.VALUES, "t": Kind.TIME})
CALLS = [
    "'ἀβγ,b,,c'.split(',', {n})",
    "'abc'.split('', {n})",
    "''.split(',', {n})",
    "'banana'.replace('an', 'ó', {n})",
    "'banana'.replace('', '-', {n})",
    "'βanana'.indexOf('an', {n})",
    "'banana'.indexOf('', {n})",
    "'βanana'.lastIndexOf('an', {n})",
    "'banana'.lastIndexOf('', {n})",
    "'βanana'.charAt({n})",
    "'βanana'.substring({n})",
    "'βanana'.substring(0, {n})",
    "'%d|%x|%X|%b|%o|%.2f'.format([{n}, {n}, {n}, {n}, {n}, {n}])",
]


def found(source: str, number: int) -> Result:
    return compile_expression(source, "x", SCOPE).evaluate(Variables({"v": {"n": number, "zero": 0}}))


def test_a_part_of_a_text_ends_where_the_text_does() -> None:
    for text in ("banana", "βanana", ""):
        for start in range(len(text) + 1):
            for end in range(start, len(text) + 1):
                for form in ("{}", "{}.0", "v.zero + {}", "int(v.zero) + {}"):
                    source = f"'{text}'.substring({form.format(start)}, {form.format(end)})"
                    assert found(source, 0).value == text[start:end], source
    assert found("'abc'.substring(v.n, v.zero)", 1).error is ErrorReason.FAILED
    assert found("'abc'.substring(v.n, 4)", 1).error is ErrorReason.FAILED
    assert found("'abc'.substring(v.n)", 4).error is ErrorReason.FAILED


@pytest.mark.parametrize("call", CALLS)
def test_a_number_of_json_means_what_an_int_means(call: str) -> None:
    for number, form in product((-1, 0, 1, 2, 5, 6, 7), ("v.n", "v.n + 0", "double(v.n)")):
        wanted, got = found(call.format(n="int(v.n)"), number), found(call.format(n=form), number)
        assert (got.value, got.error) == (wanted.value, wanted.error), (call, number, form)


def test_a_fraction_is_no_place() -> None:
    for call in CALLS[:-1]:
        assert found(call.format(n="(v.n + 0.5)"), 1).error is ErrorReason.FAILED


def test_a_format_takes_every_kind_of_value() -> None:
    moment, span = "timestamp('2026-05-02T09:15:04.12Z')", "duration('90s')"
    source = f"'%d|%s|%s|%s|%s|%.1f'.format([int(v.n), {moment}, {span}, [{span}, duration('1s')], type(1), 21])"
    assert found(source, 21).value == "21|2026-05-02T09:15:04.120Z|90s|[90s, 1s]|int|21.0"
    failed = found("'%d'.format([v.n == 21])", 21)
    assert failed.error is ErrorReason.FAILED
    assert "decimal clause" in failed.reason
