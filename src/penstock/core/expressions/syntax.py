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

_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5
_LIST_ENTRY, _MAP_ENTRY = 1, 2


class Constant(msgspec.Struct, frozen=True):
    """A literal."""

    number: int
    value: bool | int | float | str | bytes | None


class Name(msgspec.Struct, frozen=True):
    """A variable, by its full name."""

    number: int
    name: str


class Select(msgspec.Struct, frozen=True):
    """A field of a value; `test` if only its presence is tested."""

    number: int
    operand: Node
    field: str
    test: bool


class Call(msgspec.Struct, frozen=True):
    """A call of a function or operator. `start` is where its name starts in the serialisation."""

    number: int
    function: str
    start: int
    target: Node | None
    arguments: tuple[Node, ...]

    @property
    def operands(self) -> tuple[Node, ...]:
        """The target, if there is one, and the arguments."""
        return self.arguments if self.target is None else (self.target, *self.arguments)


class ListOf(msgspec.Struct, frozen=True):
    """A literal list."""

    number: int
    entries: tuple[Node, ...]


class MapOf(msgspec.Struct, frozen=True):
    """A literal map or message: its keys and values."""

    number: int
    entries: tuple[Node, ...]


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


Node: TypeAlias = Constant | Name | Select | Call | ListOf | MapOf | Loop


class Tree(msgspec.Struct, frozen=True):
    """A checked expression. `positions` are the places of its nodes in the source, in characters from 0."""

    root: Node
    positions: Mapping[int, int]


def read(serialized: bytes) -> Tree:
    """The tree of a serialised expression."""
    checked = _part(serialized, 0, len(serialized), 2)
    positions: dict[int, int] = {}
    for start, end in _all(serialized, *_part(serialized, *checked, 5), 4):
        entry = dict(_plain(serialized, start, end))
        positions[entry.get(1, 0)] = entry.get(2, 0)
    return Tree(_node(serialized, *_part(serialized, *checked, 4)), positions)


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
    for field, value in _fields(data, start, end):
        if field == 2 and isinstance(value, int):
            number = value
        elif isinstance(value, tuple):
            found = (field, value)
    field, (begin, stop) = found
    make = _KINDS.get(field)
    if make is None:
        raise ValueError(f"unknown kind of expression {field}")
    return make(data, begin, stop, number)


def _select(data: bytes, start: int, end: int, number: int) -> Select:
    test = dict(_plain(data, start, end)).get(3, 0)
    return Select(number, _node(data, *_part(data, start, end, 1)), _text(data, *_part(data, start, end, 2)), bool(test))


def _call(data: bytes, start: int, end: int, number: int) -> Call:
    name = _part(data, start, end, 2)
    targets = [_node(data, *one) for one in _all(data, start, end, 1)]
    arguments = tuple(_node(data, *one) for one in _all(data, start, end, 3))
    return Call(number, _text(data, *name), name[0], targets[0] if targets else None, arguments)


def _list(data: bytes, start: int, end: int, number: int) -> ListOf:
    return ListOf(number, tuple(_node(data, *one) for one in _all(data, start, end, _LIST_ENTRY)))


def _map(data: bytes, start: int, end: int, number: int) -> MapOf:
    return MapOf(number, tuple(_entries(data, start, end)))


def _entries(data: bytes, start: int, end: int) -> Iterator[Node]:
    for entry in _all(data, start, end, _MAP_ENTRY):
        for field, value in _fields(data, *entry):
            if field in (3, 4) and isinstance(value, tuple):
                yield _node(data, *value)


def _loop(data: bytes, start: int, end: int, number: int) -> Loop:
    variable, accumulator = _text(data, *_part(data, start, end, 1)), _text(data, *_part(data, start, end, 3))
    over, initial, condition, step, result = (_node(data, *_part(data, start, end, field)) for field in (2, 4, 5, 6, 7))
    return Loop(number, variable, accumulator, over, initial, condition, step, result)


def _constant(data: bytes, start: int, end: int) -> bool | int | float | str | bytes | None:
    for field, value in _fields(data, start, end):
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
    # A dot in front says that no variable of a loop is meant.
    4: lambda data, start, end, number: Name(number, _text(data, *_part(data, start, end, 1)).removeprefix(".")),
    5: _select,
    6: _call,
    7: _list,
    8: _map,
    9: _loop,
}
"""The kinds of expressions, by the number of their field."""


def _text(data: bytes, start: int, end: int) -> str:
    return data[start:end].decode()


def _part(data: bytes, start: int, end: int, number: int) -> tuple[int, int]:
    """Where the last field with this number lies; an empty place if there is none."""
    return next(reversed(list(_all(data, start, end, number))), (start, start))


def _all(data: bytes, start: int, end: int, number: int) -> Iterator[tuple[int, int]]:
    return (value for field, value in _fields(data, start, end) if field == number and isinstance(value, tuple))


def _plain(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    return ((field, value) for field, value in _fields(data, start, end) if isinstance(value, int))


def _fields(data: bytes, start: int, end: int) -> Iterator[tuple[int, int | tuple[int, int]]]:
    """The fields of a message: each number with an integer, or with the place of its bytes."""
    at = start
    while at < end:
        key, at = _varint(data, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield key >> 3, value
            continue
        size = {_EIGHT: 8, _FOUR: 4}.get(kind)
        if size is None:
            size, at = _varint(data, at)
        yield key >> 3, (at, at + size)
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
