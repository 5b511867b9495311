"""What the checker accepts, the engine runs: every function and operator with arguments of every known type."""

from __future__ import annotations

from itertools import product

from penstock.core.expressions.engine import Kind
from penstock.core.expressions.expression import compile_expression
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.variables import Variables, moment
from penstock.core.expressions.zones import REPLACED
from penstock.kit.errors import InvalidInput

SCOPE = Scope({"v": Kind.VALUES, "s": Kind.TEXT, "t": Kind.TIME, "b": Kind.BOOLEAN, "n": Kind.NUMBER, "q": Kind.NUMBERS})
VALUES = Variables({"v": {"x": 2}, "s": "ab", "t": moment(10**15), "b": True, "n": 3, "q": {"a": 1.0}})
ARGUMENTS = (*("int(v.x)", "n", "uint(v.x)", "(size(s) / 1)", "s", "t", "(t - t)", "b", "[n]", "[s]", "q", "bytes(s)", "null"),)
FUNCTIONS = (
    *("size", "contains", "startsWith", "endsWith", "lowerAscii", "upperAscii", "trim", "split", "join", "substring", "charAt"),
    *("indexOf", "lastIndexOf", "reverse", "format", "strings.quote", "timestamp", "duration", "int", "uint", "double"),
    *("string", "bool", "bytes", "type", "dyn", "base64.encode", "base64.decode", *REPLACED),
    *(f"math.{name}" for name in ("greatest", "least", "abs", "ceil", "floor", "round", "trunc", "sign", "sqrt")),
    *(f"math.{name}" for name in ("isNaN", "isInf", "isFinite", "bitAnd", "bitOr", "bitXor", "bitNot")),
    *(f"math.{name}" for name in ("bitShiftLeft", "bitShiftRight")),
)
OPERATORS = ("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "in")
LACKING = ("does not accept", "overload", "Python", "Non-CEL")


def sources() -> list[str]:
    pairs = list(product(ARGUMENTS, repeat=2))
    return [
        *(f"{name}({one})" for name in FUNCTIONS for one in ARGUMENTS),
        *(f"{one}.{name}()" for name in FUNCTIONS for one in ARGUMENTS),
        *(f"{one}.{name}({other})" for name in FUNCTIONS for one, other in pairs),
        *(f"{name}({one}, {other})" for name in FUNCTIONS if "." in name for one, other in pairs),
        *(f"{one} {operator} {other}" for operator in OPERATORS for one, other in pairs),
        *(form.format(one, other) for form in ("b ? {} : {}", "{}[{}]", "[{}, {}]") for one, other in pairs),
        *(f"{sign}{one}" for sign in "-!" for one in ARGUMENTS),
    ]


def test_what_is_accepted_by_its_types_runs() -> None:
    accepted, wrong = 0, []
    for source in sources():
        try:
            compiled = compile_expression(source, "x", SCOPE)
        except InvalidInput:
            continue
        accepted += 1
        reason = compiled.evaluate(VALUES).reason
        if any(words in reason for words in LACKING):
            wrong.append((source, reason))
    assert wrong == []
    assert accepted > 700
