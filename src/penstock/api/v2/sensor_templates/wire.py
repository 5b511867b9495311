"""Sensor templates over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.devices.wire import Decimals, ValueTypeName
from penstock.api.v2.wire import Name, Text
from penstock.core.sensor import ValueType
from penstock.kit.wire_types import one_of

Unit = Annotated[str, Meta(max_length=32)]


class SensorTemplateCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A sensor template to create. `key` is the normalised name of the value, as in readings.

    `decimals` is how many of its values' decimals people see; null: as many as were measured.
    """

    name: Name
    key: Name
    unit: Unit = ""
    value_type: ValueTypeName = "float"
    decimals: Decimals | None = None
    description: Text = ""


class SensorTemplatePatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a sensor template: omitted fields are unchanged, null clears `decimals`."""

    name: Name | UnsetType = UNSET
    key: Name | UnsetType = UNSET
    unit: Unit | UnsetType = UNSET
    value_type: ValueTypeName | UnsetType = UNSET
    decimals: Decimals | UnsetType | None = UNSET
    description: Text | UnsetType = UNSET


class SensorTemplate(Struct, frozen=True):
    """A sensor to declare on devices. Templates of the `system` cannot be changed and have no times."""

    id: str
    name: str
    key: str
    unit: str
    value_type: Annotated[str, one_of(*ValueType)]
    decimals: int | None
    description: str
    system: bool
    created_at: str | None
    updated_at: str | None
