"""The syntax tree of a checked expression, read from the engine's own serialisation.

The engine has parsed the source and expanded its macros, so that there is no second parser that could understand a string or a
comment in another way. What is read: `cel.expr.CheckedExpr` (cel-spec, proto/cel/expr/checked.proto and syntax.proto), in the
wire format of protocol buffers.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import msgspec

from penstock.core.expressions.serialized import all_parts, fields, part, plain, text_at

_LIST_ENTRY, _MAP_ENTRY = 1, 2
Span: TypeAlias = tuple[int, int]
"""Where a node lies in the serialisation."""
NOWHERE: Span = (0, 0)


class Constant(msgspec.Struct, frozen=True):
    """A literal."""

    number: int
    value: bool | int | float | str | bytes | None
    span: Span = NOWHERE


class Name(msgspec.Struct, frozen=True):
    """A variable, by its full name. `absolute`: it is not that of a loop, even if the loop has one of this name."""

    number: int
    name: str
    absolute: bool = False
    span: Span = NOWHERE


class Select(msgspec.Struct, frozen=True):
    """A field of a value; `test` if only its presence is tested."""

    number: int
    operand: Node
    field: str
    test: bool
    span: Span = NOWHERE


class Call(msgspec.Struct, frozen=True):
    """A call of a function or operator. `start` is where its name starts in the serialisation."""

    number: int
    function: str
    start: int
    target: Node | None
    arguments: tuple[Node, ...]
    span: Span = NOWHERE

    @property
    def operands(self) -> tuple[Node, ...]:
        """The target, if there is one, and the arguments."""
        return self.arguments if self.target is None else (self.target, *self.arguments)


class ListOf(msgspec.Struct, frozen=True):
    """A literal list."""

    number: int
    entries: tuple[Node, ...]
    span: Span = NOWHERE


class MapOf(msgspec.Struct, frozen=True):
    """A literal map or message: its keys and values."""

    number: int
    entries: tuple[Node, ...]
    span: Span = NOWHERE


class Loop(msgspec.Struct, frozen=True):
    """A comprehension, into which the engine expands a macro."""

    number: int
    variable: str
    accumulator: str
    over: Node
    initial: Node
    condition: Node
    step: Node
    result: Node
    span: Span = NOWHERE


Node: TypeAlias = Constant | Name | Select | Call | ListOf | MapOf | Loop


class Tree(msgspec.Struct, frozen=True):
    """A checked expression. `positions` are the places of its nodes in the source, in characters from 0.

    `overloads` are the forms of a function that a node may call, by the number of the node.
    """

    root: Node
    positions: Mapping[int, int]
    overloads: Mapping[int, tuple[str, ...]] = {}


def read(serialized: bytes) -> Tree:
    """The tree of a serialised expression."""
    checked = part(serialized, 0, len(serialized), 2)
    positions: dict[int, int] = {}
    for start, end in all_parts(serialized, *part(serialized, *checked, 5), 4):
        entry = dict(plain(serialized, start, end))
        positions[entry.get(1, 0)] = entry.get(2, 0)
    overloads: dict[int, tuple[str, ...]] = {}
    for start, end in all_parts(serialized, *checked, 2):
        number = dict(plain(serialized, start, end)).get(1, 0)
        called = all_parts(serialized, *part(serialized, start, end, 2), 3)
        overloads[number] = tuple(text_at(serialized, *one) for one in called)
    return Tree(_node(serialized, *part(serialized, *checked, 4)), positions, overloads)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node."""
    match node:
        case Select(operand=operand):
            return (operand,)
        case Call():
            return node.operands
        case ListOf(entries=entries) | MapOf(entries=entries):
            return entries
        case Loop():
            return (node.over, node.initial, node.condition, node.step, node.result)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """A node and all nodes below it."""
    yield node
    for one in children(node):
        yield from walk(one)


def _node(data: bytes, start: int, end: int) -> Node:
    number, found = 0, (0, (0, 0))
    for field, value in fields(data, start, end):
        if field == 2 and isinstance(value, int):
            number = value
        elif isinstance(value, tuple):
            found = (field, value)
    field, (begin, stop) = found
    make = _KINDS.get(field)
    if make is None:
        raise ValueError(f"unknown kind of expression {field}")
    return msgspec.structs.replace(make(data, begin, stop, number), span=(start, end))


def _name(number: int, text: str) -> Name:
    return Name(number, text.removeprefix("."), text.startswith("."))


def _select(data: bytes, start: int, end: int, number: int) -> Select:
    test = dict(plain(data, start, end)).get(3, 0)
    return Select(number, _node(data, *part(data, start, end, 1)), text_at(data, *part(data, start, end, 2)), bool(test))


def _call(data: bytes, start: int, end: int, number: int) -> Call:
    name = part(data, start, end, 2)
    targets = [_node(data, *one) for one in all_parts(data, start, end, 1)]
    arguments = tuple(_node(data, *one) for one in all_parts(data, start, end, 3))
    return Call(number, text_at(data, *name), name[0], targets[0] if targets else None, arguments)


def _list(data: bytes, start: int, end: int, number: int) -> ListOf:
    return ListOf(number, tuple(_node(data, *one) for one in all_parts(data, start, end, _LIST_ENTRY)))


def _map(data: bytes, start: int, end: int, number: int) -> MapOf:
    return MapOf(number, tuple(_entries(data, start, end)))


def _entries(data: bytes, start: int, end: int) -> Iterator[Node]:
    for entry in all_parts(data, start, end, _MAP_ENTRY):
        for field, value in fields(data, *entry):
            if field in (3, 4) and isinstance(value, tuple):
                yield _node(data, *value)


def _loop(data: bytes, start: int, end: int, number: int) -> Loop:
    variable, accumulator = text_at(data, *part(data, start, end, 1)), text_at(data, *part(data, start, end, 3))
    over, initial, condition, step, result = (_node(data, *part(data, start, end, field)) for field in (2, 4, 5, 6, 7))
    return Loop(number, variable, accumulator, over, initial, condition, step, result)


def _constant(data: bytes, start: int, end: int) -> bool | int | float | str | bytes | None:
    for field, value in fields(data, start, end):
        if isinstance(value, tuple):
            raw = data[slice(*value)]
            if field == 5:
                return float(struct.unpack("<d", raw)[0])
            return raw.decode() if field == 6 else raw
        if field == 2:
            return bool(value)
        if field == 3:
            return value - 2**64 if value >= 2**63 else value
        if field == 4:
            return value
    return None


_KINDS: dict[int, Callable[[bytes, int, int, int], Node]] = {
    3: lambda data, start, end, number: Constant(number, _constant(data, start, end)),
    4: lambda data, start, end, number: _name(number, text_at(data, *part(data, start, end, 1))),
    5: _select,
    6: _call,
    7: _list,
    8: _map,
    9: _loop,
}
"""The kinds of expressions, by the number of their field."""
