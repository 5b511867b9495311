"""Divides an uplink that carries several readings: its values are then an array, or contain a history.

Meters that seldom transmit send what they measured in between. Codecs return it in one of these forms, as do network servers:

- an array of readings, which arrives here as `{"data": […]}` or `{"readings": […]}` and nothing else;
- values with a history next to them, `{"volume": 184.3, "history": […]}`: an array of objects of which one states a time, under
  one of the names in `HISTORIES`. Any other array is a value like any other.

An element is `{time, data: {…}}`, or a time with the values next to it. Its time is absolute, or in seconds before the uplink's
own. An array of named values, `[{variable, value, time}]`, is a reading for each time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Any

import msgspec

from penstock.core.uplinks.models import Network, NetworkMessage, Radio
from penstock.kit.clock import MAX_US, MIN_US, SECOND_US
from penstock.kit.errors import InvalidInput
from penstock.kit.event_time import read_time, shown
from penstock.kit.field_errors import MAX_ERRORS, invalid_fields

ARRAY = "data"
"""The name under which an array takes the place of values."""
_ARRAYS = frozenset({ARRAY, "readings"})
HISTORIES = _ARRAYS | {
    "history",
    "historical",
    "historicaldata",
    "historydata",
    "measurements",
    "listofmeasurements",
    "datalog",
    "records",
    "samples",
}
"""The names of histories, in lower case and without underscores. Source: codecs of Milesight, Yobiiq and others, July 2026."""
TIMES = ("time", "timestamp", "ts", "date", "datetime", "recordedat", "measuredat", "dataloggertimestamp")
AGES = ("offset", "offsets", "age", "ages", "secondsago")
"""The names of an element's time, and of its age in seconds before the uplink; the first of them counts."""
_NAMES_OF_VALUES = ("variable", "field")
MAX_AGE_S = 1e10


class Part(msgspec.Struct, frozen=True):
    """One reading of an uplink, as an uplink of its own. `place` is where the reading was in its values."""

    message: NetworkMessage
    place: str


class Fault(msgspec.Struct, frozen=True):
    """An element that is not a reading, and why."""

    element: Any
    reason: str


class Divided(msgspec.Struct, frozen=True):
    """The readings of an uplink, oldest first, and the elements that are none.

    The last part is the uplink's main one: only it has the payload and the radio facts. There is none if no element is a reading.
    """

    parts: list[Part]
    faults: list[Fault]


class _Element(msgspec.Struct, frozen=True):
    """A reading in a history. `is_own` is true if it states its time, rather than an age or nothing."""

    values: dict[str, Any]
    time_us: int
    is_own: bool
    number: int
    place: str


def divide(message: NetworkMessage, now_us: int, limit: int, is_ahead: Callable[[int], bool]) -> Divided | None:
    """The readings of an uplink; None if it is a single one. `is_ahead` says whether a time is too far in the future.

    Raises:
        InvalidInput: there are more than `limit`; or, in a custom format, whose author can correct it, an element is not a
            reading.
    """
    values = message.values or {}
    # Nearly all values have no array, so that is looked at first.
    if list not in map(type, values.values()) or message.single or not (names := _histories(values)):
        return None
    if count_readings(values) > limit:
        raise InvalidInput.field(names[0], f"must have at most {limit} entries")
    elements, faults = _elements(values, names, now_us if message.time_us is None else message.time_us)
    if faults and message.network is Network.CUSTOM and message.codec is None:
        raise invalid_fields([error for _, refused in faults[:MAX_ERRORS] for error in refused.errors])
    rest = without_histories(values)
    elements.sort(key=lambda one: one.time_us)
    main = Part(msgspec.structs.replace(message, values=rest), "")
    if rest is None and elements:
        # Not one from a clock that is ahead, as long as there is another: with it the payload would be in quarantine.
        newest = next((at for at in reversed(range(len(elements))) if not is_ahead(elements[at].time_us)), -1)
        main = _part(message, elements.pop(newest))
        # A codec that runs again on the payload needs the time that it had.
        uplink_us = None if main.message.time_us == message.time_us else message.time_us
        main = Part(msgspec.structs.replace(main.message, uplink_us=uplink_us), main.place)
    parts = [_earlier(message, one) for one in elements]
    # Without a reading, the payload is kept all the same.
    if main.message.values or message.data is not None:
        parts.append(main)
    return Divided(parts, [fault for fault, _ in faults])


def count_readings(values: dict[str, Any]) -> int:
    """How many readings the histories in some values have."""
    return sum(len(values[name]) for name in _histories(values))


def without_histories(values: dict[str, Any] | None) -> dict[str, Any] | None:
    """Values without the histories in them; None if nothing is left."""
    names = _histories(values or {})
    return {name: value for name, value in (values or {}).items() if name not in names} or None


def histories(values: dict[str, Any], *, is_alone: bool) -> list[str]:
    """The names of the histories in some values. `is_alone`: an array in the place of values needs no times."""
    return [name for name, value in values.items() if type(value) is list and _is_history(name, value, is_alone)]


def _histories(values: dict[str, Any]) -> list[str]:
    return histories(values, is_alone=len(values) == 1)


def _is_history(name: str, rows: list[Any], is_alone: bool) -> bool:
    objects = [row for row in rows if type(row) is dict]
    if not objects or _plain(name) not in HISTORIES:
        return False
    return (is_alone and name in _ARRAYS) or any(_stated(row, TIMES) or _stated(row, AGES) for row in objects)


def _elements(values: dict[str, Any], names: list[str], base_us: int) -> tuple[list[_Element], list[tuple[Fault, InvalidInput]]]:
    found: list[_Element] = []
    faults: list[tuple[Fault, InvalidInput]] = []
    for number, (place, row) in enumerate(_rows(values, names)):
        try:
            found.append(_element(row, base_us, number, place))
        except InvalidInput as error:
            faults.append((Fault(row, error.detail), error))
    return found, faults


def _rows(values: dict[str, Any], names: list[str]) -> Iterator[tuple[str, Any]]:
    for name in names:
        rows = values[name]
        for number, row in enumerate(_gathered(rows) or rows):
            yield f"{name}[{number}]", row


def _gathered(rows: list[Any]) -> list[dict[str, Any]]:
    """Named values as one element for each time; empty if these are not named values."""
    found: dict[bytes, dict[str, Any]] = {}
    for row in rows:
        name = next((row[key] for key in _NAMES_OF_VALUES if isinstance(row.get(key), str)), "") if type(row) is dict else ""
        if not name or "value" not in row:
            return []
        stated = {key: value for key, value in row.items() if _plain(key) in TIMES or _plain(key) in AGES}
        found.setdefault(msgspec.json.encode(stated), {**stated, "data": {}})["data"][name] = row["value"]
    return list(found.values())


def _element(row: Any, base_us: int, number: int, place: str) -> _Element:
    if type(row) is not dict:
        raise InvalidInput.field(place, f"must be an object of values; {shown(row)} was sent")
    time, age = _stated(row, TIMES), _stated(row, AGES)
    time_us = base_us
    if time:
        time_us = read_time(row[time], f"{place}.{time}") or 0
    elif age:
        time_us = _before(base_us, row[age], f"{place}.{age}")
    rest = {key: value for key, value in row.items() if _plain(key) not in TIMES or value is not None}
    rest.pop(time or age, None)
    values = rest if type(row.get("data")) is not dict else {**{k: v for k, v in rest.items() if k != "data"}, **rest["data"]}
    if not values:
        raise InvalidInput.field(place, "must have at least one value")
    return _Element(values, time_us, bool(time), number, place)


def _before(base_us: int, age: Any, field: str) -> int:
    """A time in seconds before another."""
    is_number = isinstance(age, int | float) and not isinstance(age, bool) and math.isfinite(age) and abs(age) <= MAX_AGE_S
    time_us = base_us - round(age * SECOND_US) if is_number else -1
    if not MIN_US <= time_us < MAX_US:
        raise InvalidInput.field(field, f"must be a number of seconds before the uplink; {shown(age)} was sent", "time")
    return time_us


def _stated(row: dict[str, Any], names: tuple[str, ...]) -> str:
    """The key of an object that has one of these names; empty if there is none."""
    found = {_plain(key): key for key, value in row.items() if value is not None}
    return next((found[name] for name in names if name in found), "")


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _part(message: NetworkMessage, element: _Element) -> Part:
    key = _dedupe_key(message, element)
    return Part(msgspec.structs.replace(message, values=element.values, time_us=element.time_us, dedupe_key=key), element.place)


def _earlier(message: NetworkMessage, element: _Element) -> Part:
    """A part that is not the main one. It is found from there by the frame counter, and repeats only what is short."""
    codec = message.codec and {name: message.codec[name] for name in ("profile_id", "version", "status") if name in message.codec}
    part = _part(message, element)
    short = msgspec.structs.replace(
        part.message, data=None, radio=Radio(), network_values=None, codec=codec, history=True, time_fault=None
    )
    return msgspec.structs.replace(part, message=short)


def _dedupe_key(message: NetworkMessage, element: _Element) -> str | None:
    """The key of an element with a time of its own is the same in every uplink that repeats it.

    Any other element is the same only in the same uplink: the time of an uplink depends on when it was received.
    """
    if not element.is_own and message.dedupe_key is not None:
        return f"{message.dedupe_key}\n{element.number}"
    if not element.is_own and message.time_us is None:
        return None
    content = msgspec.json.encode(element.values, order="deterministic")
    return f"{message.kind.value}\n{element.time_us}\n{blake2b(content, digest_size=16).hexdigest()}"
