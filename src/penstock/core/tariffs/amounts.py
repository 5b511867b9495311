"""Exact decimal arithmetic for sums of money and quantities. Pure.

Python's default context keeps 28 digits, which a large quantity times a price exceeds; here nothing is rounded unless it is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

EXACT = Context(prec=100, rounding=ROUND_HALF_UP)
MAX_QUANTITY_PLACES = 9
ZERO = Decimal(0)


def times(left: Decimal, right: Decimal) -> Decimal:
    """The exact product."""
    return EXACT.multiply(left, right)


def sum_of(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def rounded(amount: Decimal, places: int) -> Decimal:
    """An amount with this number of decimal places; half a unit is rounded away from zero."""
    return amount.quantize(Decimal(1).scaleb(-places), context=EXACT)


def decimal_of(value: Fraction, places: int = MAX_QUANTITY_PLACES) -> Decimal:
    """A fraction as a decimal, rounded if it needs more than this number of places."""
    # In integers, because the quotient of a fraction such as a third has no last digit.
    scaled = value * 10**places
    whole = (abs(scaled.numerator) * 2 + scaled.denominator) // (2 * scaled.denominator)
    return shortest(Decimal(whole if value >= 0 else -whole).scaleb(-places, context=EXACT))


def shortest(amount: Decimal) -> Decimal:
    """The same amount without trailing zeros, and never with an exponent above zero."""
    if amount == 0:
        return ZERO
    short = amount.normalize(EXACT)
    return short.quantize(Decimal(1), context=EXACT) if short.as_tuple().exponent > 0 else short  # type: ignore[operator]


def text_of(amount: Decimal) -> str:
    """An amount in digits, never with an exponent."""
    return format(amount, "f")
