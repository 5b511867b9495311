"""A part of a serialised expression, as an expression of its own."""

from __future__ import annotations

from penstock.core.expressions.engine import Kind
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.serialized import alone
from penstock.core.expressions.syntax import Call, read, walk

SCOPE = Scope({"v": Kind.VALUES})


def test_a_part_runs_alone() -> None:
    serialized = SCOPE.environment.compile("v.t > 1 + 2 && size('" + "x" * 300 + "') == v.n").serialize()
    calls = {node.function: node for node in walk(read(serialized).root) if isinstance(node, Call)}
    for function, value in (("_+_", 3), ("size", 300)):
        part = alone(serialized, *calls[function].span)
        assert SCOPE.program_environment.deserialize(part).eval(data={}).plain_value() == value
        assert read(part).root.number == calls[function].number
