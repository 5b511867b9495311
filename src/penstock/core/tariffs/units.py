"""The units in which prices are given, as exact multiples of the base unit of their quantity. Pure.

The table is closed, because a price per unit is a matter of contract: a unit that is not in it is refused when a tariff is made.
"""

from __future__ import annotations

from fractions import Fraction

from penstock.core.meters.units import in_unit as shown_in_unit
from penstock.core.registers.models import Quantity

_CUBIC_FOOT = Fraction("0.028316846592")
_GALLON = Fraction("0.003785411784")
"""Of the United States; both are exact by definition."""

PER_BASE: dict[Quantity, dict[str, Fraction]] = {
    Quantity.VOLUME: {
        "m3": Fraction(1),
        "L": Fraction(1, 1000),
        "hL": Fraction(1, 10),
        "kL": Fraction(1),
        "ft3": _CUBIC_FOOT,
        "CCF": 100 * _CUBIC_FOOT,
        "gal": _GALLON,
        "kgal": 1000 * _GALLON,
    },
    Quantity.ENERGY: {
        "kWh": Fraction(1),
        "Wh": Fraction(1, 1000),
        "MWh": Fraction(1000),
        "MJ": Fraction(10, 36),
        "GJ": Fraction(10_000, 36),
    },
    Quantity.COUNT: {"1": Fraction(1)},
}


def in_unit(nano: int, quantity: Quantity, unit: str) -> Fraction:
    """An amount of nano-units of the base unit, in another unit; in the base unit if the other one is not known.

    It has as many decimals as nano-units tell apart, so that 3590 gallons are 3590 and not 3589.999999852.
    """
    return Fraction(shown_in_unit(nano, PER_BASE[quantity].get(unit, Fraction(1))))


def is_known(quantity: Quantity, unit: str) -> bool:
    """Whether a unit is one of a quantity."""
    return unit in PER_BASE[quantity]
