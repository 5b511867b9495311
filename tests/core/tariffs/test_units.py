"""Amounts in the units of prices."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from penstock.core.registers.models import Quantity
from penstock.core.tariffs.amounts import decimal_of
from penstock.core.tariffs.units import in_unit, is_known

M3 = 10**9


@pytest.mark.parametrize(
    ("nano", "quantity", "unit", "expected"),
    [
        (2 * M3, Quantity.VOLUME, "m3", "2"),
        (1_234_567_891, Quantity.VOLUME, "L", "1234.567891"),
        (M3, Quantity.VOLUME, "gal", "264.172052"),
        (89_316_791_043 - 75_727_162_739, Quantity.VOLUME, "gal", "3590"),
        (M3, Quantity.VOLUME, "CCF", "0.353146667"),
        (1500 * M3, Quantity.ENERGY, "MWh", "1.5"),
        (1000 * M3, Quantity.ENERGY, "GJ", "3.6"),
        (M3, Quantity.ENERGY, "MJ", "3.6"),
        (7 * M3, Quantity.COUNT, "1", "7"),
    ],
)
def test_amounts_in_a_unit(nano: int, quantity: Quantity, unit: str, expected: str) -> None:
    assert decimal_of(in_unit(nano, quantity, unit)) == Decimal(expected)


def test_a_unit_of_another_quantity_is_not_known() -> None:
    assert not is_known(Quantity.VOLUME, "kWh")
    assert in_unit(M3, Quantity.VOLUME, "bushel") == Fraction(1), "the base unit then"
