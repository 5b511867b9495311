"""What a person says a meter counts: what is accepted, and which field is at fault."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from penstock.core.meters.definitions import Replacement, check_registers, kind_of_unit, replaced, to_counter
from penstock.core.meters.errors import ReplacementOverlaps
from penstock.core.registers.models import DEFAULT_REGISTERS, Checks, Register, RegisterKind, Source
from penstock.kit.errors import InvalidInput
from tests.support.days import NOON_US

LITRES = Register(sources=(Source(field="l", unit="L"),), unit="L")
HEAT = Register(name="heat", kind=RegisterKind.HEAT, sources=(Source(field="mj", unit="MJ"),), unit="GJ")
OLD = msgspec.structs.replace(LITRES, to_us=NOON_US, last_value=Decimal(5))
NEW = msgspec.structs.replace(LITRES, from_us=NOON_US, first_value=Decimal(0))


def test_what_meters_have_is_accepted() -> None:
    check_registers(())
    check_registers(DEFAULT_REGISTERS)
    check_registers((LITRES, HEAT, msgspec.structs.replace(LITRES, name="cold", serial="8ZRI")))
    check_registers((NEW, HEAT, OLD))


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"sources": ()}, "sources"),
    ({"sources": (Source(field="a", unit="L"), Source(field="a", unit="m3"))}, "sources[1].field"),
    ({"sources": (Source(field="a", unit="kWh"),)}, "sources[0].unit"),
    ({"unit": "kWh"}, "unit"),
    ({"unit": "furlongs"}, "unit"),
    ({"kind": RegisterKind.ENERGY}, "sources[0].unit"),
    ({"factor": Decimal(0)}, "factor"),
    ({"factor": Decimal("NaN")}, "factor"),
    ({"factor": Decimal("1e-999999")}, "factor"),
    ({"factor": Decimal("0." + "1" * 40)}, "factor"),
    ({"decimals": 10}, "decimals"),
    ({"rolls_over_at": Decimal(0)}, "rolls_over_at"),
    ({"checks": Checks(max_flow=Decimal(-1))}, "checks.max_flow"),
    ({"checks": Checks(noise=Decimal("Infinity"))}, "checks.noise"),
    ({"from_us": NOON_US, "to_us": NOON_US}, "to"),
    ({"first_value": Decimal(1)}, "first_value"),
    ({"last_value": Decimal(1)}, "last_value"),
    ({"to_us": NOON_US, "last_value": Decimal(10**14)}, "last_value"),
    ({"to_us": NOON_US, "last_value": Decimal(-1)}, "last_value"),
]


def test_what_is_at_fault_is_named() -> None:
    for change, field in WRONG:
        with pytest.raises(InvalidInput) as raised:
            check_registers((HEAT, msgspec.structs.replace(LITRES, **change)), "registers")
        assert raised.value.errors[0].field == f"registers[1].{field}", change


def test_versions_of_a_register_do_not_overlap_and_are_of_one_kind() -> None:
    for first, second, field in (
        (LITRES, NEW, "registers[1].from"),
        (msgspec.structs.replace(OLD, to_us=NOON_US + 1), NEW, "registers[1].from"),
        (NEW, LITRES, "registers[0].from"),
        (OLD, msgspec.structs.replace(HEAT, name="volume", from_us=NOON_US), "registers[1].kind"),
    ):
        with pytest.raises(InvalidInput) as raised:
            check_registers((first, second))
        assert raised.value.errors[0].field == field
    many = tuple(msgspec.structs.replace(LITRES, name=f"r{number}") for number in range(65))
    with pytest.raises(InvalidInput, match="at most 64"):
        check_registers(many)
    check_registers(many[1:])


def test_the_kind_of_a_unit() -> None:
    for unit, kind in (("L", RegisterKind.VOLUME), ("MWh", RegisterKind.ENERGY), ("pulses", RegisterKind.COUNT)):
        assert kind_of_unit(unit, "unit") is kind
    with pytest.raises(InvalidInput, match="m3, L, kWh or 1"):
        kind_of_unit("bananas", "unit")


def test_a_value_in_the_unit_of_results() -> None:
    assert to_counter(Decimal("12345.6"), LITRES, "value") == 12_345_600_000
    for value in (Decimal(-1), Decimal(10**13), Decimal("NaN")):
        with pytest.raises(InvalidInput) as raised:
            to_counter(value, LITRES, "value")
        assert raised.value.errors[0].field == "value"


def test_a_replacement_ends_a_version_and_begins_the_next() -> None:
    change = Replacement(register="volume", at_us=NOON_US, last_value=Decimal(5), first_value=Decimal(0), serial="8ZRI")
    assert replaced((LITRES, HEAT), change) == (OLD, msgspec.structs.replace(NEW, serial="8ZRI"), HEAT)
    again = msgspec.structs.replace(change, at_us=NOON_US + 10, serial=None)
    assert [one.from_us for one in replaced((OLD, NEW), again)] == [0, NOON_US, NOON_US + 10]
    for at_us in (NOON_US, NOON_US - 1):
        with pytest.raises(ReplacementOverlaps):
            replaced((OLD, NEW), msgspec.structs.replace(change, at_us=at_us))
    with pytest.raises(ReplacementOverlaps):
        replaced((OLD,), change)
    with pytest.raises(InvalidInput) as raised:
        replaced((LITRES,), msgspec.structs.replace(change, register="heat"))
    assert raised.value.errors[0].field == "register"
    with pytest.raises(InvalidInput) as raised:
        replaced((LITRES,), msgspec.structs.replace(change, first_value=Decimal(-1)))
    assert raised.value.errors[0].field == "first_value"
