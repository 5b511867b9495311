"""Every invalid field of a value, in words for the caller.

The decoder stops at its first error and describes it in Python's words. After it has rejected a value, the value is compared with
the expected type again, field by field: this tells all errors, each with the name of its field as the caller wrote it. Valid
values never come here. Each part is first decoded as a whole, which takes microseconds, and only the rejected ones are
searched; so a large body with one error costs little more than decoding it again.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

import msgspec

from penstock.kit.errors import FieldError, InvalidInput
from penstock.kit.requirements import is_struct, requirement

MAX_ERRORS = 50
MAX_PLACE = 200
"""Maximum length of a field's name in an error; a key can be as long as the body."""
_MAX_KEY = 100
_AT_A_TIME = 256
_ARRAYS = (list, tuple, set, frozenset)
_Found: TypeAlias = Iterator[FieldError]


def invalid_input(value: Any, expected: Any, *, strict: bool = True, within: str = "") -> InvalidInput:
    """The error for a value that the decoder rejected. `within` is the field that contains the value."""
    errors = list(islice(_Search(strict).errors(value, expected, within), MAX_ERRORS))
    return invalid_fields(errors or [_unaccepted(members_of(expected), value, within, strict=strict)])


def invalid_fields(errors: list[FieldError]) -> InvalidInput:
    """The error for one or more invalid fields."""
    first = errors[0]
    reason = f"{first.field}: {first.detail}" if first.field else first.detail
    if len(errors) > 1:
        count = len(errors) - 1
        reason += f"; {count} more {'field is' if count == 1 else 'fields are'} invalid"
    return InvalidInput(reason=reason, errors=errors)


class _Search:
    """Finds the errors. If `strict` is false, a string is accepted for a number, as in a query."""

    def __init__(self, strict: bool) -> None:
        self._strict = strict

    def errors(self, value: Any, expected: Any, place: str) -> _Found:
        """The errors in a value at a place; none if the decoder accepts it."""
        if self._accepts(value, expected):
            return
        members = members_of(expected)
        inside: list[FieldError] = []
        for member in members:
            # Enough for the caller: a union has at most one member of each JSON type, apart from its tagged structs.
            inside = inside or list(islice(self._inside(value, member, members, place), MAX_ERRORS))
        if inside:
            yield from inside
        elif not _holds_raw(members):
            yield _unaccepted(members, value, place, strict=self._strict)

    def _accepts(self, value: Any, expected: Any) -> bool:
        try:
            msgspec.convert(value, expected, strict=self._strict)
        except (msgspec.ValidationError, RecursionError):
            return False
        return True

    def _inside(self, value: Any, member: Any, members: list[Any], place: str) -> _Found:
        plain = plain_type(member)
        kind, arguments = get_origin(plain) or plain, get_args(plain)
        if isinstance(value, dict) and is_struct(kind):
            yield from self._in_struct(value, plain, [one for one in map(plain_type, members) if is_struct(one)], place)
        elif isinstance(value, dict) and kind is dict and arguments:
            yield from self._in_dict(value, arguments[0], arguments[1], place)
        elif isinstance(value, list) and kind in _ARRAYS and arguments:
            for number in self._rejected(value, arguments[0]):
                yield from self.errors(value[number], arguments[0], f"{place}[{number}]")

    def _rejected(self, items: list[Any], expected: Any) -> Iterator[int]:
        """The positions of the values that the decoder does not accept. Many values are decoded at a time."""
        row: Any = list[expected]
        for start in range(0, len(items), _AT_A_TIME):
            some = items[start : start + _AT_A_TIME]
            if not self._accepts(some, row):
                yield from (start + number for number, item in enumerate(some) if not self._accepts(item, expected))

    def _in_struct(self, value: dict[str, Any], struct: Any, siblings: list[Any], place: str) -> _Found:
        config = (get_origin(struct) or struct).__struct_config__
        tag = value.get(config.tag_field) if config.tag_field else None
        if config.tag_field and (len(siblings) > 1 or tag is not None):
            tags = [(get_origin(one) or one).__struct_config__.tag for one in siblings]
            if tag not in tags:
                detail = "is required" if config.tag_field not in value else f"must be one of {', '.join(map(str, tags))}"
                yield FieldError(_at(place, config.tag_field), detail)
                yield from self._in_fields(value, _common_fields(siblings), place)
                return
            if tag != config.tag:
                return
        fields = _fields_of(struct)
        yield from self._in_fields(value, fields, place)
        if config.forbid_unknown_fields:
            for name in value:
                if name not in fields and name != config.tag_field:
                    yield FieldError(_at(place, name), "is not a known field")

    def _in_fields(self, value: dict[str, Any], fields: dict[str, msgspec.structs.FieldInfo], place: str) -> _Found:
        for name, field in fields.items():
            if name in value:
                yield from self.errors(value[name], field.type, _at(place, name))
            elif field.required:
                yield FieldError(_at(place, name), "is required")

    def _in_dict(self, value: dict[str, Any], key_type: Any, value_type: Any, place: str) -> _Found:
        names = list(value)
        for number in self._rejected(names, key_type):
            detail = requirement([key_type], names[number], strict=self._strict)
            yield FieldError(_at(place, names[number]), f"has a name that {detail}")
        for number in self._rejected(list(value.values()), value_type):
            yield from self.errors(value[names[number]], value_type, _at(place, names[number]))


def _unaccepted(members: list[Any], value: Any, place: str, *, strict: bool) -> FieldError:
    detail = requirement(members, value, strict=strict)
    return FieldError(place[:MAX_PLACE], detail if place else f"the JSON {detail}")


def _at(place: str, name: str) -> str:
    return f"{place}.{name[:_MAX_KEY]}"[:MAX_PLACE] if place else name[:_MAX_KEY]


def members_of(expected: Any) -> list[Any]:
    """The types that a value may have: those of a union, or one. A field that may be omitted is not one of them."""
    plain = plain_type(expected)
    if get_origin(plain) not in (Union, types.UnionType):
        return [expected]
    return [one for member in get_args(plain) if member is not msgspec.UnsetType for one in members_of(member)]


def plain_type(expected: Any) -> Any:
    """A type without its bounds."""
    return plain_type(get_args(expected)[0]) if get_origin(expected) is Annotated else expected


@cache
def _fields_of(struct: Any) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(struct)}


def _common_fields(structs: list[Any]) -> dict[str, msgspec.structs.FieldInfo]:
    """The fields that do not depend on which of several structs a value is."""
    first, *others = [_fields_of(one) for one in structs]
    return {
        name: field
        for name, field in first.items()
        if all(name in other and (other[name].type, other[name].required) == (field.type, field.required) for other in others)
    }


def _holds_raw(members: list[Any]) -> bool:
    """Whether a value is kept as JSON text, which accepts anything, but is not a type to convert to."""
    return any(plain_type(member) is msgspec.Raw for member in members)
