"""Converts the settings of meters between wire structs and core models."""

from __future__ import annotations

from msgspec import UNSET

from penstock.api.v2.meters import settings_wire as wire
from penstock.api.v2.meters.register_translate import (
    exact_or_null,
    from_core_register,
    to_core_number,
    to_core_registers,
    to_core_single,
)
from penstock.api.v2.meters.register_wire import RegisterSet
from penstock.api.v2.ranges import parse_moment
from penstock.core.meters.definitions import Replacement
from penstock.core.meters.models import MeterRole
from penstock.core.meters.settings import MeterSettings
from penstock.core.registers.models import Register
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import converted

DEFAULT_FIELD = "consumption_m3"


def to_core_settings(body: wire.MeterSet) -> MeterSettings:
    return MeterSettings(role=MeterRole(body.role), own=_to_core_own(body))


def _to_core_own(body: wire.MeterSet) -> tuple[Register, ...] | None:
    given = [name for name in ("field", "unit", "rolls_over_at") if getattr(body, name) is not UNSET]
    if body.registers is not UNSET:
        if given:
            raise InvalidInput.field(given[0], "must not be combined with registers")
        return to_core_registers(body.registers)
    if not given:
        return None
    # A unit is that of one field; a maximum alone is that of whichever field the meter reports.
    field = DEFAULT_FIELD if body.field is UNSET and body.unit is not UNSET else body.field
    top = None if body.rolls_over_at is UNSET else body.rolls_over_at
    return to_core_single(RegisterSet(field=field, unit=body.unit, rolls_over_at=top))


def to_core_replacement(body: wire.Replacement) -> Replacement:
    return Replacement(
        register=body.register,
        at_us=parse_moment(body.at, "at"),
        last_value=converted(body.last_value, to_core_number),
        first_value=converted(body.first_value, to_core_number),
        serial=body.serial,
    )


def from_core_settings(settings: MeterSettings) -> wire.Meter:
    # The newest version of the first register: the one that a client without registers knows.
    register = settings.versions_of(settings.registers[0].name)[-1]
    return wire.Meter(
        role=settings.role.value,
        source=settings.source.value,
        field=register.sources[0].field,
        unit=register.unit,
        rolls_over_at=exact_or_null(register.rolls_over_at),
        registers=[from_core_register(one) for one in settings.registers],
    )
