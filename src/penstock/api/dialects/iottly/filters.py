"""Filters in a subset of MongoDB's query language, parsed into predicates and never evaluated in any other way.

Supported are equality, `$eq $ne $gt $gte $lt $lte $in $nin $exists $and $or`, dotted paths, and the literals `{"$date": …}` and
`{"$oid": …}`. Everything else that starts with `$` is rejected, and the error names it.
Source: surfaces/iottly.md 2.7; MongoDB's manual, "Query and Projection Operators", for the meaning of comparisons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from penstock.core.telemetry.models import TimeRange
from penstock.kit import strict_json
from penstock.kit.clock import MAX_US, MIN_US, SECOND_US, parse_time
from penstock.kit.errors import InvalidInput

MAX_CONDITIONS = 64
MAX_VALUES = 256
MAX_STEPS = 16
FIELD = "queryJson"
DEVICE_TIME = "devicetimestamp"

Document = Mapping[str, Any]
Predicate = Callable[[Document], bool]


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """A parsed filter. `span` contains every event time that can match."""

    matches: Predicate
    span: TimeRange


def parse_filter(text: str) -> Filter:
    """Parse a filter document into a predicate over messages, whose times are `datetime` and whose ids are strings.

    Raises:
        InvalidInput: not JSON, not an object, an unsupported operator, or too large.
    """
    try:
        document = strict_json.decode(text.encode())
    except InvalidInput as error:
        raise _refused(f"must be a JSON object: {error.errors[0].detail}") from None
    if not isinstance(document, dict):
        raise _refused("must be a JSON object")
    reader = _Reader()
    matches = reader.read(document)
    return Filter(matches=matches, span=TimeRange(from_us=reader.from_us, to_us=max(reader.from_us, reader.to_us)))


class _Reader:
    """Parses one filter: counts its conditions, and records what they all require of the device's time."""

    def __init__(self) -> None:
        self._conditions = 0
        self.from_us, self.to_us = MIN_US, MAX_US

    def read(self, document: dict[str, Any], *, demanded: bool = True) -> Predicate:
        """The conjunction of a document's members. `demanded`: no message matches without it."""
        return _all([self._member(name, requested, demanded) for name, requested in document.items()])

    def _member(self, name: str, requested: Any, demanded: bool) -> Predicate:
        self._conditions += 1
        if self._conditions > MAX_CONDITIONS:
            raise _refused(f"must have at most {MAX_CONDITIONS} conditions")
        if name in ("$and", "$or"):
            return self._combined(name, requested, demanded)
        if name.startswith("$"):
            raise _refused(f"operator {name[:50]} is not supported")
        steps = tuple(name.split("."))
        if len(steps) > MAX_STEPS:
            raise _refused(f"a path must have at most {MAX_STEPS} steps")
        if not _is_operators(requested):
            return self._condition(steps, "$eq", requested, demanded)
        return _all([self._condition(steps, operator, value, demanded) for operator, value in requested.items()])

    def _combined(self, name: str, requested: Any, demanded: bool) -> Predicate:
        if not isinstance(requested, list) or not requested or not all(isinstance(one, dict) for one in requested):
            raise _refused(f"{name} must be a list of objects")
        if name == "$and":
            return _all([self.read(one, demanded=demanded) for one in requested])
        # One of several alternatives need not hold, so its time must not narrow the search.
        options = [self.read(one, demanded=demanded and len(requested) == 1) for one in requested]
        return lambda document: any(option(document) for option in options)

    def _condition(self, steps: tuple[str, ...], operator: str, requested: Any, demanded: bool) -> Predicate:
        self._conditions += 1
        if operator not in _OPERATORS:
            raise _refused(f"operator {operator[:50]} is not supported")
        value = _operand(operator, requested)
        if demanded and steps == (DEVICE_TIME,) and isinstance(value, datetime):
            self._narrow(operator, int(value.timestamp()))
        test = _OPERATORS[operator](value)
        return lambda document: test(list(_values(document, steps)))

    def _narrow(self, operator: str, second: int) -> None:
        """Narrow the span by a condition on the device's time, of which messages show whole seconds."""
        if operator in ("$eq", "$gt", "$gte"):
            self.from_us = max(self.from_us, second * SECOND_US)
        if operator in ("$eq", "$lt", "$lte"):
            self.to_us = min(self.to_us, (second + 1) * SECOND_US)


def _refused(reason: str) -> InvalidInput:
    return InvalidInput.field(FIELD, reason)


def _all(parts: list[Predicate]) -> Predicate:
    return lambda document: all(part(document) for part in parts)


def _is_operators(requested: Any) -> bool:
    """Whether a value is an object of operators, and not a literal or a document to compare with."""
    return isinstance(requested, dict) and any(name.startswith("$") for name in requested) and not _is_literal(requested)


def _is_literal(value: dict[str, Any]) -> bool:
    return value.keys() in ({"$date"}, {"$oid"})


def _operand(operator: str, requested: Any) -> Any:
    if operator == "$exists":
        if not isinstance(requested, bool):
            raise _refused("$exists must be true or false")
        return requested
    if operator in ("$in", "$nin"):
        if not isinstance(requested, list) or len(requested) > MAX_VALUES:
            raise _refused(f"{operator} must be a list of at most {MAX_VALUES} values")
        return [_literal(one) for one in requested]
    return _literal(requested)


def _literal(value: Any) -> Any:
    """A value to compare with: a time for `$date`, a string for `$oid`, anything else unchanged."""
    if isinstance(value, list):
        return [_literal(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"$date"}:
        return _date(value["$date"])
    if value.keys() == {"$oid"} and isinstance(value["$oid"], str):
        return value["$oid"]
    for name in value:
        if name.startswith("$"):
            raise _refused(f"{name[:50]} is not allowed here")
    return {name: _literal(one) for name, one in value.items()}


def _date(value: Any) -> datetime:
    """Source: MongoDB Extended JSON v2: ISO 8601 string, or milliseconds since the epoch."""
    if isinstance(value, int) and not isinstance(value, bool):
        # `parse_time` reads small numbers as seconds, but in extended JSON every number is milliseconds.
        value = value / 1000 if abs(value) < 100_000_000_000 else value
    try:
        us = parse_time(value)
    except ValueError as error:
        raise _refused(f"$date: {error}") from None
    return moment(us)


def moment(us: int) -> datetime:
    """A time in the form in which messages are compared."""
    return datetime.fromtimestamp(us // SECOND_US, UTC).replace(microsecond=us % SECOND_US)


def _values(value: Any, steps: Sequence[str]) -> Iterator[Any]:
    """All values at a path: a step into an array reaches every element, a numeric step also the element at that index."""
    if not steps:
        yield value
        if isinstance(value, list):
            yield from value
        return
    if isinstance(value, Mapping):
        if steps[0] in value:
            yield from _values(value[steps[0]], steps[1:])
    elif isinstance(value, list):
        if steps[0].isascii() and steps[0].isdigit() and len(steps[0]) < 10 and int(steps[0]) < len(value):
            yield from _values(value[int(steps[0])], steps[1:])
        for one in value:
            if isinstance(one, Mapping):
                yield from _values(one, steps)


def _same(one: Any, other: Any) -> bool:
    """Equality as in MongoDB: numbers by value, and true is not 1."""
    if _sort(one) != _sort(other):
        return False
    if isinstance(one, dict):
        # MongoDB compares documents including the order of their fields.
        return list(one) == list(other) and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _sort(value: Any) -> str:
    """The class of comparable values: numbers with numbers, strings with strings."""
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


Test = Callable[[list[Any]], bool]


def _equal(requested: Any) -> Test:
    # In MongoDB null also matches a missing field.
    return lambda found: any(_same(one, requested) for one in found) or (requested is None and not found)


def _among(requested: list[Any]) -> Test:
    tests = [_equal(one) for one in requested]
    return lambda found: any(test(found) for test in tests)


def _not(test: Test) -> Test:
    return lambda found: not test(found)


def _ordered(holds: Callable[[Any, Any], bool]) -> Callable[[Any], Test]:
    """A comparison that applies only to numbers, strings and times, each with its own kind."""

    def make(requested: Any) -> Test:
        if not isinstance(requested, int | float | str | datetime) or isinstance(requested, bool):
            raise _refused("a compared value must be a number, a string or a date")
        sort = _sort(requested)
        return lambda found: any(_sort(one) == sort and holds(one, requested) for one in found)

    return make


def _exists(requested: bool) -> Test:
    return lambda found: bool(found) is requested


_OPERATORS: dict[str, Callable[[Any], Test]] = {
    "$eq": _equal,
    "$ne": lambda value: _not(_equal(value)),
    "$gt": _ordered(lambda one, other: one > other),
    "$gte": _ordered(lambda one, other: one >= other),
    "$lt": _ordered(lambda one, other: one < other),
    "$lte": _ordered(lambda one, other: one <= other),
    "$in": _among,
    "$nin": lambda value: _not(_among(value)),
    "$exists": _exists,
}
