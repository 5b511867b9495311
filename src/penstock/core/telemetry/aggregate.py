"""Aggregates of columns over time buckets: a bucket's average, extremes, sum, count, first and last value.

Readings arrive in chunks (the segments of the log) whose times may overlap. Each chunk is folded into one cell per field and
bucket, so memory grows with buckets and not with readings. The caller chooses bucket edges, fields and rows; times outside the
edges are ignored.

Numbers: `avg`, `min`, `max` and `sum` use integers and floats only, never booleans or strings; `count`, `first` and `last` use
every scalar. A float that is not finite counts as absent, because JSON cannot represent it. A sum of integers only is an exact
integer. Otherwise a chunk's share is the exact sum rounded once (`math.fsum`), and the shares are added as floats. A sum or
average that no float can represent is None.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from math import fsum, isfinite
from typing import Any, TypeAlias

import msgspec

from penstock.kit.errors import InvalidInput

Value: TypeAlias = bool | int | float | str | None

_NUMBERS: frozenset[type] = frozenset({int, float})
_SCALARS: frozenset[type] = frozenset({bool, int, float, str})


class BucketRow(msgspec.Struct, frozen=True, kw_only=True):
    """The aggregates of one bucket, [start_us, end_us).

    Shape: `values[field][function]`, with the requested fields and functions, in that order.
    Units: start_us and end_us are microseconds since the Unix epoch, UTC.
    """

    start_us: int
    end_us: int
    values: dict[str, dict[str, Value]]


class _Cell:
    """The running aggregates of one field in one bucket."""

    __slots__ = ("count", "first", "first_us", "high", "last", "last_us", "low", "numbers", "real", "whole")

    def __init__(self) -> None:
        self.count = 0
        self.first: Value = None
        self.last: Value = None
        self.first_us = self.last_us = 0
        self.numbers = 0
        self.low: int | float | None = None
        self.high: int | float | None = None
        self.whole = 0  # the exact sum of the shares that are integers only
        self.real: float | None = None  # the sum of the other shares; None while there is none

    def place(self, times_us: tuple[int, int], values: Sequence[Any]) -> None:
        """Count values and keep the outermost; at equal times the first added is the first, the last added the last."""
        first_us, last_us = times_us
        if not self.count or first_us < self.first_us:
            self.first_us, self.first = first_us, values[0]
        if not self.count or last_us >= self.last_us:
            self.last_us, self.last = last_us, values[-1]
        self.count += len(values)

    def measure(self, numbers: Sequence[Any], *, whole: bool) -> None:
        """Add numbers, of which there is at least one; `whole` means that none is a float."""
        low, high = min(numbers), max(numbers)
        self.low = low if self.low is None else min(self.low, low)
        self.high = high if self.high is None else max(self.high, high)
        self.numbers += len(numbers)
        if whole:
            self.whole += sum(numbers)
        else:
            self.real = (self.real or 0.0) + _float_sum(numbers)

    def total(self) -> int | float | None:
        if not self.numbers:
            return None
        try:
            total = self.whole if self.real is None else self.whole + self.real
            return total if isfinite(total) else None
        except OverflowError:  # an integer that exceeds every float
            return None

    def mean(self) -> float | None:
        total = self.total()
        return None if total is None else total / self.numbers


_RESULTS: dict[str, Callable[[_Cell], Value]] = {
    "avg": _Cell.mean,
    "min": lambda cell: cell.low,
    "max": lambda cell: cell.high,
    "sum": _Cell.total,
    "count": lambda cell: cell.count,
    "first": lambda cell: cell.first,
    "last": lambda cell: cell.last,
}
FUNCTIONS = tuple(_RESULTS)
"""`avg min max sum count first last`."""
_MEASURES = frozenset({"avg", "min", "max", "sum"})


class Aggregation:
    """Folds chunks of readings into buckets; call `rows` once all are added.

    Edges ascend strictly; n + 1 of them make n buckets.

    Units: edges and times are microseconds since the Unix epoch, UTC.

    Raises:
        InvalidInput: a function is not one of `FUNCTIONS`.
    """

    def __init__(self, edges: Sequence[int], fields: Sequence[str], functions: Sequence[str]) -> None:
        unknown = set(functions) - set(FUNCTIONS)
        if unknown:
            raise InvalidInput.field("functions", f"must be one of {', '.join(FUNCTIONS)}, not {min(unknown)}")
        self._edges = edges
        self._fields = fields
        self._functions = functions
        self._measures = not _MEASURES.isdisjoint(functions)
        self._cells: list[dict[int, _Cell]] = [{} for _ in fields]

    def add(self, times: Sequence[int], columns: Sequence[Sequence[object | None]]) -> None:
        """Fold one chunk: ascending event times, and for each field in order a column as long as the times."""
        spans = self._spans(times)
        for cells, column in zip(self._cells, columns, strict=True):
            types = set(map(type, column))
            if _all_present(column, types):
                self._fold(cells, times, column, types, spans)
            else:
                kept = [index for index, value in enumerate(column) if _present(value)]
                kept_times = [times[index] for index in kept]
                values = [column[index] for index in kept]
                self._fold(cells, kept_times, values, types & _SCALARS, self._spans(kept_times))

    def rows(self, include_empty: bool = False) -> list[BucketRow]:
        """The buckets in order. Buckets in which no field has a value are omitted unless `include_empty` is set."""
        if include_empty:
            buckets: Sequence[int] = range(len(self._edges) - 1)
        else:
            buckets = sorted(set().union(*self._cells))
        return [self._row(bucket) for bucket in buckets]

    def _row(self, bucket: int) -> BucketRow:
        values = {}
        for field, cells in zip(self._fields, self._cells, strict=True):
            cell = cells.get(bucket) or _Cell()
            values[field] = {name: _RESULTS[name](cell) for name in self._functions}
        return BucketRow(start_us=self._edges[bucket], end_us=self._edges[bucket + 1], values=values)

    def _spans(self, times: Sequence[int]) -> list[tuple[int, int, int]]:
        """The parts of ascending times that share a bucket: its number, then start and end of the slice."""
        spans: list[tuple[int, int, int]] = []
        if len(self._edges) < 2:
            return spans
        start = bisect_left(times, self._edges[0])
        stop = bisect_left(times, self._edges[-1])
        bucket = 0
        while start < stop:
            bucket = bisect_right(self._edges, times[start], bucket) - 1
            end = bisect_left(times, self._edges[bucket + 1], start, stop)
            spans.append((bucket, start, end))
            start = end
        return spans

    def _fold(
        self,
        cells: dict[int, _Cell],
        times: Sequence[int],
        column: Sequence[object],
        types: set[type],
        spans: list[tuple[int, int, int]],
    ) -> None:
        """Fold a column without gaps whose values have these types."""
        for bucket, start, end in spans:
            values = column[start:end]
            cell = cells.setdefault(bucket, _Cell())
            cell.place((times[start], times[end - 1]), values)
            if self._measures:
                numbers = values if types <= _NUMBERS else [value for value in values if type(value) in _NUMBERS]
                if numbers:
                    # Checked for the slice, not for the column: values in other buckets must not turn a sum into a float.
                    cell.measure(numbers, whole=float not in types or float not in map(type, numbers))


def _all_present(column: Sequence[Any], types: set[type]) -> bool:
    if float not in types:
        return types <= _SCALARS
    try:
        return all(map(isfinite, column))
    except (TypeError, OverflowError):  # not only numbers, or an integer that exceeds every float
        return False


def _present(value: object) -> bool:
    return type(value) in _SCALARS and not (isinstance(value, float) and not isfinite(value))


def _float_sum(numbers: Sequence[Any]) -> float:
    try:
        return fsum(numbers)
    except OverflowError:
        return float("inf")
