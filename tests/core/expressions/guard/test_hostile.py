"""Expressions and templates made to cost much: refused, or so bounded that they cost little."""

from __future__ import annotations

import random

import pytest

from penstock.core.expressions.expression import compile_expression
from penstock.core.expressions.template import MAX_TEXT, compile_template, in_url
from penstock.core.expressions.variables import MAX_LIST, MAX_VALUES, Variables, moment
from penstock.core.expressions.variables import MAX_TEXT as LONGEST
from penstock.kit.errors import InvalidInput

NAMES = {"reading", "now"}
LARGEST = Variables(
    {
        "reading": {
            "values": {"l": ["x" * LONGEST] * MAX_LIST, "s": "a" * LONGEST, **{f"k{n}": n for n in range(MAX_VALUES)}},
        },
        "now": moment(0),
    }
)
LOOP = "reading.values.l.exists(x, {})"

REFUSED = {
    "too long": "1" + "+1" * 500,
    "deep": "(" * 17 + "1" + ")" * 17,
    "deep lists": "[" * 17 + "]" * 17,
    "values that grow": '[["x"].map(a, a + a)].map(b, b + b)',
    "a map": '{"a": reading}',
    "a struct": "a{b: 1}",
    "many additions": "reading.values.s" + " + reading.values.s" * 17,
    "a loop in a loop": LOOP.format("reading.values.l.exists(y, x == y)"),
    "a loop in what a loop goes over": "reading.values.l.filter(x, true).filter(y, true)",
    "a loop over what was added up": "(reading.values.l + reading.values.l).exists(x, true)",
    "many loops": " && ".join([LOOP.format("true")] * 3),
    "a long loop": LOOP.format(" && ".join(["x == x"] * 10)),
    "a list of values": "[" + ", ".join(["reading"] * 50) + "] == []",
    "a list of lists of values": "[[reading, reading], [reading]] == []",
    "a bound value": 'cel.bind(x, "a", x + x)',
    "an optional": "optional.of(1).optMap(x, [x])",
    "a pattern from outside": "reading.values.s.matches(reading.values.s)",
    "a pattern that was put together": '"a".matches("a" + "{9}")',
    "a counted pattern": '"a".matches("(a{1,1000}){1,1000}")',
    "a pattern of classes": r'"a".matches("\\w\\w\\w\\w\\w\\w")',
    "a pattern of classes, otherwise": r'"a".matches("\w\w\w\w\w\w")',
    "a pattern with flags": '"a".matches("(?i)aaa")',
    "a long pattern": f'"a".matches("{"a" * 65}")',
    "many patterns": " && ".join(['"a".matches("a")'] * 3),
    "a pattern in a loop": LOOP.format('x.matches("a")'),
    "a raw string": "r'a' == 'a'",
    "a triple string": '"""a""" == "a"',
    "bytes": 'b"a" == b"a"',
    "a comment": "1 == 1 // reading",
    "an unknown function": "reading.values.s.lowerAscii()",
    "half a character": '"\ud800" == ""',
    "a NUL": "1 == \x00",
}

BORNE = {
    "the longest loops": " && ".join([LOOP.format("!(reading == reading && reading == reading && x == '')")] * 2),
    "the most additions": "reading.values.s" + "+reading.values.s" * 16,
    "the longest list": "reading.values.l" + "+reading.values.l" * 16,
    "comparisons": "&&".join(["reading==reading"] * 55),
    "patterns": f'reading.values.s.matches("{".*" * 32}b") || reading.values.s.matches("{"(a*)*" * 10}b")'.replace(
        ".*" * 32, ".*" * 31
    ),
    "nots": "!" * 990 + "true",
    "minuses": "-" * 990 + "1",
    "choices": "true ? 1 : " * 90 + "1",
    "a long path": "reading" + ".a" * 490,
    "a long chain": "true && " * 120 + "true",
    "indexes": "reading.values.l" + "[0]" * 300,
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_before_it_is_run(name: str) -> None:
    with pytest.raises(InvalidInput):
        compile_expression(REFUSED[name], "condition", NAMES)


@pytest.mark.parametrize("name", BORNE)
def test_borne_with_the_largest_values(name: str) -> None:
    result = compile_expression(BORNE[name], "condition", NAMES).evaluate(LARGEST)
    assert result.ok or result.reason


def test_a_template_has_no_more_of_what_costs_than_an_expression() -> None:
    for dear in (
        "{{ reading.values.s + reading.values.s }}" * 17,
        "{{ " + LOOP.format("true") + " }}" + "{{ " + LOOP.format("true") + " }}" * 3,
    ):
        with pytest.raises(InvalidInput):
            compile_template(dear * 2, "message", NAMES)


def test_a_text_stops_growing() -> None:
    rendered = compile_template("{{ reading }}" * 20, "url", NAMES).render(LARGEST, in_url)
    assert len(rendered.text) == MAX_TEXT
    assert rendered.problems


def _mutants(count: int) -> list[str]:
    chance = random.Random(20_260_502)
    pieces = [
        *"()[]{}.,+-*/%!?:<>=&|\"'\\ \n1x",
        "reading",
        ".values",
        ".l",
        ".all(x,",
        "size(",
        "in",
        "true",
        "matches(",
        "\ud83c",
        "é",
    ]
    seeds = [*REFUSED.values(), *BORNE.values()]
    made = []
    for _ in range(count):
        text = chance.choice(seeds)
        for _ in range(chance.randrange(1, 8)):
            at = chance.randrange(len(text) + 1)
            cut = at + chance.randrange(0, 4)
            text = text[:at] + "".join(chance.choices(pieces, k=chance.randrange(0, 4))) + text[cut:]
        made.append(text)
    return made


def _try_all(sources: list[str]) -> int:
    accepted = 0
    for source in sources:
        try:
            compiled = compile_expression(source, "condition", NAMES)
        except InvalidInput:
            continue
        accepted += 1
        compiled.evaluate(LARGEST)
    return accepted


def test_mutants_are_refused_or_evaluated() -> None:
    assert _try_all(_mutants(500)) > 0


@pytest.mark.prove
def test_many_mutants_are_refused_or_evaluated() -> None:
    assert _try_all(_mutants(100_000)) > 0
