"""Checks of tariffs and their assignments. Pure. Each error names the field as the caller sent it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from penstock.core.registers.models import QUANTITY_OF
from penstock.core.tariffs.currencies import CODES
from penstock.core.tariffs.models import MAX_PRICE, PRICE_PLACES, Assignment, Charge, Item, Prices
from penstock.core.tariffs.units import PER_BASE, is_known
from penstock.kit.errors import InvalidInput

HUNDRED = Decimal(100)
VAT_PLACES = 4


def check_currency(currency: str) -> None:
    """Check a currency.

    Raises:
        InvalidInput: it is not in use.
    """
    if currency not in CODES:
        raise InvalidInput.field("currency", "must be a code of ISO 4217, such as EUR")


def check_prices(prices: Prices, place: str = "") -> None:
    """Check a version of a tariff.

    Raises:
        InvalidInput: a number is out of range, a unit does not fit, tiers do not ascend, or a kind occurs twice.
    """
    if prices.end is not None and prices.end <= prices.begin:
        raise InvalidInput.field(f"{place}to", "must be after from")
    if not prices.usage and not prices.standing:
        raise InvalidInput.field(f"{place}items", "must have an item, or standing a charge")
    kinds = [item.kind for item in prices.usage]
    for at, item in enumerate(prices.usage):
        if item.kind in kinds[:at]:
            raise InvalidInput.field(f"{place}items[{at}].kind", "must not occur twice")
        _check_item(item, f"{place}items[{at}].")
    for at, charge in enumerate(prices.standing):
        _check_charge(charge, f"{place}standing[{at}].")
    if prices.minimum is not None:
        _check_charge(prices.minimum, f"{place}minimum.")


def check_assignments(assignments: Sequence[Assignment]) -> None:
    """Check that the assignments of a customer or resident, in order, do not overlap.

    Raises:
        InvalidInput.
    """
    for at, one in enumerate(assignments):
        if one.begin is not None and one.end is not None and one.end <= one.begin:
            raise InvalidInput.field(f"tariffs[{at}].to", "must be after from")
    for at, (before, after) in enumerate(pairwise(assignments), start=1):
        if after.begin is None or before.end is None or after.begin < before.end:
            raise InvalidInput.field(f"tariffs[{at}].from", "must not be before the to of the entry before it")


def _check_item(item: Item, place: str) -> None:
    quantity = QUANTITY_OF[item.kind]
    if not is_known(quantity, item.unit):
        raise InvalidInput.field(f"{place}unit", f"must be one of {', '.join(PER_BASE[quantity])}")
    _check_rate(item.vat_rate, f"{place}vat_rate")
    if not item.tiers:
        raise InvalidInput.field(f"{place}tiers", "must have at least 1 entry")
    below = Decimal(0)
    for at, tier in enumerate(item.tiers):
        # A single tier is usually one that was given as a price.
        _check_number(tier.price, -MAX_PRICE, f"{place}tiers[{at}].price" if len(item.tiers) > 1 else f"{place}price")
        is_last = at == len(item.tiers) - 1
        if (tier.up_to is None) is not is_last:
            raise InvalidInput.field(f"{place}tiers[{at}].up_to", "must be set on every tier but the last")
        if tier.up_to is not None:
            _check_number(tier.up_to, Decimal(0), f"{place}tiers[{at}].up_to")
            if tier.up_to <= below:
                raise InvalidInput.field(
                    f"{place}tiers[{at}].up_to", "must be greater than that of the tier before it, or than 0"
                )
            below = tier.up_to


def _check_charge(charge: Charge, place: str) -> None:
    _check_number(charge.amount, Decimal(0), f"{place}amount")
    _check_rate(charge.vat_rate, f"{place}vat_rate")


def _check_rate(rate: Decimal, place: str) -> None:
    if not rate.is_finite() or not 0 <= rate <= HUNDRED or _places(rate) > VAT_PLACES:
        raise InvalidInput.field(place, f"must be between 0 and 100 per cent, with at most {VAT_PLACES} decimal places")


def _check_number(number: Decimal, least: Decimal, place: str) -> None:
    if not number.is_finite() or not least <= number <= MAX_PRICE or _places(number) > PRICE_PLACES:
        raise InvalidInput.field(place, f"must be between {least} and {MAX_PRICE}, with at most {PRICE_PLACES} decimal places")


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
