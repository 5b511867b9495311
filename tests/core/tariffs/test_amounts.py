"""Decimal arithmetic: nothing is rounded unless it is said, and then half a unit away from zero."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.tariffs.amounts import decimal_of, rounded, shortest, sum_of, text_of, times


@pytest.mark.parametrize(
    ("amount", "places", "expected"),
    [("0.125", 2, "0.13"), ("-0.125", 2, "-0.13"), ("2.5", 0, "3"), ("1.0005", 3, "1.001"), ("7", 2, "7.00")],
)
def test_half_a_unit_is_rounded_away_from_zero(amount: str, places: int, expected: str) -> None:
    assert str(rounded(Decimal(amount), places)) == expected


def test_products_and_sums_keep_every_digit() -> None:
    large = Decimal("9000000000.123456789")
    price = Decimal("999999999.999999")
    assert times(large, price) == Decimal("9000000000123447788.999999876543211")
    assert sum_of([large] * 3) == Decimal("27000000000.370370367")


@given(st.integers(-(10**24), 10**24), st.integers(0, 9))
def test_a_decimal_as_a_fraction_comes_back(scaled: int, places: int) -> None:
    amount = Decimal(scaled).scaleb(-places)
    assert decimal_of(Fraction(scaled, 10**places)) == amount
    assert shortest(amount) == amount


def test_a_third_is_rounded() -> None:
    assert decimal_of(Fraction(1, 3), 3) == Decimal("0.333")
    assert decimal_of(Fraction(-1, 2), 0) == Decimal(-1)


def test_texts_have_no_exponent() -> None:
    assert [text_of(shortest(Decimal(one))) for one in ("1E+3", "100.00", "0.10", "0E-9")] == ["1000", "100", "0.1", "0"]
