"""Values as counters, exactly as their text says."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.meters.counters import MOST, NONE, Column, column_of, counter_of, counters_of, joined
from penstock.core.meters.values import Reason
from penstock.core.registers.models import NANO

CUBIC, LITRE, GALLON = Fraction(NANO), Fraction(NANO, 1000), 231 * Fraction(254, 10000) ** 3 * NANO


@pytest.mark.parametrize(
    ("value", "scale", "wanted"),
    [
        (184.327, CUBIC, 184_327_000_000),
        (12345.6, LITRE, 12_345_600_000),
        ("184.327", CUBIC, 184_327_000_000),
        (" 7 ", CUBIC, 7 * NANO),
        (7, CUBIC, 7 * NANO),
        (-0.0, CUBIC, 0),
        (0.1234567895, CUBIC, 123_456_790),
        (0.1234567885, CUBIC, 123_456_788),
        (1, GALLON, 3_785_412),
        (2**53 + 1, Fraction(1), 2**53 + 1),
        (9e9, CUBIC, MOST),
        (9e12, LITRE, MOST),
        (9.1e9, CUBIC, Reason.OUT_OF_RANGE),
        (10**60, CUBIC, Reason.OUT_OF_RANGE),
        (1e300, GALLON, Reason.OUT_OF_RANGE),
        (-0.001, CUBIC, Reason.NEGATIVE),
        (-(10**60), CUBIC, Reason.NEGATIVE),
        (True, CUBIC, Reason.NOT_A_NUMBER),
        ("1e5", CUBIC, Reason.NOT_A_NUMBER),
        ("٣", CUBIC, Reason.NOT_A_NUMBER),
        ("", CUBIC, Reason.NOT_A_NUMBER),
        (float("inf"), CUBIC, Reason.NOT_A_NUMBER),
    ],
)
def test_a_value(value: object, scale: Fraction, wanted: int | Reason) -> None:
    counters, reasons = counters_of(column_of([value]), scale)
    assert reasons.get(0, int(counters[0])) == wanted


def test_a_column_of_all_kinds_keeps_what_was_reported() -> None:
    values = [1.5, None, "2.5", True, 3, 2**60]
    column = joined([column_of(values[:2]), column_of(values[2:])])
    counters, reasons = counters_of(column, Fraction(NANO, 10**6))
    assert counters.tolist() == [1500, NONE, 2500, NONE, 3000, 2**60 * 1000 if MOST >= 2**60 * 1000 else NONE]
    assert reasons == {3: Reason.NOT_A_NUMBER, 5: Reason.OUT_OF_RANGE}
    assert [column.original(row) for row in range(6)] == [1.5, None, "2.5", True, 3.0, 2**60]
    part = column.part(np.array([5, 2, 0]))
    assert [part.original(row) for row in range(3)] == [2**60, "2.5", 1.5]


DECIMALS = st.decimals(0, 10**7, places=6, allow_nan=False) | st.decimals(0, 10**4, places=9, allow_nan=False)


@given(st.lists(DECIMALS, min_size=1, max_size=20), st.sampled_from([CUBIC, LITRE, GALLON, CUBIC * 10, Fraction(NANO * 10, 36)]))
def test_vectors_agree_with_fractions(values: list[Decimal], scale: Fraction) -> None:
    counters, reasons = counters_of(column_of([float(value) for value in values]), scale)
    wanted = [round(Fraction(repr(float(value))) * scale) for value in values]
    assert (counters.tolist(), reasons) == (wanted, {})
    assert [counter_of(f"{value:f}", scale) for value in values] == [round(Fraction(value) * scale) for value in values]


def test_an_empty_column_is_none() -> None:
    counters, reasons = counters_of(Column(column_of([None] * 3).numbers, {}), CUBIC)
    assert (counters.tolist(), reasons) == ([NONE] * 3, {})


def test_a_number_near_the_largest_is_out_of_range_and_no_more() -> None:
    counters, reasons = counters_of(column_of([20.5, 1e308, -1e308, 21.5]), CUBIC)
    assert (counters.tolist()[::3], reasons) == ([20_500_000_000, 21_500_000_000], {1: Reason.OUT_OF_RANGE, 2: Reason.NEGATIVE})
