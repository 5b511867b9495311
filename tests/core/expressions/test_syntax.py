"""The syntax tree, as the engine serialises it."""

from __future__ import annotations

import pytest

from penstock.core.expressions.engine import Kind, checking
from penstock.core.expressions.syntax import Call, Constant, ListOf, Loop, MapOf, Name, Select, read, walk

ENVIRONMENT = checking({"reading.values": Kind.VALUES, "now": Kind.TIME})


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1", 1),
        ("-5", -5),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("18446744073709551615u", 2**64 - 1),
        ("1.5", 1.5),
        ("-1e300", -1e300),
        ("true", True),
        ("false", False),
        ("null", None),
        ("'πέντε'", "πέντε"),
        ("b'\\xff'", b"\xff"),
        ("0", 0),
        ("0.0", 0.0),
        ("''", ""),
    ],
)
def test_constants(source: str, value: object) -> None:
    root = read(ENVIRONMENT.compile(source).serialize()).root
    assert isinstance(root, Constant)
    assert root.value == value
    assert type(root.value) is type(value)


def test_every_kind_of_node_is_read_with_its_place() -> None:
    source = "has(reading.values.a) ? [1].map(x, {'k': x})[0].k > 2 : now.getHours() == 3"
    tree = read(ENVIRONMENT.compile(source).serialize())
    kinds = {type(node) for node in walk(tree.root)}
    assert kinds == {Constant, Name, Select, Call, ListOf, MapOf, Loop}
    calls = {node.function: node for node in walk(tree.root) if isinstance(node, Call)}
    assert source[tree.positions[calls["_>_"].number]] == ">"
    target = calls["getHours"].target
    assert isinstance(target, Name)
    assert (target.name, target.absolute) == ("now", False)
    assert any(isinstance(node, Select) and node.test and node.field == "a" for node in walk(tree.root))


def test_the_start_of_a_name_is_where_it_lies_in_the_serialisation() -> None:
    data = ENVIRONMENT.compile("'_/_' == '' || 1 / 2 == now.getHours('UTC')").serialize()
    for node in walk(read(data).root):
        if isinstance(node, Call):
            name = node.function.encode()
            assert data[node.start : node.start + len(name)] == name


def test_what_is_no_expression_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        read(b"")
