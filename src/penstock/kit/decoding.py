"""Decodes request bytes into wire structs, with errors that name the field."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, get_origin
from urllib.parse import parse_qsl

import msgspec

from penstock.kit import strict_json
from penstock.kit.errors import FieldError, InvalidInput
from penstock.kit.field_errors import invalid_fields, invalid_input, members_of, plain_type
from penstock.kit.requirements import requirement

T = TypeVar("T")
MAX_QUERY_FIELDS = 64


class NoQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query of an operation that has no query parameters."""


def decode_body(body: bytes, expected: type[T] | Any) -> T:
    """Decode a JSON body into a wire struct.

    Raises:
        InvalidInput: it is not JSON, or does not have this form; the error names every invalid field.
    """
    value = strict_json.decode(body)
    try:
        return msgspec.convert(value, expected, strict=True)
    except msgspec.ValidationError:
        raise invalid_input(value, expected) from None


def parse_query(query_string: bytes) -> dict[str, str]:
    """The fields of a query string.

    Raises:
        InvalidInput: it is not UTF-8, contains a NUL, or has repeated or too many fields.
    """
    pairs = _pairs(query_string)
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _repeated([name for name, _ in pairs])
    return found


def decode_query(query_string: bytes, expected: type[T]) -> T:
    """Decode a query string into a wire struct. A field that is a list can be repeated.

    A struct that forbids unknown fields also forbids empty ones: a filter without a value would be no filter, and match
    everything. For the same reason no field may be the word `null`, unless it is any text.

    Raises:
        InvalidInput: it does not have this form; the error names every invalid field.
    """
    found: dict[str, Any] = {}
    form: Any = expected
    fields = _fields(form)
    for name, text in _pairs(query_string):
        if fields.get(name, _UNKNOWN).repeatable:
            found.setdefault(name, []).append(text)
        elif name in found:
            raise _repeated([name, name])
        else:
            found[name] = text
    found.pop("organizationId", None)  # checked at admission
    missing = _without_value(found, form)
    try:
        query = msgspec.convert(found, expected, strict=False)
    except msgspec.ValidationError:
        raise _with(missing, invalid_input(found, expected, strict=False)) from None
    if missing:
        raise invalid_fields(missing)
    return query


class _Field(msgspec.Struct, frozen=True):
    """A parameter of a query. `nullable` is true if the word `null` would be converted to no value."""

    type: Any = None
    repeatable: bool = False
    nullable: bool = False


_UNKNOWN = _Field()


@cache
def _fields(expected: Any) -> dict[str, _Field]:
    return {field.encode_name: _field(field.type) for field in msgspec.structs.fields(expected)}


def _field(expected: Any) -> _Field:
    plain = [plain_type(member) for member in members_of(expected)]
    repeatable = any(member is list or get_origin(member) is list for member in plain)
    return _Field(expected, repeatable, type(None) in plain and str not in plain)


def _without_value(found: dict[str, Any], expected: Any) -> list[FieldError]:
    """Errors for the fields that are empty, or `null`."""
    fields, errors = _fields(expected), []
    for name, text in found.items():
        field = fields.get(name, _UNKNOWN)
        if field is _UNKNOWN:
            continue
        if field.nullable and text != "" and text.lower() == "null":
            errors.append(FieldError(name, requirement(members_of(field.type), text, strict=False)))
        elif text in ("", [""]) and expected.__struct_config__.forbid_unknown_fields:
            errors.append(FieldError(name, "must not be empty"))
    return errors


def _with(errors: list[FieldError], others: InvalidInput) -> InvalidInput:
    named = {error.field for error in errors}
    return invalid_fields([*errors, *(error for error in others.errors if error.field not in named)])


def _pairs(query_string: bytes) -> list[tuple[str, str]]:
    if not query_string:
        return []
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_QUERY_FIELDS)
    except ValueError:
        raise InvalidInput.field("", f"the query must be percent-encoded UTF-8 with at most {MAX_QUERY_FIELDS} fields") from None
    if any("\x00" in text for pair in pairs for text in pair):
        raise InvalidInput.field("", "the query must not contain a NUL character")
    return pairs


def _repeated(names: list[str]) -> InvalidInput:
    repeated = next(name for name in names if names.count(name) > 1)[:100]
    reason = f"query parameter {repeated} must not be repeated"
    return InvalidInput(reason=reason, errors=[FieldError(repeated, "must not be repeated")])
