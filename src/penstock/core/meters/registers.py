"""The models of registers, under the name that the calculations of meters use."""

from __future__ import annotations

from penstock.core.registers.models import (
    BEGINNING_US,
    DEFAULT_REGISTERS,
    MAX_COUNTER,
    MAX_REGISTERS,
    NANO,
    QUANTITY_OF,
    WATER_SOURCES,
    Checks,
    Estimation,
    Quantity,
    Register,
    RegisterKind,
    Source,
)

__all__ = [
    "BEGINNING_US",
    "DEFAULT_REGISTERS",
    "MAX_COUNTER",
    "MAX_REGISTERS",
    "NANO",
    "QUANTITY_OF",
    "WATER_SOURCES",
    "Checks",
    "Estimation",
    "Quantity",
    "Register",
    "RegisterKind",
    "Source",
]
