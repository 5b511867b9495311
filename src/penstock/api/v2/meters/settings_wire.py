"""The settings of meters over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.meters.register_wire import ExactOrNull, FieldName, Number, Register, RegisterSet, UnitName
from penstock.api.v2.wire import Word
from penstock.core.meters.models import MeterRole
from penstock.core.meters.settings import SettingsSource
from penstock.kit.wire_types import one_of

RoleName = Literal["principal", "leaf", "intermediate"]


class MeterSet(Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of a meter: its role, and its registers, or the field, unit and maximum of its only one.

    Without registers and without these three it has the registers of its profile.
    """

    role: RoleName = "leaf"
    field: FieldName | UnsetType = UNSET
    unit: UnitName | UnsetType = UNSET
    rolls_over_at: Number | UnsetType | None = UNSET
    registers: Annotated[list[RegisterSet], Meta(min_length=1, max_length=64)] | UnsetType = UNSET


class Meter(Struct, frozen=True):
    """The settings of a meter. `field`, `unit` and `rolls_over_at` are those of the first register.

    `source` says whose registers these are: the device's own, its profile's, or the default ones.
    """

    role: Annotated[str, one_of(*MeterRole)]
    source: Annotated[str, one_of(*SettingsSource)]
    field: str
    unit: str
    rolls_over_at: ExactOrNull
    registers: list[Register]


class Replacement(Struct, frozen=True, forbid_unknown_fields=True):
    """Another meter behind a register: when, the last value of the old one, the first value and serial number of the new one."""

    register: Word
    at: Annotated[str, Meta(max_length=64)]
    last_value: Number | None = None
    first_value: Number | None = None
    serial: Word | None = None
