"""What a body declares each of its fields to be: what one field of a type survives is survived by the others of that type."""

from __future__ import annotations

import functools
import json
import types
import typing
from collections.abc import Iterator
from typing import Any

import msgspec

from penstock.kit.operation import Operation
from tests.fuzz.traps import fields_of
from tests.security.table import name_of, one_of_each, operations

Path = tuple[str | int, ...]
ROWS = (list, tuple, set, frozenset)


def type_at(wanted: Any, path: Path) -> Any:
    """What the value at a place in a body may be; anything where the body does not say."""
    for part in path:
        wanted = next((found for arm in arms(wanted) for found in _inside(arm, part)), Any)
    return wanted


def arms(wanted: Any) -> Iterator[Any]:
    """What a type allows, without its bounds."""
    origin = typing.get_origin(wanted)
    if origin is typing.Annotated:
        yield from arms(typing.get_args(wanted)[0])
    elif origin in (typing.Union, types.UnionType):
        for arm in typing.get_args(wanted):
            yield from arms(arm)
    else:
        yield wanted


def _inside(arm: Any, part: str | int) -> Iterator[Any]:
    """The type of one part of a value of a type; none if it has no such part."""
    origin, arguments = typing.get_origin(arm) or arm, typing.get_args(arm)
    if isinstance(part, int):
        yield from arguments[:1] if origin in ROWS else ()
    elif origin is dict:
        yield from arguments[1:]
    elif isinstance(origin, type) and issubclass(origin, msgspec.Struct):
        yield from (field.type for field in msgspec.structs.fields(arm) if field.encode_name == part)


def names_of(wanted: Any) -> frozenset[str]:
    """What a type allows, by name."""
    return frozenset(str(typing.get_origin(arm) or arm) for arm in arms(wanted))


def places(operation: Operation) -> list[tuple[str, Path]]:
    """Every field of an operation's example body, by the operation's name and where the field is."""
    body = json.loads(msgspec.json.encode(operation.example.body))
    return [(name_of(operation), path) for path in fields_of(body)]


@functools.cache
def first_of_each_type() -> frozenset[tuple[str, Path]]:
    """One field of each type that is read in the same way."""
    named = {name_of(one): one for one in operations() if one.body is not None}

    def kind(place: tuple[str, Path]) -> object:
        operation = named[place[0]]
        return operation.surface, operation.body_types, names_of(type_at(operation.body, place[1]))

    return frozenset(one_of_each([place for one in named.values() for place in places(one)], kind))
