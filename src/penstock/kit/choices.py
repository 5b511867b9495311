"""What the settings accept at a path, so that errors can say it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec.inspect as described

_STEP = re.compile(r"\.([^.\[\]]+)|\[")
_HOLDERS = (described.ListType, described.SetType, described.FrozenSetType, described.VarTupleType)
_WORDS: dict[type[described.Type], str] = {
    described.BoolType: "true or false",
    described.DecimalType: 'a decimal number such as "49.00"',
    described.StructType: "a section",
    described.DictType: "a section",
} | dict.fromkeys(_HOLDERS, "a list")


def accepted(expected: Any, path: str) -> str:
    """What a type accepts at a decoder's path, in words: `a whole number between 0 and 65535`. Empty if it knows no such path."""
    found = list(_plain(_type(expected)))
    for step in _STEP.finditer(path):
        found = [one for node in found for inside in _inside(node, step[1]) for one in _plain(inside)]
    return " or ".join(dict.fromkeys(_in_words(node) for node in found if not isinstance(node, described.NoneType)))


def _in_words(node: described.Type) -> str:
    if isinstance(node, described.IntType | described.FloatType):
        return f"{'a whole number' if isinstance(node, described.IntType) else 'a number'}{_range(node.ge, node.le)}"
    if isinstance(node, described.StrType):
        return f"text{_length(node.min_length, node.max_length)}"
    if values := _values(node):
        return f"one of {', '.join(map(str, values))}"
    return next((words for kind, words in _WORDS.items() if isinstance(node, kind)), "a value of another type")


def _range(least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return f" between {least} and {most}"
    return f" of at least {least}" if least is not None else f" of at most {most}" if most is not None else ""


def _length(least: int | None, most: int | None) -> str:
    if least == most:
        return f" of {most} characters" if most is not None else ""
    return f"{_range(least, most).replace(' between', ' of between')} characters"


@cache
def _type(expected: Any) -> described.Type:
    return described.type_info(expected)


def _plain(node: described.Type) -> Iterator[described.Type]:
    """A type without its constraints, and each member of a union."""
    if isinstance(node, described.Metadata):
        yield from _plain(node.type)
    elif isinstance(node, described.UnionType):
        for one in node.types:
            yield from _plain(one)
    else:
        yield node


def _inside(node: described.Type, name: str | None) -> Iterator[described.Type]:
    """The type of a struct's field, or without a name that of the items of a list or the values of an object."""
    if isinstance(node, described.StructType):
        yield from (field.type for field in node.fields if field.encode_name == name)
    elif name is None and isinstance(node, _HOLDERS):
        yield node.item_type
    elif name is None and isinstance(node, described.DictType):
        yield node.value_type


def _values(node: described.Type) -> list[Any]:
    if isinstance(node, described.EnumType):
        return [member.value for member in node.cls]
    return list(node.values) if isinstance(node, described.LiteralType) else []
