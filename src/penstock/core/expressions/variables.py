"""The variables of expressions: external values, cut to a size that an evaluation can handle.

Every number is a double, because JSON has no other type: `21` and `21.5` of one sensor must not have two types. Only an integer
from 2^53 on, which has no double of its own, stays an integer, so that it does not equal its neighbours. A string or list that is
too long, and a value that is too deep or beyond the maximum number, is omitted. An expression that uses it fails as for any
missing value.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

MAX_TEXT = 1_024
"""Maximum characters of one string."""
MAX_LIST = 64
"""Maximum entries of one list, and so of a macro's iterations."""
MAX_VALUES = 256
"""Maximum values of one variable, including nested values."""
MAX_DEPTH = 8

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEFT_OUT = object()
_EXACT = 2**53
"""Below it, every integer has a double of its own; the engine compares a double with an integer as doubles."""
_LARGEST = 2**63


def moment(us: int) -> datetime:
    """A time as a CEL timestamp."""
    return _EPOCH + timedelta(microseconds=us)


class Variables:
    """The values of one evaluation, by name, for any number of expressions.

    `ready` are values that `cut` has already processed, so that they are not processed twice.
    """

    __slots__ = ("parts",)

    def __init__(self, values: Mapping[str, Any], ready: Mapping[str, Any] | None = None) -> None:
        found = {name: cut(value) for name, value in values.items()}
        self.parts: dict[str, Any] = {**found, **ready} if ready else found


def cut(value: Any) -> Any:
    """A value for expressions, without the parts that exceed the limits; None if the whole value does."""
    found = _bounded(value, [MAX_VALUES], MAX_DEPTH)
    return None if found is _LEFT_OUT else found


def _bounded(value: Any, left: list[int], depth: int) -> Any:
    left[0] -= 1
    if isinstance(value, bool) or value is None or isinstance(value, datetime):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else _LEFT_OUT
    if not depth:
        return _LEFT_OUT
    if isinstance(value, Mapping):
        return _bounded_map(value, left, depth)
    if len(value) > MAX_LIST:
        return _LEFT_OUT
    entries = [_bounded(entry, left, depth - 1) for entry in value]
    # A list with missing entries would give wrong results, so it is either complete or omitted.
    return _LEFT_OUT if left[0] < 0 or any(entry is _LEFT_OUT for entry in entries) else entries


def _number(value: float) -> float:
    return value if _EXACT <= abs(value) < _LARGEST and isinstance(value, int) else float(value)


def _bounded_map(value: Mapping[str, Any], left: list[int], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    budget = left[0]
    for key, entry in value.items():
        if budget <= 0:
            break
        kind = type(entry)
        if len(key) > MAX_TEXT:
            continue
        # Numbers are the most common case; the shortcut saves two thirds of the time.
        if kind is float:
            budget -= 1
            found[key] = entry
        elif kind is int:
            budget -= 1
            found[key] = _number(entry)
        else:
            left[0] = budget
            kept = _bounded(entry, left, depth - 1)
            budget = left[0]
            if kept is not _LEFT_OUT:
                found[key] = kept
    left[0] = budget
    return found
