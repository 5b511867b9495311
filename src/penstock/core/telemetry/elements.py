"""Readings in an array: the elements of a message whose `data` is an array.

An element is `{time, data: {…}}`, with `kind`, `channel` and `dedupe_key` as in any reading, or an object with the values next to
its `time`, `timestamp` or `ts`. What it does not state is that of the message around it.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import blake2b
from typing import Any

import msgspec

from penstock.kit import strict_json
from penstock.kit.errors import FieldError, InvalidInput
from penstock.kit.event_time import read_time
from penstock.kit.field_errors import invalid_fields, invalid_input

TIMES = ("time", "timestamp", "ts")
MAX_TEXT = 200
"""Characters of a kind, a channel or a dedupe key."""
_TEXTS = ("kind", "channel", "dedupe_key")
_NO_VALUES = "must be an object with at least one value"


class Element(msgspec.Struct, frozen=True, gc=False):
    """A reading in an array. None is what it does not state; `time` is as stated, and can be read."""

    data: bytes
    time: str | int | float | None = None
    kind: str | None = None
    channel: str | None = None
    dedupe_key: str | None = None


class _WithData(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    data: dict[str, msgspec.Raw]
    time: str | int | float | None = None
    timestamp: str | int | float | None = None
    ts: str | int | float | None = None
    kind: str | None = None
    channel: str | None = None
    dedupe_key: str | None = None


class _Form(_WithData, frozen=True, gc=False, forbid_unknown_fields=True):
    """The form of an element, whose values can be anything."""

    data: dict[str, Any] = {}


_with_data = msgspec.json.Decoder(_WithData)
_values = msgspec.json.Decoder(dict[str, msgspec.Raw])
_Undecodable = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Around(msgspec.Struct, frozen=True):
    """An object that has an array of readings, `data`, and next to it, in `others`, perhaps the time of those without one."""

    rows: list[strict_json.Row]
    others: dict[str, Any]
    time: str | int | float | None


def read_around(text: bytes, fields: Collection[str] = ()) -> Around | None:
    """Parse such an object; None if it is none, because it has more than these fields, or no object in its array.

    Raises:
        InvalidInput: the time of the object cannot be read.
    """
    try:
        values = _values.decode(text)
        data = bytes(values.pop("data", msgspec.Raw()))
        if data[:1] != b"[":
            return None
        rows = strict_json.decode_rows(data)
        others = {name: strict_json.decode(bytes(value)) for name, value in values.items()}
    except (InvalidInput, *_Undecodable):
        return None
    if not others.keys() <= {*TIMES, *fields} or not any(type(row.value) is dict for row in rows):
        return None
    return Around(rows, others, _read_time(others))


def read_element(row: strict_json.Row) -> Element:
    """Parse an element.

    Raises:
        InvalidInput: it is not a reading; the fields are those of the element.
    """
    if row.fault is not None:
        raise row.error
    if type(row.value) is not dict:
        raise InvalidInput.field("", _NO_VALUES)
    # An array is not a value here: it could only be meant as readings in readings.
    if type(row.value.get("data")) in (dict, list):
        return _read_with_data(row)
    stated = {name for name in TIMES if row.value.get(name) is None} | {_name_of_time(row.value)}
    values = {key: value for key, value in _values.decode(row.text).items() if key not in stated}
    return Element(_text(values, ""), _read_time(row.value))


def has_time(row: strict_json.Row) -> bool:
    """Whether an element states a time of its own."""
    return type(row.value) is dict and bool(_name_of_time(row.value))


def key_of(time_us: int, kind: str, channel: str | None, data: bytes) -> str:
    """The dedupe key of an element that has a time of its own and no key: devices send what they have stored more than once."""
    content = b"\0".join((kind.encode(), (channel or "").encode(), data))
    return f"element\n{time_us}\n{blake2b(content, digest_size=16).hexdigest()}"


def _read_with_data(row: strict_json.Row) -> Element:
    try:
        found = _with_data.decode(row.text)
    except msgspec.ValidationError:
        raise invalid_input(row.value, _Form) from None
    texts = {name: text for name in _TEXTS if (text := getattr(found, name)) is not None}
    faults = [FieldError(name, f"must have 1 to {MAX_TEXT} characters") for name in texts if not 0 < len(texts[name]) <= MAX_TEXT]
    if faults:
        raise invalid_fields(faults)
    return Element(_text(found.data, "data"), _read_time(row.value), **texts)


def _name_of_time(values: dict[str, Any]) -> str:
    return next((name for name in TIMES if values.get(name) is not None), "")


def _read_time(values: dict[str, Any]) -> str | int | float | None:
    """The stated time, which can be read. Raises: InvalidInput: it cannot."""
    name = _name_of_time(values)
    read_time(values.get(name), name)
    found: str | int | float | None = values.get(name)
    return found


def _text(values: dict[str, msgspec.Raw], field: str) -> bytes:
    """The values as JSON, each exactly as sent."""
    if not values:
        raise InvalidInput.field(field, _NO_VALUES)
    return msgspec.json.encode(values)
