"""Fields of structs by name, so that a new field is not listed wherever its struct is built, stored or changed.

A translator states only what differs between its two sides:

    wire.Device(**same_fields(device, wire.Device), id=encode(Prefix.DEVICE, device.id), created_at=…)

A type checker does not see what is copied. `tests/house/test_same_fields.py` reads every such call instead: each field of the
target is copied or given, and what has one name on both sides has one type.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, get_type_hints, overload

from msgspec import UNSET, Struct, UnsetType

T = TypeVar("T")
R = TypeVar("R")


def same_fields(source: Struct, target: type[Struct]) -> dict[str, Any]:
    """The values of those fields of `source` that `target` has too, under the same name and of the same type."""
    return {name: getattr(source, name) for name in shared_names(type(source), target)}


@cache
def shared_names(source: type[Struct], target: type[Struct]) -> tuple[str, ...]:
    """The fields that two structs have in common. Bounds do not matter: a text of at most 100 characters is a text."""
    ours, theirs = get_type_hints(source), get_type_hints(target)
    return tuple(name for name in target.__struct_fields__ if name in source.__struct_fields__ and ours[name] == theirs[name])


def changes_in(patch: Struct) -> dict[str, Any]:
    """The fields that a patch sets, with their values."""
    return {name: value for name in patch.__struct_fields__ if (value := getattr(patch, name)) is not UNSET}


@overload
def converted(value: T | None, convert: Callable[[T], R]) -> R | None: ...
@overload
def converted(value: T | UnsetType, convert: Callable[[T], R]) -> R | UnsetType: ...
@overload
def converted(value: T | UnsetType | None, convert: Callable[[T], R]) -> R | UnsetType | None: ...
def converted(value: Any, convert: Callable[[Any], Any]) -> Any:
    """A value on the other side of a translator. What is UNSET or None stays so."""
    return value if value is UNSET or value is None else convert(value)
