"""A sensor before it is any device's: name, unit and type of its values. Profiles and devices declare sensors so."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class ValueType(StrEnum):
    """What kind of value a field holds."""

    INTEGER = "integer"
    FLOAT = "float"
    STRING = "string"
    BOOLEAN = "boolean"


class NewSensor(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to declare a sensor."""

    key: str
    name: str = ""
    unit: str = ""
    value_type: ValueType = ValueType.FLOAT
