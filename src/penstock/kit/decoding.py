"""From the bytes of a request to wire structs, with refusals that name the field."""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from penstock.kit import strict_json
from penstock.kit.errors import FieldError, InvalidInput
from penstock.kit.http import from_validation

T = TypeVar("T")
MAX_QUERY_FIELDS = 64


def decode_body(body: bytes, wanted: type[T] | Any) -> T:
    """A JSON body as a wire struct.

    Raises:
        InvalidInput: not JSON, or not of this form; the field is named.
    """
    value = strict_json.decode(body)
    try:
        return msgspec.convert(value, wanted, strict=True)
    except msgspec.ValidationError as error:
        raise from_validation(error, wanted) from None


def parse_query(query_string: bytes) -> dict[str, str]:
    """The fields of a query string.

    Raises:
        InvalidInput: not UTF-8, a NUL, a field twice, or too many of them.
    """
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_QUERY_FIELDS)
    except ValueError:
        raise InvalidInput.field("", "the query is not percent-encoded UTF-8, or has too many fields") from None
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInput(reason="a query field stands twice", errors=[FieldError(twice[:100], "stands twice")])
    if any("\x00" in text for pair in pairs for text in pair):
        raise InvalidInput.field("", "the query holds a NUL character")
    return found


def decode_query(query_string: bytes, wanted: type[T]) -> T:
    """A query string as a wire struct; a field it does not know is refused by name.

    Raises:
        InvalidInput: not of this form; the field is named.
    """
    found = parse_query(query_string)
    found.pop("organizationId", None)  # judged at admission
    try:
        return msgspec.convert(found, wanted, strict=False)
    except msgspec.ValidationError as error:
        raise from_validation(error, wanted) from None
