"""Registers over the native API, exactly as on the wire. Profiles have them too."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.wire import Word
from penstock.core.registers.models import Estimation, RegisterKind
from penstock.kit.wire_types import Moment, one_of

KindName = Literal["volume", "reverse_volume", "energy", "reverse_energy", "heat", "cooling", "count"]
EstimationName = Literal["linear", "profile"]
UnitName = Annotated[str, Meta(min_length=1, max_length=16)]
FieldName = Annotated[str, Meta(min_length=1, max_length=200)]
Digits = Annotated[
    str, Meta(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,12})?$(?!\n)", extra={"form": 'a decimal number such as "184.327"'})
]
Number = int | float | Digits
"""An exact number: a JSON number, or a string with its digits where a JSON number would be rounded."""
Exact = Annotated[msgspec.Raw, Meta(extra_json_schema={"type": "number"}, description="An exact decimal.")]
ExactOrNull = Annotated[msgspec.Raw, Meta(extra_json_schema={"type": ["number", "null"]}, description="An exact decimal.")]


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """A field of readings that holds the counter, by its dot path, and its unit."""

    field: FieldName
    unit: UnitName


class ChecksSet(Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of validation; null is the default. `max_flow` and `noise` are in the register's unit (per hour)."""

    max_flow: Number | None = None
    noise: Number | None = None
    frozen_after_s: Annotated[int, Meta(ge=60, le=31_536_000)] | None = None
    estimation: EstimationName = "linear"


class RegisterSet(Struct, frozen=True, forbid_unknown_fields=True):
    """A version of a register: what it counts, where, and from when to when.

    Set `sources`, or `field` and `unit` for a single one; a register of volume without any has those of usual water meters.
    `unit` is the unit of results, by default that of the first source. `factor` is what one step of the counter is, in the
    source's unit. `rolls_over_at`, `first_value` and `last_value` are in the meter's own digits. Results on invoices
    have at least `decimals` places.
    """

    name: Word | None = None
    kind: KindName | None = None
    sources: Annotated[list[Source], Meta(min_length=1, max_length=16)] | UnsetType = UNSET
    field: FieldName | UnsetType = UNSET
    unit: UnitName | UnsetType = UNSET
    factor: Number = 1
    decimals: Annotated[int, Meta(ge=0, le=9)] = 3
    rolls_over_at: Number | None = None
    serial: Word | None = None
    checks: ChecksSet = ChecksSet()
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    first_value: Number | None = None
    last_value: Number | None = None


Registers = Annotated[list[RegisterSet], Meta(max_length=64)]


class Checks(Struct, frozen=True):
    """The settings of validation; null is the default."""

    max_flow: ExactOrNull
    noise: ExactOrNull
    frozen_after_s: int | None
    estimation: Annotated[str, one_of(*Estimation)]


class Register(Struct, frozen=True):
    """A version of a register, valid from `from` (null: the beginning) to `to` (null: without an end)."""

    name: str
    kind: Annotated[str, one_of(*RegisterKind)]
    sources: list[Source]
    unit: str
    factor: Exact
    decimals: int
    rolls_over_at: ExactOrNull
    serial: str | None
    checks: Checks
    from_: Moment | None = msgspec.field(name="from")
    to: Moment | None
    first_value: ExactOrNull
    last_value: ExactOrNull
