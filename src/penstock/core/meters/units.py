"""Units of counters: their exact ratio to the base unit of the quantity. Pure.

The names are those that people, codecs and standards write (UCUM, M-Bus, invoices). Upper and lower case do not matter, except
where a prefix would change its meaning: `Mgal` is a million gallons, and a counter of `mWh`, `mJ` or `mgal` is refused, because
some people mean mega by it.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from penstock.core.registers.models import NANO, Quantity
from penstock.kit.errors import InvalidInput

if TYPE_CHECKING:
    from pint import UnitRegistry

_EXACT = {
    ("m3", Quantity.VOLUME): Fraction(1),
    ("l", Quantity.VOLUME): Fraction(1, 1000),
    ("kwh", Quantity.ENERGY): Fraction(1),
    ("wh", Quantity.ENERGY): Fraction(1, 1000),
    ("1", Quantity.COUNT): Fraction(1),
}
"""Units of nearly all meters, so that pint, which takes 0.3 s to load, is not needed for them."""
_NAMES = {
    Quantity.VOLUME: {
        "m3": "m3 cbm qm3 cubic_meter cubic_meters cubic_metre cubic_metres kl",
        "l": "l ltr litre litres liter liters dm3",
        "milliliter": "ml cm3 ccm",
        "centiliter": "cl",
        "deciliter": "dl",
        "hectoliter": "hl",
        "megaliter": "megaliter megalitre",
        "cubic_foot": "ft3 cf cft cu_ft cubic_foot cubic_feet",
        "100 * cubic_foot": "ccf hcf",
        "cubic_inch": "in3 cu_in",
        "cubic_yard": "yd3 cu_yd",
        "gallon": "gal gals gallon gallons usgal us_gal us_gallon gal_us",
        "1000 * gallon": "kgal",
        "acre_foot": "acre_ft ac_ft acft acre_foot acre_feet",
        "imperial_gallon": "impgal imp_gal imperial_gallon uk_gal gal_uk igal",
    },
    Quantity.ENERGY: {
        "kwh": "kwh kw_h",
        "wh": "wh w_h watt_hour watt_hours",
        "megawatt_hour": "mwh megawatt_hour megawatt_hours",
        "gigawatt_hour": "gwh",
        "joule": "j joule joules",
        "kJ": "kj",
        "megajoule": "mj megajoule",
        "gigajoule": "gj gigajoule",
        "terajoule": "tj",
        "international_calorie": "cal calorie calories",
        "1000 * international_calorie": "kcal",
        "1000000000 * international_calorie": "gcal",
        "Btu": "btu",
        "1000 * Btu": "kbtu mbh",
        "1000000 * Btu": "mmbtu",
        "therm": "therm therms thm",
    },
    Quantity.COUNT: {
        "1": "1 count counts pulse pulses imp impulse impulses pcs piece pieces unit units tick ticks",
        "12": "dozen",
    },
}
_ALIASES = {
    (name, quantity): target
    for quantity, targets in _NAMES.items()
    for target, names in targets.items()
    for name in names.split()
}
_AMBIGUOUS = {
    "mWh": "Wh, kWh or MWh",
    "mJ": "J or MJ",
    "Ml": "mL or m3",
    "mgal": "gal, kgal or Mgal",
    "mcal": "cal, kcal or Mcal",
    "MBtu": "kBtu or MMBtu",
    "MBTU": "kBtu or MMBtu",
    "Mbtu": "kBtu or MMBtu",
    "mbtu": "kBtu or MMBtu",
    "bbl": "gal, m3 or oil_barrel",
    "barrel": "gal, m3 or oil_barrel",
    "barrels": "gal, m3 or oil_barrel",
}
"""Spellings by which people mean two things (milli or mega; a thousand or a million; barrels of oil or others), with the accepted
ones."""
_CASED = {
    "ML": "megaliter",
    "Mgal": "1000000 * gallon",
    "MGal": "1000000 * gallon",
    "MGAL": "1000000 * gallon",
    "Mcal": "1000000 * international_calorie",
    "MCal": "1000000 * international_calorie",
    "MCAL": "1000000 * international_calorie",
}
_WORD = re.compile(r"[A-Za-z][A-Za-z_]{0,31}")
_SUPERSCRIPTS = str.maketrans({"³": "3", "²": "2", "ℓ": "l", " ": "_", "-": "_", "·": "_", "µ": "u", "μ": "u"})
_BASES = {Quantity.VOLUME: "m**3", Quantity.ENERGY: "kWh", Quantity.COUNT: "dimensionless"}
_MAX_DIGITS = 60


@lru_cache(maxsize=512)
def ratio(unit: str, quantity: Quantity, field: str = "unit") -> Fraction:
    """How many base units of the quantity a unit is, exactly.

    Raises:
        InvalidInput: the unit is unknown, ambiguous, or that of another quantity.
    """
    refuse_ambiguous(unit, field)
    text = unit.strip()
    written = text.translate(_SUPERSCRIPTS).replace("^", "").replace("**", "")
    target = _CASED.get(text) or _ALIASES.get((written.lower(), quantity), written)
    exact = _EXACT.get((target, quantity))
    found = exact if exact is not None else _found_by_pint(target, quantity)
    if found is None:
        raise InvalidInput.field(field, f"must be a unit that converts to {quantity.value}, such as {_EXAMPLES[quantity]}")
    return found


def refuse_ambiguous(unit: str, field: str) -> None:
    """Refuse a spelling by which people mean two things.

    Raises:
        InvalidInput.
    """
    text = unit.strip()
    if text in _AMBIGUOUS:
        raise InvalidInput.field(field, f"must not be the ambiguous {text}; use {_AMBIGUOUS[text]}")


_EXAMPLES = {Quantity.VOLUME: "m3 or L", Quantity.ENERGY: "kWh, MJ or GJ", Quantity.COUNT: "1 or pulses"}


def _found_by_pint(target: str, quantity: Quantity) -> Fraction | None:
    """The ratio of a unit as it is written, else in lower case; None if it does not convert."""
    if target in _NAMES[quantity] or target in _CASED.values():
        return _from_pint(target, quantity)
    # Only a plain name: pint evaluates expressions, which would let a caller raise numbers to enormous powers.
    if quantity is Quantity.COUNT or not _WORD.fullmatch(target):
        return None
    found, rest = _from_pint(target, quantity), _from_pint(target[1:].lower(), quantity)
    if found is None:
        # Lower case would make another prefix of the first letter: a `Pj` is not a picojoule.
        return _from_pint(target.lower(), quantity) if rest is None else None
    # Of a meter, milli is more likely to be meant as mega.
    return None if target[0] == "m" and found * 1000 == rest else found


def _from_pint(target: str, quantity: Quantity) -> Fraction | None:
    """The ratio of a unit that pint knows; None if it does not convert."""
    from pint import PintError

    try:
        found: Fraction = _registry().Quantity(target).to(_BASES[quantity]).magnitude
    except (PintError, AttributeError, TypeError, ValueError):
        return None
    value = Fraction(found)
    return value if value > 0 else None


@lru_cache(maxsize=1)
def _registry() -> UnitRegistry[Fraction]:
    from pint import UnitRegistry

    return UnitRegistry(non_int_type=Fraction, cache_folder=None)


def to_nano(value: Decimal, one: Fraction) -> int:
    """A value as nano-units, where `one` is the ratio of its unit; rounded half to even."""
    # round() of a Fraction is exact and half to even.
    return round(Fraction(value) * one * NANO)


def in_unit(nano: int, one: Fraction) -> Decimal:
    """Nano-units as a decimal of a unit with the ratio `one`: exact in decimal units, such as litres of cubic metres.

    In others, such as gallons, it has as many decimals as nano-units tell apart, so that what was read is shown as it was.
    """
    value = Fraction(nano, NANO) / one
    with localcontext() as context:
        context.prec = _MAX_DIGITS
        found = Decimal(value.numerator) / Decimal(value.denominator)
        return _plain(found.quantize(Decimal(1).scaleb(-_decimals(one)), rounding=ROUND_HALF_EVEN))


@lru_cache(maxsize=512)
def _decimals(one: Fraction) -> int:
    """How many decimals of a unit nano-units tell apart. A value is rounded to a nano-unit, and a difference twice."""
    steps = one * NANO
    found = max(len(str(int(steps))) - 1, 0)
    return found if steps == 10**found or steps < 2 else found - (steps < 2 * 10**found)


def as_shown(nano: int, one: Fraction) -> int:
    """The nearest counter that a unit with the ratio `one` shows with its last digit.

    What was interpolated is rounded to it, so that the shown parts of an amount add up to the shown amount.
    """
    numerator, denominator = _last_digit(one)
    # Whole numbers, because this is done for each value of a counter that is shown in another unit than it was read in.
    digits = (2 * nano * denominator + numerator) // (2 * numerator)
    return (2 * digits * numerator + denominator) // (2 * denominator)


def is_shown_exactly(one: Fraction) -> bool:
    """Whether every whole number of nano-units is a decimal of a unit."""
    return _last_digit(one) == (1, 1)


@lru_cache(maxsize=512)
def _last_digit(one: Fraction) -> tuple[int, int]:
    """How many nano-units the last shown digit of a unit is."""
    digit = Fraction(one * NANO, 10 ** _decimals(one))
    return digit.numerator, digit.denominator


def _plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent."""
    found = value.normalize()
    exponent = found.as_tuple().exponent
    return found.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else found
