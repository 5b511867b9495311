"""Rows of registers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from penstock.core.imports.cells import InvalidRowError
from penstock.core.imports.known import Known
from penstock.core.imports.models import Outcome, SetMeter
from penstock.core.imports.planning import note
from penstock.core.imports.register_rows import plan_register
from penstock.core.meters.models import MeterRole
from penstock.core.meters.settings import MeterSettings
from penstock.core.registers.models import DEFAULT_REGISTERS, WATER_SOURCES, Register, RegisterKind, Source
from penstock.kit.clock import parse_time
from tests.core.imports.rows import EUI, cells_of, device, known_of, shown

HEAT = Register(name="heat", kind=RegisterKind.HEAT, sources=(Source(field="e", unit="kWh"),), unit="kWh")


def settings_after(known: Known, **cells: str) -> MeterSettings:
    planned = plan_register(cells_of(device=EUI, **cells), known)
    assert isinstance(planned.step, SetMeter)
    note(planned, known)
    assert plan_register(cells_of(device=EUI, **cells), known).outcome is Outcome.UNCHANGED, "again changes nothing"
    return planned.step.settings


def test_a_device_without_registers_gets_some() -> None:
    known = known_of(device())
    assert plan_register(cells_of(device=EUI), known).outcome is Outcome.UNCHANGED, "it has the default"
    after = settings_after(known, from_="2024-01-01", first_value="12.5", serial="B7")
    (water,) = after.registers
    assert (water.sources, water.first_value, water.serial) == (WATER_SOURCES, Decimal("12.5"), "B7")
    assert settings_after(known, unit="L", role="principal").role is MeterRole.PRINCIPAL
    energy = settings_after(known, kind="energy", field="e", field_unit="Wh", unit="kWh", factor="0.5").registers[1]
    assert (energy.name, energy.sources, energy.factor) == ("energy", (Source(field="e", unit="Wh"),), Decimal("0.5"))


def test_versions_follow_one_another() -> None:
    known = known_of(device(), settings={device().id: MeterSettings(own=(HEAT,))})
    with pytest.raises(InvalidRowError):
        plan_register(cells := cells_of(device=EUI, register="heat", from_="2025-01-01"), known)
    assert shown(cells) == ["from"], "the one before has no end"
    settings_after(known, register="heat", to="2025-01-01", last_value="99")
    first, second = settings_after(known, register="heat", from_="2025-01-01", first_value="3", serial="N").registers
    assert (first.to_us, first.last_value) == (parse_time("2025-01-01T00:00:00Z"), Decimal(99))
    assert (second.sources, second.unit, second.serial, second.to_us, second.last_value) == (HEAT.sources, "kWh", "N", None, None)


def test_registers_of_a_profile_become_those_of_the_device() -> None:
    known = known_of(device(), settings={device().id: MeterSettings(of_profile=(HEAT, DEFAULT_REGISTERS[0]))})
    after = settings_after(known, register="heat", serial="N", from_="2025-01-01")
    assert after.own is not None
    assert [(one.name, one.serial, one.from_us > 0) for one in after.own] == [("heat", "N", True), ("volume", None, False)]


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        ({"kind": "heat"}, ["field"]),
        ({"kind": "heat", "unit": "kWh"}, ["field"]),
        ({"register": "x", "unit": "furlong"}, ["unit"]),
        ({"unit": "furlong"}, ["unit"]),
        ({"field": "a", "field_unit": "furlong", "unit": "m3"}, ["field_unit"]),
        ({"first_value": "1"}, ["first_value"]),
        ({"from_": "2025-01-01", "to": "2024-01-01"}, ["to"]),
        ({"factor": "1,5", "decimals": "10", "kind": "gas", "role": "boss"}, ["role", "kind", "decimals", "factor"]),
    ],
)
def test_faults_name_their_columns(row: dict[str, str], columns: list[str]) -> None:
    cells = cells_of(device=EUI, **row)
    with pytest.raises(InvalidRowError):
        plan_register(cells, known_of(device()))
    assert shown(cells) == columns
