"""Values of registers and their edits over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from penstock.api.v2.meters.register_wire import ExactOrNull, Number
from penstock.api.v2.wire import Cursor, Limit, Word
from penstock.core.meters.values import EditKind, Reason, Status
from penstock.kit.wire_types import one_of

Why = Annotated[str, Meta(min_length=1, max_length=500)]


class EditCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """An edit of the value at a time. `value`, for `add` and `correct`, is in the unit in which values are listed.

    `register` is the device's first one by default. `confirm` lets a suspect value count, `void` lets none count.
    """

    kind: Literal["add", "void", "correct", "confirm"]
    time: Annotated[str, Meta(max_length=64)]
    reason: Why
    register: Word | None = None
    value: Number | None = None


class Withdrawal(Struct, frozen=True, forbid_unknown_fields=True):
    """Why an edit is withdrawn."""

    reason: Why


class Edit(Struct, frozen=True):
    """An edit: who changed which value, how and why. `value` is in `unit`; of `confirm` it is the confirmed one.

    A withdrawn edit does not count.
    """

    id: str
    register: str
    kind: Annotated[str, one_of(*EditKind)]
    time: str
    value: ExactOrNull
    unit: str
    reason: str
    author: str
    created_at: str
    withdrawn_at: str | None
    withdrawn_by: str | None
    withdrawn_reason: str | None


class EditQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for edits. `from` and `to` are times of values."""

    register: Word | None = None
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    withdrawn: bool | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class ValueQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The range and the register, by default the device's first one; of values with a status only."""

    register: Word | None = None
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None
    status: Literal["valid", "suspect", "edited", "void"] | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class CustomerValueQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The range and the status, by default suspect values; `limit` is a number of devices."""

    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None
    status: Literal["valid", "suspect", "edited", "void"] = "suspect"
    limit: Limit = 100
    cursor: Cursor | None = None


class Value(Struct, frozen=True):
    """A value of a register. `reason` says why it is suspect; `original` is what the device reported, if it did."""

    time: str
    value: ExactOrNull
    unit: str
    status: Annotated[str, one_of(*Status)]
    reason: Annotated[str | None, Meta(extra_json_schema={"enum": [*(one.value for one in Reason), None]})]
    original: Any
    edit: Edit | None


class MeterValues(Struct, frozen=True):
    """The values of one register of a device, oldest first. `has_more`: the list of the device itself has more of them."""

    device_id: str
    name: str
    register: str
    unit: str
    values: list[Value]
    has_more: bool
