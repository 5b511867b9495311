"""What a type accepts, in words for the caller: `must be an integer between 1 and 1000`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, get_origin

import msgspec
import msgspec.inspect as described

_LISTS = (described.ListType, described.SetType, described.FrozenSetType, described.VarTupleType, described.TupleType)
_NUMBERS = (described.IntType, described.FloatType)
_CHOICES = (described.EnumType, described.LiteralType)
_SIZED: tuple[tuple[tuple[type[described.Type], ...], type], ...] = (
    ((described.StrType,), str),
    (_LISTS, list),
    ((described.DictType,), dict),
)
_NOUNS: tuple[tuple[tuple[type[described.Type], ...], str], ...] = (
    ((described.StrType,), "a string"),
    ((described.IntType,), "an integer"),
    ((described.FloatType,), "a number"),
    ((described.BoolType,), "true or false"),
    ((described.DecimalType,), 'a decimal number such as "49.00"'),
    ((described.BytesType,), "a base64 string"),
    (_LISTS, "an array"),
    ((described.StructType, described.DictType), "an object"),
)
_CHOICE = re.compile(r"\^\(([\w|]+)\)\$")
_LONGEST = 1e15
"""Whole numbers from here on are written with an exponent."""
_ANY_OBJECT = described.type_info(dict)
"""Stands for a struct, whose fields do not matter here and take a millisecond to read."""
FORM = "form"
"""The key in a pattern's `Meta(extra=…)` for the meaning of the pattern, such as "an e-mail address"."""


def requirement(members: Sequence[Any], value: Any, *, strict: bool = True) -> str:
    """The requirement that a value does not meet, if it may have any of these types.

    For a value of the right type this is the bound that it exceeds; for another value it is the type with its bounds.
    """
    found = [_ANY_OBJECT if is_struct(member) else described.type_info(member) for member in members]
    plain = [node for node in found if not isinstance(node, described.NoneType)]
    nullable = len(plain) < len(found)
    if value is None and not nullable:
        return "must not be null"
    for node in plain:
        if _is_of(_unwrapped(node), value, strict=strict) and (bound := _bound(node, value)):
            return bound
    nouns = list(dict.fromkeys(_noun(node) for node in plain))
    if "a number" in nouns and "an integer" in nouns:
        nouns.remove("an integer")
    return f"must be {_joined([*nouns, 'null'] if nullable and strict else nouns)}"


def is_struct(expected: Any) -> bool:
    """Whether a type is a struct."""
    kind = get_origin(expected) or expected
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _unwrapped(node: described.Type) -> described.Type:
    """A type without what only documents it."""
    return _unwrapped(node.type) if isinstance(node, described.Metadata) else node


def _joined(nouns: list[str]) -> str:
    """As in `a string, an integer or null`."""
    return " or ".join([", ".join(nouns[:-1]), nouns[-1]] if len(nouns) > 1 else nouns)


def _is_of(node: described.Type, value: Any, *, strict: bool) -> bool:
    """Whether a value has the JSON type, whatever the bounds."""
    if isinstance(node, _NUMBERS):
        kind: Any = int if isinstance(node, described.IntType) else float
        try:
            msgspec.convert(value, kind, strict=strict)
        except msgspec.ValidationError:
            return False
        return True
    return any(isinstance(node, sorts) and isinstance(value, kind) for sorts, kind in _SIZED)


def _bound(node: described.Type, value: Any) -> str:
    """The bounds of a type as a requirement; empty if it has none."""
    plain = _unwrapped(node)
    if isinstance(plain, described.StrType) and plain.pattern is not None and len(value) <= (plain.max_length or len(value)):
        return f"must be {_form(node, plain.pattern)}"
    if isinstance(plain, _NUMBERS):
        return f"must be {_range(plain)}" if _range(plain) else ""
    return f"must have {_size(plain)}" if _size(plain) else ""


def _noun(node: described.Type) -> str:
    plain = _unwrapped(node)
    if isinstance(plain, described.StrType) and plain.pattern is not None:
        return _form(node, plain.pattern)
    if isinstance(plain, _CHOICES):
        return _one_of(plain)
    noun = next((noun for kinds, noun in _NOUNS if isinstance(plain, kinds)), "another value")
    bounds = _range(plain) if isinstance(plain, _NUMBERS) else _size(plain) if isinstance(plain, described.StrType) else ""
    joint = " of " if isinstance(plain, described.StrType) or bounds.startswith("at ") else " "
    return f"{noun}{joint}{bounds}" if bounds else noun


def _one_of(node: described.EnumType | described.LiteralType) -> str:
    values = [member.value for member in node.cls] if isinstance(node, described.EnumType) else node.values
    return f"one of {', '.join(map(str, values))}" if len(values) > 1 else str(values[0])


def _form(node: described.Type, pattern: str) -> str:
    """The meaning of a pattern. A pattern that only lists words is a choice."""
    words = _CHOICE.fullmatch(pattern)
    if words:
        return f"one of {', '.join(words[1].split('|'))}"
    extra = node.extra if isinstance(node, described.Metadata) else None
    return str((extra or {}).get(FORM, f"a string of the form {pattern}"))


def _range(node: described.IntType | described.FloatType) -> str:
    least, most = node.ge, node.le
    if least is not None and most is not None:
        return f"between {_number(least)} and {_number(most)}"
    for bound, word in ((least, "at least"), (most, "at most"), (node.gt, "greater than"), (node.lt, "less than")):
        if bound is not None:
            return f"{word} {_number(bound)}"
    return ""


def _number(bound: float) -> str:
    if isinstance(bound, float) and (bound != int(bound) or abs(bound) >= _LONGEST):
        return f"{bound:g}"
    return str(int(bound))


def _size(node: described.Type) -> str:
    """The lengths that a string, an array or an object may have."""
    least: int | None = getattr(node, "min_length", None)
    most: int | None = getattr(node, "max_length", None)
    unit = "characters" if isinstance(node, described.StrType) else "entries"
    if most is None:
        return f"at least {least} {unit}" if least else ""
    if least == most:
        return f"exactly {most} {unit}"
    return f"{least} to {most} {unit}" if least else f"at most {most} {unit}"
