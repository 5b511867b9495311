"""Sensor templates."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from penstock.core.sensor import ValueType
from penstock.kit.ids import SensorTemplateId


class SensorTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A sensor to declare on devices. `key` is the normalised name of the value. Those of the system have no times."""

    id: SensorTemplateId
    name: str
    key: str
    unit: str
    value_type: ValueType
    decimals: int | None = None
    description: str = ""
    system: bool = False
    created_us: int | None = None
    updated_us: int | None = None


class NewSensorTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a new template."""

    name: str
    key: str
    unit: str = ""
    value_type: ValueType = ValueType.FLOAT
    decimals: int | None = None
    description: str = ""


class SensorTemplatePatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change: an UNSET field is unchanged."""

    name: str | UnsetType = UNSET
    key: str | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    value_type: ValueType | UnsetType = UNSET
    decimals: int | UnsetType | None = UNSET
    description: str | UnsetType = UNSET


class SensorDraft(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a sensor that a caller gives; a template has the others."""

    key: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    value_type: ValueType | UnsetType = UNSET
    decimals: int | UnsetType | None = UNSET
