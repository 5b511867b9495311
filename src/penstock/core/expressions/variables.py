"""What expressions see: values from outside, cut to a size that an evaluation can bear.

Every number is a double, as JSON has only those: `21` and `21.5` of one sensor must not be of two types, which CEL would not
add up. A text or list that is too long, and what lies too deep or comes too late, is not there: an expression that asks for
it ends as one does that asks for a value nobody sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from penstock.core.expressions.engine import cel

MAX_TEXT = 1_024
"""Characters of one text."""
MAX_LIST = 64
"""Entries of one list: how often a macro goes round."""
MAX_VALUES = 256
"""Values of one variable, those inside others included."""
MAX_DEPTH = 8

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEFT_OUT = object()


def moment(us: int) -> datetime:
    """A time as expressions see it: a CEL timestamp."""
    return _EPOCH + timedelta(microseconds=us)


class Variables:
    """The values of one evaluation, by name. Made once, it serves any number of expressions.

    `ready` are values that `cut` has made, which is spared to do twice.
    """

    __slots__ = ("context",)

    def __init__(self, values: Mapping[str, Any], ready: Mapping[str, Any] | None = None) -> None:
        found = {name: cut(value) for name, value in values.items()}
        self.context = cel.Context({**found, **ready} if ready else found)


def cut(value: Any) -> Any:
    """A value as expressions see it, with what is too large left out; None when that is all of it."""
    found = _bounded(value, [MAX_VALUES], MAX_DEPTH)
    return None if found is _LEFT_OUT else found


def _bounded(value: Any, left: list[int], depth: int) -> Any:
    left[0] -= 1
    if isinstance(value, bool) or value is None or isinstance(value, datetime):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else _LEFT_OUT
    if not depth:
        return _LEFT_OUT
    if isinstance(value, Mapping):
        return _bounded_map(value, left, depth)
    if len(value) > MAX_LIST:
        return _LEFT_OUT
    entries = [_bounded(entry, left, depth - 1) for entry in value]
    # A list without some of its entries would answer wrongly, so it is whole or not there.
    return _LEFT_OUT if left[0] < 0 or any(entry is _LEFT_OUT for entry in entries) else entries


def _bounded_map(value: Mapping[str, Any], left: list[int], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, entry in value.items():
        if left[0] <= 0:
            break
        kind = type(entry)
        if (kind is float or kind is int) and len(key) <= MAX_TEXT:  # most values are; this takes a third of the time
            left[0] -= 1
            found[key] = float(entry)
        elif len(key) <= MAX_TEXT and (kept := _bounded(entry, left, depth - 1)) is not _LEFT_OUT:
            found[key] = kept
    return found
