"""Values of readings as counters, exactly, many at a time. Pure.

Theory of operation. A JSON number arrives as a float. If it has at most six decimals, which is what meters send, then it is
exactly `r / 1e6` for a whole number r, and r times a whole number of nano-units is the counter: four vector operations for
thousands of values. Every other value goes through its decimal text, one at a time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from penstock.core.meters.values import Reason
from penstock.core.registers.models import MAX_COUNTER, NANO

if TYPE_CHECKING:
    from numpy.typing import NDArray

NONE = -1
"""In an array of counters: no value, or an invalid one."""
MOST = MAX_COUNTER * NANO
_MICRO = 10**6
_EXACT_BELOW = 9e9
"""Times a million, this is still below 2 to the 53rd: every whole number is exact in a float."""
_DECIMAL = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?")


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one field. `numbers` is NaN where there is none, and where `odd` has another type."""

    numbers: NDArray[np.float64]
    odd: Mapping[int, object]

    def original(self, row: int) -> object:
        """What the device reported in a row; None if nothing."""
        if row in self.odd:
            return self.odd[row]
        number = float(self.numbers[row])
        return None if np.isnan(number) else number

    def part(self, rows: NDArray[np.int64]) -> Column:
        """Some rows, in their order."""
        if not self.odd:
            return Column(self.numbers[rows], {})
        odd = {n: self.odd[row] for n, row in enumerate(rows.tolist()) if row in self.odd}
        return Column(self.numbers[rows], odd)


def column_of(values: Sequence[object]) -> Column:
    """A column of decoded values."""
    types = set(map(type, values))
    if types <= {float, type(None)}:
        return Column(np.array(values, dtype=np.float64), {})
    numbers = np.full(len(values), np.nan)
    odd: dict[int, object] = {}
    for row, value in enumerate(values):
        # The exact type, because a bool is an int as well.
        if type(value) is float or (type(value) is int and abs(value) < 2**53):
            numbers[row] = value
        elif value is not None:
            odd[row] = value
    return Column(numbers, odd)


def joined(columns: Sequence[Column]) -> Column:
    """Columns one after the other."""
    if len(columns) == 1:
        return columns[0]
    odd: dict[int, object] = {}
    start = 0
    for column in columns:
        odd |= {start + row: value for row, value in column.odd.items()}
        start += len(column.numbers)
    return Column(np.concatenate([column.numbers for column in columns]), odd)


def counters_of(column: Column, scale: Fraction) -> tuple[NDArray[np.int64], dict[int, Reason]]:
    """The counters of a column in nano-units, `scale` of which are one unit of its values, and what is wrong with others.

    A row that has no value has neither.
    """
    numbers, per_micro = column.numbers, scale / _MICRO
    counters = np.full(len(numbers), NONE, dtype=np.int64)
    reasons: dict[int, Reason] = {}
    exact = np.zeros(len(numbers), dtype=np.bool_)
    if per_micro.denominator == 1 and per_micro.numerator <= MOST:
        per = per_micro.numerator
        with np.errstate(over="ignore"):  # what overflows is infinite, so not exact
            micro = np.rint(numbers * _MICRO)
        # NaN compares false, so that it is not exact.
        exact = (micro / _MICRO == numbers) & (numbers >= 0) & (micro <= MOST // per) & (numbers < _EXACT_BELOW)
        if exact.all():
            return micro.astype(np.int64) * per, reasons
        counters[exact] = micro[exact].astype(np.int64) * per
    others = np.flatnonzero(~exact & ~np.isnan(numbers)).tolist()
    for row in [*others, *column.odd]:
        found = counter_of(column.original(row), scale)
        if isinstance(found, Reason):
            reasons[row] = found
        else:
            counters[row] = found
    return counters, reasons


def counter_of(value: object, scale: Fraction) -> int | Reason:
    """One value as a counter in nano-units, or why it is none."""
    number = _decimal(value)
    if number is None:
        return Reason.NOT_A_NUMBER
    if isinstance(value, float) and scale.denominator == 1 and scale.numerator < 10**10 and abs(value) < MAX_COUNTER * 10**6:
        # `round` of a decimal is half to even, as that of a fraction, and five times as fast; a float has at most 17 digits, so
        # that the product is exact in the 28 of a decimal.
        counter = round(number * scale.numerator)
    else:
        counter = round(Fraction(number) * scale)
    if counter < 0 or number < 0:
        return Reason.NEGATIVE
    return counter if counter <= MOST else Reason.OUT_OF_RANGE


def _decimal(value: object) -> Decimal | None:
    """The exact decimal that a value was written as."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value) if abs(value) < 10**40 else Decimal(10**40).copy_sign(Decimal(1 if value > 0 else -1))
    if isinstance(value, float):
        return Decimal(repr(value)) if np.isfinite(value) else None
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        return Decimal(value.strip())
    return None
