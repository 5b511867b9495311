"""The stored readings of many meters, as columns: what a scan finds, and what a deleted meter left. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from penstock.core.meters.counters import NONE, Column, column_of, counters_of, joined
from penstock.core.meters.rules import rules_of
from penstock.core.meters.values import EARLIEST_US, Reason
from penstock.core.meters.vee import Raw
from penstock.core.registers.models import Register
from penstock.core.telemetry.fields import Column as Values
from penstock.core.telemetry.store import Joined
from penstock.kit.clock import MAX_US
from penstock.kit.ids import DeviceId

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Rows:
    """Readings of some meters, with a column for each field. All are added before the first look."""

    def __init__(self, fields: Sequence[str]) -> None:
        self._devices: list[NDArray[np.int64]] = []
        self._times: list[NDArray[np.int64]] = []
        self._columns: list[list[Column | None]] = [[] for _ in fields]
        self._order: NDArray[np.int64] | None = None

    def add(self, devices: Sequence[int], times: Sequence[int], columns: Sequence[Values]) -> None:
        """Add readings; `columns` in the order of the fields."""
        self._devices.append(np.array(devices, dtype=np.int64))
        self._times.append(np.array(times, dtype=np.int64))
        for into, values in zip(self._columns, columns, strict=True):
            into.append(column_of(values))

    def add_joined(self, chunk: Sequence[Joined], columns: Sequence[Values | None]) -> None:
        """Add readings as a store joined them; a column is None if no reading has the field."""
        counts = [one.rows for one in chunk]
        times = msgspec.json.decode(b"[" + b",".join([one.times for one in chunk]) + b"]", type=list[int])
        if any(values is not None and len(values) != len(times) for values in columns) or sum(counts) != len(times):
            raise msgspec.DecodeError("a payload is not JSON")
        self._devices.append(np.repeat(np.array([one.device_id for one in chunk], dtype=np.int64), counts))
        self._times.append(np.array(times, dtype=np.int64))
        for into, values in zip(self._columns, columns, strict=True):
            into.append(None if values is None else column_of(values))

    def of(self, device_id: DeviceId) -> Timed:
        """The readings of one meter, by time."""
        if not self._times:
            return Timed(np.zeros(0, dtype=np.int64), [_empty(0) for _ in self._columns])
        if self._order is None:
            devices = np.concatenate(self._devices)
            self._order = np.argsort(devices, kind="stable")
            lengths = [len(times) for times in self._times]
            self._devices, self._times = [devices[self._order]], [np.concatenate(self._times)]
            self._columns = [[_whole(parts, lengths)] for parts in self._columns]
        low, high = np.searchsorted(self._devices[0], [device_id, device_id + 1])
        rows = self._order[low:high]
        columns = [_empty(len(rows)) if column is None else column.part(rows) for (column,) in self._columns]
        return timed(self._times[0][rows], columns)


def _empty(count: int) -> Column:
    return Column(np.full(count, np.nan), {})


def _whole(parts: Sequence[Column | None], lengths: Sequence[int]) -> Column | None:
    """The parts of a column; None if no reading has it, which is so of all but one source of most meters."""
    if all(part is None for part in parts):
        return None
    return joined([_empty(length) if part is None else part for part, length in zip(parts, lengths, strict=True)])


class Timed(NamedTuple):
    """Readings of one meter by time, with a column for each field."""

    times: NDArray[np.int64]
    columns: list[Column]

    def within(self, from_us: int, to_us: int) -> Timed:
        """Those in [from_us, to_us)."""
        low, high = np.searchsorted(self.times, [from_us, to_us])
        if high - low == len(self.times):
            return self
        rows = np.arange(low, high)
        return Timed(self.times[rows], [column.part(rows) for column in self.columns])


def timed(times: NDArray[np.int64], columns: list[Column]) -> Timed:
    """Readings in any order, by time."""
    if (np.diff(times) >= 0).all():
        return Timed(times, columns)
    rows = np.argsort(times, kind="stable")
    return Timed(times[rows], [column.part(rows) for column in columns])


def together(parts: Sequence[Timed]) -> Timed:
    """Readings of times apart, the earliest first."""
    some = [part for part in parts if len(part.times)] or list(parts[:1])
    if len(some) == 1:
        return some[0]
    columns = [joined(columns) for columns in zip(*(part.columns for part in some), strict=True)]
    return Timed(np.concatenate([part.times for part in some]), columns)


def raw_of(version: Register, rows: Timed, fields: Sequence[str]) -> Raw:
    """The values of a version. Of several sources that a reading has, the first counts."""
    own = rows.within(version.from_us, MAX_US if version.to_us is None else version.to_us)
    counters = np.full(len(own.times), NONE, dtype=np.int64)
    reasons: dict[int, Reason] = {}
    taken: list[Column] = []
    free = np.ones(len(own.times), dtype=np.bool_)
    for field, scale in rules_of(version).scales:
        column = own.columns[fields.index(field)]
        taken.append(column)
        has = free & ~np.isnan(column.numbers)
        has[[row for row in column.odd if free[row]]] = True
        if not has.any():
            continue
        found, wrong = counters_of(column, scale)
        reasons |= {row: reason for row, reason in wrong.items() if has[row]}
        counters[has] = found[has]
        free &= ~has
        if not free.any():
            break
    for row in range(int(np.searchsorted(own.times, EARLIEST_US))):
        if counters[row] != NONE or row in reasons:
            reasons[row], counters[row] = Reason.CLOCK, NONE
    return Raw(own.times, counters, reasons, lambda row: next((v for one in taken if (v := one.original(row)) is not None), None))
