"""What can never be computed is rejected when it is saved; what can be is not."""

from __future__ import annotations

import pytest

from penstock.core.expressions.engine import Kind
from penstock.core.expressions.expression import compile_expression
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.variables import Variables
from penstock.kit.errors import InvalidInput

SCOPE = Scope({"v": Kind.VALUES, "s": Kind.TEXT, "t": Kind.TIME})


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("v.t > 1 / 0", "always fails: division by zero"),
        ("v.t / 0 > 1", "division by zero"),
        ("v.t % 0.0 > 1", "modulus by zero"),
        ("v.l.exists(x, x > 5 % 0)", "modulus by zero"),
        ("[1, 2][5] > v.t", "always fails"),
        ("{'a': 1}.b > v.t", 'value "b" is missing'),
        ("{'a': 1, 'a': 2} == v", "duplicate key"),
        ("{6.5: 'a'}", "key"),
        ("{6.5: 1} == {}", "key"),
        ("9223372036854775807 + 1 > v.t", "integer overflow"),
        ("timestamp(1e300) > t", "the time is out of range"),
        ("timestamp(253402300800) > t", "overflow"),
        ("'abc'.charAt(9) == s", "always fails: "),
        ("base64.decode('!!') == b''", "base64"),
        ("'%q'.format([v.t])", "the format contains %q"),
        ("'%d %s'.format([v.t])", "the format has 2 places for a list of 1"),
        ("duration(3600) > duration('1h')", "such as duration('90s')"),
        ("duration(int(v.t)) > duration('1h')", "such as duration('90s')"),
        ("int(t - t) > 5", "by getSeconds()"),
        ("v.?t", "optional value; use orValue()"),
        ("[v.?t]", "optional value; use orValue()"),
        ("optional.none()", "optional value; use orValue()"),
    ],
)
def test_what_has_no_value_whatever_is_sent(source: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason.replace("(", r"\(").replace(")", r"\)")):
        compile_expression(source, "x", SCOPE)


def test_has_of_a_variable_says_what_it_asks_for() -> None:
    scope = Scope({"device.name": Kind.TEXT, "reading.values": Kind.VALUES})
    for source in ("has(device.name)", "!has(device . name)", "has(reading.values) && true", "[1].all(x, has(device.name))"):
        with pytest.raises(InvalidInput, match="is not a field but a variable"):
            compile_expression(source, "x", scope)
    compile_expression("has(reading.values.t) && (device.name) == 'x' && has(reading.values.a.b)", "x", scope)


@pytest.mark.parametrize(
    "source",
    [
        "true || 1 / 0 > 1",
        "v.t > 0 ? 1 : 2",
        "[1, 2].exists(x, [3].exists(y, y > x))",
        "cel.bind(x, 1, x > 0)",
        "['v'].exists(v, .v == {'t': 1})",
        "'%d%% %s'.format([v.t, 'x'])",
        "optional.of(1).orValue(2)",
        "v.?t.orValue(0) > 1",
        "type(1) == int",
        "[][?0].orValue(1) == 1",
    ],
)
def test_what_has_one(source: str) -> None:
    assert compile_expression(source, "x", SCOPE).evaluate(Variables({"v": {"t": 1}})).ok
