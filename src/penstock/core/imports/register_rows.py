"""Plans a row of registers: a version of a register of a device, by its device, name and beginning. Pure."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import msgspec

from penstock.core.imports.cells import Cells
from penstock.core.imports.finding import find_device
from penstock.core.imports.known import Known
from penstock.core.imports.models import Outcome, Planned, SetMeter
from penstock.core.meters.definitions import MAX_DECIMALS, check_registers, kind_of_unit
from penstock.core.meters.models import MeterRole
from penstock.core.meters.settings import MeterSettings
from penstock.core.registers.models import BEGINNING_US, WATER_SOURCES, Register, RegisterKind, Source
from penstock.kit.errors import InvalidInput

_NUMBERS = ("factor", "rolls_over_at", "first_value", "last_value")
_COLUMNS = (
    "field",
    "field_unit",
    "unit",
    "factor",
    "decimals",
    "rolls_over_at",
    "from",
    "to",
    "first_value",
    "last_value",
    "kind",
)


def plan_register(cells: Cells, known: Known) -> Planned:
    """What a row of registers leads to. An empty cell leaves a version as it is; a new one takes it over from the one before.

    Raises:
        InvalidRowError.
    """
    device = find_device(cells, known)
    role = cells.choice("role", MeterRole)
    given = _given(cells)
    name = _name(cells)
    cells.check()
    assert device is not None
    before = known.settings.get(device.id, MeterSettings())
    # A row that has no more than a role leaves the registers to the profile.
    registers = _registers(cells, before, name, given) if given or cells.raw("register") else before.registers
    cells.check()
    own = before.own if registers == before.registers else registers
    after = msgspec.structs.replace(before, role=role or before.role, own=own)
    if after == before:
        return Planned(Outcome.UNCHANGED, device.name)
    is_new = own != before.own and len(registers) > len(before.own or before.of_profile)
    return Planned(Outcome.MADE if is_new else Outcome.UPDATED, device.name, SetMeter(device.id, after))


def _given(cells: Cells) -> dict[str, Any]:
    """The fields of a version that the row sets; `field` and `field_unit` are its source."""
    fields: dict[str, Any] = {
        "kind": cells.choice("kind", RegisterKind),
        "unit": cells.text("unit", 16),
        "field": cells.text("field", 200),
        "field_unit": cells.text("field_unit", 16),
        "decimals": cells.whole("decimals", 0, MAX_DECIMALS),
        "serial": cells.text("serial", 64),
        "from_us": cells.moment("from", UTC),
        "to_us": cells.moment("to", UTC),
    }
    fields |= {name: cells.decimal(name) for name in _NUMBERS}
    return {name: value for name, value in fields.items() if value is not None}


def _name(cells: Cells) -> str:
    """The name of the register: as in single calls, its kind if it has none, and that of its unit if it has no kind."""
    name, unit = cells.text("register", 64), cells.raw("unit") or cells.raw("field_unit")
    if name or cells.raw("kind") or not unit:
        return name or cells.raw("kind").lower() or RegisterKind.VOLUME.value
    try:
        return kind_of_unit(unit, "unit").value
    except InvalidInput as error:
        cells.fail("unit" if cells.raw("unit") else "field_unit", error.errors[0].detail)
        return ""


def _registers(cells: Cells, before: MeterSettings, name: str, given: dict[str, Any]) -> tuple[Register, ...]:
    """The registers of the device with the version of the row."""
    registers = before.own or before.of_profile
    versions = [one for one in registers if one.name == name]
    old = _meant(versions, given.get("from_us"), is_own=before.own is not None)
    try:
        new = _changed(old, given) if old is not None else _new(name, given, versions)
        found = tuple(new if one is old else one for one in registers) if old is not None else (*registers, new)
        check_registers(found)
    except InvalidInput as error:
        _fail(cells, error)
    else:
        return found
    return registers


def _meant(versions: list[Register], from_us: int | None, *, is_own: bool) -> Register | None:
    """The version that a row is about; None if it is a new one."""
    if len(versions) == 1:
        only = versions[0]
        # The profile cannot know when the meter of this device was mounted.
        if from_us in (None, only.from_us) or (not is_own and only.from_us == BEGINNING_US):
            return only
    return next((one for one in versions if one.from_us == (from_us or BEGINNING_US)), None)


def _changed(old: Register, given: dict[str, Any]) -> Register:
    changes = {name: value for name, value in given.items() if name not in ("field", "field_unit")}
    if "field" in given or "field_unit" in given:
        first = old.sources[0]
        source = Source(field=given.get("field", first.field), unit=given.get("field_unit", first.unit))
        if source != first:
            changes["sources"] = (source,)
    return msgspec.structs.replace(old, **changes)


def _new(name: str, given: dict[str, Any], versions: list[Register]) -> Register:
    """A new version; the one before it has the same source and unit."""
    earlier = [one for one in versions if one.from_us < given.get("from_us", BEGINNING_US)]
    if earlier:
        last = max(earlier, key=lambda one: one.from_us)
        fresh = {"from_us": given["from_us"], "to_us": None, "serial": None, "first_value": None, "last_value": None}
        return _changed(msgspec.structs.replace(last, **fresh), given)
    unit = given.get("unit") or given.get("field_unit") or "m3"
    kind = given.get("kind") or kind_of_unit(unit, "unit")
    if "field" not in given and kind is not RegisterKind.VOLUME:
        raise InvalidInput.field("field", "is required for this kind", "required")
    sources = (Source(field=given["field"], unit=given.get("field_unit", unit)),) if "field" in given else WATER_SOURCES
    others = {key: value for key, value in given.items() if key not in ("field", "field_unit", "unit", "kind")}
    return Register(name=name, kind=kind, sources=sources, unit=unit, **others)


def _fail(cells: Cells, error: InvalidInput) -> None:
    for one in error.errors:
        one.field = one.field.replace("sources[0].unit", "field_unit").replace("sources[0].field", "field")
    cells.fail_by(error, _COLUMNS)
