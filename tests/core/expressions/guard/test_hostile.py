"""Expressions and templates made to cost much: refused, or so bounded that they cost little."""

from __future__ import annotations

import random

import pytest

from penstock.core.expressions.engine import Kind
from penstock.core.expressions.expression import compile_expression
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.template import MAX_TEXT, compile_template, in_url
from penstock.core.expressions.variables import MAX_LIST, MAX_VALUES, Variables, moment
from penstock.core.expressions.variables import MAX_TEXT as LONGEST
from penstock.kit.errors import InvalidInput

SCOPE = Scope({"reading.values": Kind.VALUES, "reading.time": Kind.TIME, "now": Kind.TIME})
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
    "deep": "(" * 33 + "1" + ")" * 33,
    "deep lists": "[" * 33 + "]" * 33,
    "a long path": "reading.values" + ".a" * 200,
    "indexes": "reading.values.l" + "[0]" * 200,
    "choices": "true ? 1 : " * 90 + "1",
    "more than thirty-two additions": "reading.values.s" + " + reading.values.s" * 33,
    "values that double themselves": '["x"].map(a, a + a)' + ".map(b, b + b)" * 24,
    "a text that multiplies itself": 'reading.values.s.replace("a", reading.values.s).replace("a", reading.values.s)',
    "texts of all with all": LOOP.replace("exists", "map").format("reading.values.l.map(y, x + y + x + y).join('')"),
    "loops in loops in loops": LOOP.format(LOOP.replace("x", "y").format(LOOP.replace("x", "z").format("x + y == z"))),
    "a dear loop in a loop": LOOP.format("reading.values.l.exists(y, x * 2 > y * 3)"),
    "comparisons of all in a loop": LOOP.format("reading.values == reading.values && reading.values == reading.values"),
    "bound values that multiply": "".join(
        f"cel.bind(v{n}, {f'v{n - 1}' if n else 'reading.values.s'}" + f" + {f'v{n - 1}' if n else 'reading.values.s'}" * 7 + ", "
        for n in range(5)
    )
    + "v4"
    + ")" * 5,
    "a pattern from outside": "reading.values.s.matches(reading.values.s)",
    "a pattern that was put together": '"a".matches("a" + "{9}")',
    "a counted pattern": '"a".matches("(a{1,900}){1,9}")',
    "a large class, often": r'"a".matches(r"\pL{90}")',
    "many patterns in a loop": LOOP.format('x.matches("^[a-z]{1,90}$")'),
    "half a character": '"\ud800" == ""',
    "a NUL": "1 == \x00",
    "a struct": "a{b: 1}",
    "a file for a time zone": 'reading.time.getHours("/dev/stdin") > 1',
}

BORNE = {
    "a loop in a loop": LOOP.format("reading.values.l.exists(y, x == y)"),
    "a loop over a loop": "reading.values.l.filter(x, true).filter(y, true)",
    "a loop over what was added up": "(reading.values.l + reading.values.l).exists(x, true)",
    "many loops": " && ".join([LOOP.format("false || true")] * 9),
    "a long loop": LOOP.format(" && ".join(["x == x"] * 20)),
    "a map in a loop": "reading.values.l.map(x, {'a': x}).size()",
    "the most additions": "reading.values.s" + "+reading.values.s" * 16,
    "the longest list": "reading.values.l" + "+reading.values.l" * 16,
    "lists of values": "[" + ", ".join(["reading.values"] * 30) + "] == []",
    "comparisons": "&&".join(["reading.values==reading.values"] * 30),
    "patterns": f'reading.values.s.matches("{".*" * 31}b") || reading.values.s.matches("{"(a*)*" * 10}b")',
    "a pattern in a loop": LOOP.format('x.matches("a")'),
    "a text that was joined": 'reading.values.l.join(", ").size()',
    "nots": "!" * 990 + "true",
    "minuses": "-" * 990 + "1",
    "a long chain": "true && " * 120 + "true",
    "a bound value": 'cel.bind(x, "a", x + x)',
    "an optional": "optional.of(1).optMap(x, [x]).orValue([])",
    "a number of a thousand digits": '"%.1000f".format([1e300])',
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_before_it_is_run(name: str) -> None:
    with pytest.raises(InvalidInput):
        compile_expression(REFUSED[name], "condition", SCOPE)


@pytest.mark.parametrize("name", BORNE)
def test_borne_with_the_largest_values(name: str) -> None:
    result = compile_expression(BORNE[name], "condition", SCOPE).evaluate(LARGEST)
    assert result.ok or result.reason


def test_a_template_costs_no_more_than_an_expression() -> None:
    dear = "{{ " + LOOP.format("reading.values.l.exists(y, x == y)") + " }}"
    compile_template(dear, "message", SCOPE)
    with pytest.raises(InvalidInput):
        compile_template(dear * 2, "message", SCOPE)


def test_a_text_stops_growing() -> None:
    rendered = compile_template("{{ reading.values }}" * 20, "url", SCOPE).render(LARGEST, in_url)
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
            compiled = compile_expression(source, "condition", SCOPE)
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
