"""Validated values of a register: their status, and what people changed. Pure."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.ids import DeviceId, EditId

EARLIEST_US = 978_307_200_000_000
"""2001-01-01: no meter with a network is older, so an earlier time is that of a clock that was never set."""


class Status(StrEnum):
    """Whether a value counts. A suspect value does not, until a person confirms or corrects it."""

    VALID = "valid"
    SUSPECT = "suspect"
    EDITED = "edited"
    VOID = "void"


class Reason(StrEnum):
    """Why a value is suspect."""

    NOT_A_NUMBER = "not_a_number"
    NEGATIVE = "negative"
    OUT_OF_RANGE = "out_of_range"
    ZERO = "zero"
    FALL = "fall"
    SPIKE = "spike"
    DUPLICATE_TIME = "duplicate_time"
    CLOCK = "clock"


class EditKind(StrEnum):
    """What a person did with the value at a time."""

    ADD = "add"
    VOID = "void"
    CORRECT = "correct"
    CONFIRM = "confirm"


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """A person's decision about one value. The stored reading is never changed; a withdrawn edit is kept, and does not count.

    Units: counter in nano-units, that which is confirmed, or None for `void`.
    """

    id: EditId
    device_id: DeviceId
    register: str
    kind: EditKind
    time_us: int
    counter: int | None
    reason: str
    author: str
    created_us: int
    withdrawn_us: int | None = None
    withdrawn_by: str | None = None
    withdrawn_reason: str | None = None


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a register and what validation says about it.

    `original` is what the device reported, None if a person added the value. Units: nano-units of the quantity.
    """

    time_us: int
    counter: int | None
    status: Status
    reason: Reason | None = None
    original: object = None
    edit: Edit | None = None
