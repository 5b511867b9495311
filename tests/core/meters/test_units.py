"""Units as people write them, converted exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from penstock.core.meters.units import in_unit, ratio, to_nano
from penstock.core.registers.models import NANO, Quantity
from penstock.kit.errors import InvalidInput

VOLUME, ENERGY, COUNT = Quantity.VOLUME, Quantity.ENERGY, Quantity.COUNT


@pytest.mark.parametrize(
    ("names", "quantity", "wanted"),
    [
        ("m3 m³ M3 m^3 m**3 cbm kL", VOLUME, Fraction(1)),
        ("L l litres dm3 dm³ Liter", VOLUME, Fraction(1, 1000)),
        ("hL hl", VOLUME, Fraction(1, 10)),
        ("mL ml cm3", VOLUME, Fraction(1, 10**6)),
        ("ML megaliter", VOLUME, Fraction(1000)),
        # One foot is 0.3048 m, one inch 2.54 cm, one gallon 231 cubic inches (NIST SP 811, appendix B).
        ("ft3 ft³ cf", VOLUME, Fraction(3048, 10000) ** 3),
        ("CCF", VOLUME, 100 * Fraction(3048, 10000) ** 3),
        ("gal US_gal gallons", VOLUME, 231 * Fraction(254, 10000) ** 3),
        ("impgal", VOLUME, Fraction(454609, 10**8)),
        ("Mgal MGal MGAL", VOLUME, 10**6 * 231 * Fraction(254, 10000) ** 3),
        ("GL Gl", VOLUME, Fraction(10**6)),
        ("PL", VOLUME, Fraction(10**12)),
        ("acre_ft acre-foot", VOLUME, 43560 * Fraction(1200, 3937) ** 3),
        ("oil_barrel", VOLUME, 42 * 231 * Fraction(254, 10000) ** 3),
        ("Quart", VOLUME, Fraction(231, 4) * Fraction(254, 10000) ** 3),
        ("kWh KWH kwh", ENERGY, Fraction(1)),
        ("Wh", ENERGY, Fraction(1, 1000)),
        ("MWh MWH", ENERGY, Fraction(1000)),
        ("J", ENERGY, Fraction(1, 3_600_000)),
        ("kJ", ENERGY, Fraction(1, 3600)),
        ("MJ", ENERGY, Fraction(10, 36)),
        ("GJ gj", ENERGY, Fraction(10_000, 36)),
        ("Gcal", ENERGY, Fraction(1163)),
        ("Mcal MCAL", ENERGY, Fraction(1163, 1000)),
        ("cal Cal", ENERGY, Fraction(1163, 10**9)),
        ("PJ", ENERGY, Fraction(10**10, 36)),
        ("kBtu", ENERGY, ratio("MMBtu", ENERGY) / 1000),
        ("1 pulses imp", COUNT, Fraction(1)),
    ],
)
def test_a_unit_has_one_exact_ratio(names: str, quantity: Quantity, wanted: Fraction) -> None:
    assert {name: ratio(name, quantity) for name in names.split()} == dict.fromkeys(names.split(), wanted)


@pytest.mark.parametrize(
    ("unit", "quantity"),
    [
        ("kWh", VOLUME),
        ("m3", ENERGY),
        ("L", COUNT),
        ("m", VOLUME),
        ("mWh", ENERGY),
        ("mJ", ENERGY),
        ("Ml", VOLUME),
        ("mgal", VOLUME),
        ("mcal", ENERGY),
        ("mtherm", ENERGY),
        ("MBtu", ENERGY),
        ("Pj", ENERGY),
        ("barrel", VOLUME),
        ("furlongs", VOLUME),
        ("m**9**9", VOLUME),
        ("10 m3", VOLUME),
        ("", VOLUME),
        ("percent", COUNT),
        ("x" * 10_000, VOLUME),
    ],
)
def test_another_unit_is_refused_by_the_name_of_its_field(unit: str, quantity: Quantity) -> None:
    with pytest.raises(InvalidInput) as caught:
        ratio(unit, quantity, "registers[0].unit")
    assert caught.value.errors[0].field == "registers[0].unit"
    assert len(str(caught.value)) < 200


def test_a_value_is_exact_from_its_text_to_the_bill() -> None:
    litre, gallon = ratio("L", VOLUME), ratio("gal", VOLUME)
    nano = to_nano(Decimal("12345.6"), litre)
    assert (nano, str(in_unit(nano, litre)), str(in_unit(nano, Fraction(1)))) == (12_345_600_000, "12345.6", "12.3456")
    assert [str(in_unit(n * NANO, Fraction(1))) for n in (0, 1000)] == ["0", "1000"]
    assert str(in_unit(NANO, gallon)) == "264.172052"
    assert str(in_unit(-NANO, Fraction(1))) == "-1"


@pytest.mark.parametrize(
    ("unit", "quantity"),
    [
        *((unit, Quantity.VOLUME) for unit in ("m3", "L", "hL", "mL", "gal", "ft3", "ccf", "kgal", "in3", "impgal")),
        *((unit, Quantity.ENERGY) for unit in ("kWh", "Wh", "MWh", "MJ", "GJ", "kcal", "therm", "Btu")),
        *((unit, Quantity.COUNT) for unit in ("1", "dozen")),
    ],
)
def test_what_was_read_and_a_difference_of_it_are_shown_with_its_digits(unit: str, quantity: Quantity) -> None:
    one = ratio(unit, quantity)
    for first, second in (("12345.6", "12358.3"), ("0", "12.7"), ("99.999", "100"), ("7", "7.001")):
        before, after = (to_nano(Decimal(text), one) for text in (first, second))
        assert [in_unit(nano, one) for nano in (before, after)] == [Decimal(first), Decimal(second)]
        assert in_unit(after - before, one) == Decimal(second) - Decimal(first)
