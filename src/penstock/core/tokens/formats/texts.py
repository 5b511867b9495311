"""JSON from outside, and values within it, with errors that name the field of the request."""

from __future__ import annotations

import base64
import binascii
from typing import Any, TypeVar

import msgspec

from penstock.kit import strict_json
from penstock.kit.errors import InvalidInput

T = TypeVar("T")
FIELD = "content"
MAX_CONTENT = 4 * 1_048_576
"""Characters: backups of apps can have pictures of the services in them."""


def json_of(text: str | bytes | bytearray, expected: type[T], what: str) -> T:
    """A JSON text of a format that `what` names. It quotes nothing of the text in errors, which may be secret.

    Raises:
        InvalidInput: it is not JSON, or not of this format.
    """
    content = text.encode("utf-8", "replace") if isinstance(text, str) else bytes(text)
    if len(content) > MAX_CONTENT:
        raise InvalidInput.field(FIELD, f"must have at most {MAX_CONTENT:,} bytes", "too_large")
    try:
        return msgspec.convert(strict_json.decode(content), expected)
    except (InvalidInput, msgspec.ValidationError):
        raise InvalidInput.field(FIELD, f"must be {what}") from None


def one_of_many(value: Any, expected: type[T]) -> T | None:
    """One element of a list, or None if it has another form."""
    try:
        return msgspec.convert(value, expected)
    except msgspec.ValidationError:
        return None


def base64_of(text: str, what: str) -> bytes:
    """The bytes of base64.

    Raises:
        InvalidInput: it is not base64.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput.field(FIELD, f"must be {what}") from None


def hex_of(text: str, what: str) -> bytes:
    """The bytes of hexadecimal digits.

    Raises:
        InvalidInput: it is not hexadecimal.
    """
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise InvalidInput.field(FIELD, f"must be {what}") from None
