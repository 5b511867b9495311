"""Decodes request bytes into wire structs, with errors that name the field."""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from penstock.kit import strict_json
from penstock.kit.errors import FieldError, InvalidInput
from penstock.kit.http import from_validation

T = TypeVar("T")
MAX_QUERY_FIELDS = 64


def decode_body(body: bytes, expected: type[T] | Any) -> T:
    """Decode a JSON body into a wire struct.

    Raises:
        InvalidInput: it is not JSON, or does not have this form; the error names the field.
    """
    value = strict_json.decode(body)
    try:
        return msgspec.convert(value, expected, strict=True)
    except msgspec.ValidationError as error:
        raise from_validation(error, expected) from None


def parse_query(query_string: bytes) -> dict[str, str]:
    """The fields of a query string.

    Raises:
        InvalidInput: it is not UTF-8, contains a NUL, or has repeated or too many fields.
    """
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_QUERY_FIELDS)
    except ValueError:
        raise InvalidInput.field("", f"the query must be percent-encoded UTF-8 with at most {MAX_QUERY_FIELDS} fields") from None
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)[:100]
        reason = f"query parameter {repeated} must not be repeated"
        raise InvalidInput(reason=reason, errors=[FieldError(repeated, "must not be repeated")])
    if any("\x00" in text for pair in pairs for text in pair):
        raise InvalidInput.field("", "the query must not contain a NUL character")
    return found


def decode_query(query_string: bytes, expected: type[T]) -> T:
    """Decode a query string into a wire struct; an unknown field is rejected, and the error names it.

    Raises:
        InvalidInput: it does not have this form; the error names the field.
    """
    found = parse_query(query_string)
    found.pop("organizationId", None)  # checked at admission
    try:
        return msgspec.convert(found, expected, strict=False)
    except msgspec.ValidationError as error:
        raise from_validation(error, expected) from None
