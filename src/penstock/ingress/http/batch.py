"""Parses readings from a body: one reading, an array, or one per line; and the elements of a reading whose `data` is an array."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, TypeAlias

import msgspec

from penstock.core.devices.models import DeviceRef
from penstock.core.telemetry.elements import has_time, read_element
from penstock.core.telemetry.errors import BatchTooLarge
from penstock.core.telemetry.models import KIND_TELEMETRY, NewReading
from penstock.kit import strict_json
from penstock.kit.errors import FieldError, InvalidInput
from penstock.kit.event_time import read_time
from penstock.kit.field_errors import invalid_fields, invalid_input

MAX_TEXT = 200
_NAMES = ("kind", "channel", "dedupe_key")


class ReadingIn(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A reading on the wire.

    `data` is an object of values, nested as needed, or an array of readings of the same device. `time` is the event time, as
    RFC 3339 or as epoch seconds or milliseconds; the default is now. In a batch, `device_id` names the device by id, or `device`
    by any of its identifiers. `dedupe_key` is the sender's own key for the reading: a repeated delivery returns the first
    response.
    """

    data: msgspec.Raw
    time: str | int | float | None = None
    device_id: str | None = None
    device: str | None = None
    kind: str | None = None
    channel: str | None = None
    dedupe_key: str | None = None


class TimedReading(ReadingIn, frozen=True, gc=False, forbid_unknown_fields=True):
    """A reading whose event time has been read already, by another protocol: microseconds, or None for now."""

    time_us: int | None = None


class _Form(ReadingIn, frozen=True, gc=False, forbid_unknown_fields=True):
    """The form of a reading whose data is checked separately."""

    data: Any = None


class RowFailed(msgspec.Struct, frozen=True):
    """A row that cannot be read as a reading, and everything that is wrong with it."""

    errors: list[FieldError]


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where a reading was: the row of the body, None if that was one object, and in it the element of `data`.

    `has_time`: the element states a time of its own.
    """

    row: int | None
    element: int | None
    has_time: bool = False

    @property
    def inside(self) -> str:
        """The name of the element inside its row."""
        return "" if self.element is None else f"data[{self.element}]"


class Batch(msgspec.Struct, frozen=True):
    """The rows of a body. `single` is true if the body was one reading and not a list.

    An array of readings as `data` becomes a row for each element, and `places` then say where each row was. If there are none,
    each row is at its own index.
    """

    rows: Sequence[ReadingIn | RowFailed]
    single: bool
    places: Sequence[Place] = ()


class _Around(msgspec.Struct, frozen=True):
    """A reading whose `data` is an array, and the elements of that."""

    around: ReadingIn
    elements: Sequence[strict_json.Row]


_Row: TypeAlias = ReadingIn | RowFailed | _Around
_DATA = "is required and must be an object with at least one value, or an array of readings"
_one = msgspec.json.Decoder(ReadingIn)
_many = msgspec.json.Decoder(list[ReadingIn])
_raw_rows = msgspec.json.Decoder(list[msgspec.Raw])


def read_batch(body: bytes, *, lines: bool, limit: int) -> Batch:
    """Parse the readings of a body. Rows are counted before any is parsed, which takes a hundredth of the time.

    Raises:
        BatchTooLarge: the body has more than `limit` rows.
        InvalidInput: the body as a whole is invalid. A single invalid row becomes a `RowFailed`.
    """
    if lines:
        if body.count(b"\n") > 2 * limit:  # allows for empty lines, but not for millions
            raise BatchTooLarge(limit=limit)
        parts = [line for line in body.split(b"\n") if line.strip()]
        if not parts:
            raise InvalidInput.field("", "must contain at least one reading")
        _check_count(parts, limit)
        return _batch([_row(line) for line in parts], limit)
    if body.lstrip(b" \t\r\n")[:1] == b"[":
        return _array(body, limit)
    row = _row(body)
    if isinstance(row, RowFailed):
        raise invalid_fields(row.errors)
    if isinstance(row, _Around):
        return Batch(_elements(row, limit), single=False, places=_places(None, row))
    return Batch([row], single=True)


def _batch(rows: Sequence[_Row], limit: int) -> Batch:
    """The rows of a list, with each array of readings as its elements."""
    found: list[ReadingIn | RowFailed] = []
    places: list[Place] = []
    for number, row in enumerate(rows):
        inside = _elements(row, limit) if isinstance(row, _Around) else [row]
        found += inside
        places += _places(number, row) if isinstance(row, _Around) else [Place(number, None)]
        _check_count(found, limit)
    return Batch(found, single=False, places=places)


def _elements(row: _Around, limit: int) -> list[ReadingIn | RowFailed]:
    """The readings of an array."""
    _check_count(row.elements, limit)
    return [_element(row.around, number, element) for number, element in enumerate(row.elements)]


def _places(number: int | None, row: _Around) -> list[Place]:
    return [Place(number, at, has_time(element)) for at, element in enumerate(row.elements)]


def _element(around: ReadingIn, number: int, row: strict_json.Row) -> ReadingIn | RowFailed:
    try:
        found = read_element(row)
    except InvalidInput as error:
        return RowFailed(error.errors)
    return ReadingIn(
        msgspec.Raw(found.data),
        around.time if found.time is None else found.time,
        around.device_id,
        around.device,
        found.kind or around.kind,
        found.channel or around.channel,
        found.dedupe_key or _key(around, number),
    )


def _key(around: ReadingIn, number: int) -> str | None:
    """The key of an element, from that of the reading around it."""
    if around.dedupe_key is None or not 0 < len(around.dedupe_key) <= MAX_TEXT:
        return around.dedupe_key
    # A digest, because the key may already be as long as a key can be.
    return f"{blake2b(around.dedupe_key.encode(), digest_size=16).hexdigest()}:{number}"


def _array(body: bytes, limit: int) -> Batch:
    try:
        values = strict_json.decode(body)
    except InvalidInput:
        # Invalid in one row, perhaps, and then that row alone.
        rows = strict_json.decode_rows(body)
        _check_count(rows, limit)
        return _batch([_row(row.text) if row.fault is None else RowFailed([row.fault]) for row in rows], limit)
    if not values:
        raise InvalidInput.field("", "must not be an empty array")
    _check_count(values, limit)
    return _rows(body, values, limit)


def _check_count(rows: Sequence[Any], limit: int) -> None:
    if len(rows) > limit:
        raise BatchTooLarge(limit=limit)


def _rows(body: bytes, values: list[Any], limit: int) -> Batch:
    # All rows are decoded at once. Only if one is invalid is each decoded separately, to find out which.
    if all(map(_has_data, values)):
        try:
            return Batch(_many.decode(body), single=False)
        except msgspec.ValidationError:
            pass
    return _batch([_row(bytes(raw)) for raw in _raw_rows.decode(body)], limit)


def _row(text: bytes) -> _Row:
    try:
        value = strict_json.decode(text)
    except InvalidInput as error:
        return _around(text, None) or RowFailed(error.errors)
    if _has_data(value):
        try:  # not `suppress`, which takes longer than the decoding
            return _one.decode(text)
        except msgspec.ValidationError:
            pass
    return (_has_rows(value) and _around(text, value["data"])) or RowFailed(_faults_of_form(value))


def _around(text: bytes, value: Any) -> _Around | None:
    """A reading whose `data` is an array of readings, of which one may be invalid; None if it is not one."""
    try:
        around = _one.decode(text)
        elements = strict_json.decode_rows(bytes(around.data), value)
    except (InvalidInput, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return _Around(around, elements) if elements else None


def _has_rows(value: Any) -> bool:
    """Whether a reading has an array in the place of its values."""
    data = value.get("data") if type(value) is dict else None
    return type(data) is list and bool(data)


def _has_data(value: Any) -> bool:
    # The decoder accepts any raw JSON as `data`, so its form is checked here.
    data = value.get("data") if type(value) is dict else None
    return type(data) is dict and bool(data)


def _faults_of_form(value: Any) -> list[FieldError]:
    """Everything that is wrong with a value that is not a reading."""
    if type(value) is not dict:
        return [FieldError("", "a reading must be an object with data")]
    found = [] if _has_data(value) or _has_rows(value) else [FieldError("data", _DATA)]
    try:
        msgspec.convert(value, _Form)
    except msgspec.ValidationError:
        found += invalid_input(value, _Form).errors
    return found + _faults_of_texts(value)


def _faults_of_texts(fields: Mapping[str, Any]) -> list[FieldError]:
    """What is wrong with fields of the right type: a time that cannot be read, strings that are too long."""
    found: list[FieldError] = []
    if isinstance(fields.get("time"), str | int | float) and not isinstance(fields["time"], bool):
        try:
            read_time(fields["time"], "time")
        except InvalidInput as error:
            found += error.errors
    for field in _NAMES:
        if isinstance(fields.get(field), str) and not 0 < len(fields[field]) <= MAX_TEXT:
            found.append(FieldError(field, f"must have 1 to {MAX_TEXT} characters"))
    return found


def faults_of(row: ReadingIn) -> list[FieldError]:
    """Everything that is wrong with the fields of a row, apart from its device."""
    return _faults_of_texts({field: getattr(row, field) for field in ("time", *_NAMES)})


def to_new_reading(row: ReadingIn, device: DeviceRef) -> NewReading:
    """Convert a row to the core's model.

    Raises:
        InvalidInput: the time is invalid, or a string is too long; the error names every invalid field.
    """
    try:
        time_us = row.time_us if type(row) is TimedReading else None if row.time is None else read_time(row.time, "time")
    except InvalidInput:
        raise invalid_fields(faults_of(row)) from None
    if row.kind is None and row.channel is None and row.dedupe_key is None:
        return NewReading(device, bytes(row.data), time_us)
    for field in _NAMES:
        text = getattr(row, field)
        if text is not None and not 0 < len(text) <= MAX_TEXT:
            raise invalid_fields(faults_of(row))
    return NewReading(device, bytes(row.data), time_us, row.kind or KIND_TELEMETRY, row.channel, row.dedupe_key)
