"""A sensor's declaration, independent of a device: the name, unit and type of its values. Profiles and devices use it."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class ValueType(StrEnum):
    """The type of a field's values."""

    INTEGER = "integer"
    FLOAT = "float"
    STRING = "string"
    BOOLEAN = "boolean"


class NewSensor(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a new sensor. `decimals` is how many people see of its values; None: as many as were measured."""

    key: str
    name: str = ""
    unit: str = ""
    value_type: ValueType = ValueType.FLOAT
    decimals: int | None = None


def written(fact: object) -> str:
    """A field of a sensor as the audit log has it: empty if there is none."""
    return "" if fact is None else str(fact)
