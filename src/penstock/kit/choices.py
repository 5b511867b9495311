"""The values or numbers that a document accepts at a path, so that errors can name them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec.inspect as described

_STEP = re.compile(r"\.([^.\[\]]+)|\[")
_HOLDERS = (described.ListType, described.SetType, described.FrozenSetType, described.VarTupleType)


def choices(expected: Any, path: str) -> list[str]:
    """The values that a type accepts at a decoder's path, such as `$.actions[0].type`; empty if it accepts any."""
    found = list(_plain(_type(expected)))
    for step in _STEP.finditer(path):
        inside = [one for node in found for one in _inside(node, step[1])]
        if not inside and step.end() == len(path):
            return [node.tag for node in found if isinstance(node, described.StructType) and isinstance(node.tag, str)]
        found = [one for node in inside for one in _plain(node)]
    return [str(value) for node in found for value in _values(node)]


def bounds(expected: Any, path: str) -> str:
    """The numbers that a type accepts at a decoder's path, such as `between 0 and 65535`; empty if it accepts any, or none."""
    found = list(_plain(_type(expected)))
    for step in _STEP.finditer(path):
        found = [one for node in found for inside in _inside(node, step[1]) for one in _plain(inside)]
    ranges = (_range(node) for node in found if isinstance(node, described.IntType | described.FloatType))
    return next((text for text in ranges if text), "")


def _range(node: described.IntType | described.FloatType) -> str:
    if node.ge is not None and node.le is not None:
        return f"between {node.ge} and {node.le}"
    if node.ge is not None:
        return f"at least {node.ge}"
    if node.le is not None:
        return f"at most {node.le}"
    return "" if node.gt is None else "positive" if node.gt == 0 else f"more than {node.gt}"


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
