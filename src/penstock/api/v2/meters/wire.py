"""Meters and consumption on the wire of the native API. Amounts are in the meter's unit, exact to a millionth."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from penstock.api.v2.telemetry.wire import Range
from penstock.api.v2.wire import Cursor, Limit, Word
from penstock.core.meters.models import DEFAULT_FIELD, DEFAULT_UNIT

RoleName = Literal["principal", "leaf", "intermediate"]
BucketName = Literal["day", "week", "month"]
UnitName = Annotated[str, Meta(min_length=1, max_length=16)]


class Meter(Struct, frozen=True, forbid_unknown_fields=True):
    """What a device counts. `field` is its cumulative sensor; `rolls_over_at` where its counter begins at zero again."""

    field: Annotated[str, Meta(min_length=1, max_length=200)] = DEFAULT_FIELD
    unit: UnitName = DEFAULT_UNIT
    role: RoleName = "leaf"
    rolls_over_at: Annotated[int, Meta(ge=1, le=1_000_000_000_000)] | None = None


class ConsumptionQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Of when, in which buckets. `timezone` is an IANA name, the customer's if left out; a bucket that is cut is told whole."""

    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None
    bucket: BucketName = "day"
    timezone: Word | None = None
    estimate: bool = True


class TotalQuery(ConsumptionQuery, frozen=True, forbid_unknown_fields=True):
    """The same, of the meters of one role."""

    role: RoleName = "leaf"


class ListQuery(ConsumptionQuery, frozen=True, forbid_unknown_fields=True):
    """The same, meter by meter: all, or those of one role."""

    role: RoleName | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class FileQuery(ConsumptionQuery, frozen=True, forbid_unknown_fields=True):
    """The same as a file."""

    role: RoleName | None = None


class DaysQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Of which days."""

    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None
    timezone: Word | None = None


class HintsQuery(DaysQuery, frozen=True, forbid_unknown_fields=True):
    """Of which days, a page at a time."""

    limit: Limit = 100
    cursor: Cursor | None = None


class Amount(Struct, frozen=True):
    """Consumption of a bucket. `quality` is that of its least certain day; `not_measured` the part that is not."""

    start: str
    end: str
    consumption: float | None
    not_measured: float
    quality: str
    missing_days: int


class Event(Struct, frozen=True):
    """A counter that fell: another one (`reset`) or full (`rollover`). `detected`: guessed from its digits."""

    kind: str
    time: str
    before: float
    after: float
    detected: bool


class DeviceConsumption(Struct, frozen=True):
    """What a meter counted."""

    device_id: str
    unit: str
    bucket: str
    timezone: str
    data: list[Amount]
    events: list[Event]
    query: Range


class CustomerConsumption(Struct, frozen=True):
    """What the meters of one role counted together."""

    customer_id: str
    role: str
    meters: int
    bucket: str
    timezone: str
    data: list[Amount]
    query: Range


class MeterRow(Struct, frozen=True):
    """One meter of a customer."""

    device_id: str
    name: str
    role: str
    unit: str
    data: list[Amount]
    events: list[Event]


class MeterRows(Struct, frozen=True):
    """Meters of a customer, by device."""

    data: list[MeterRow]
    next_cursor: str | None
    bucket: str
    timezone: str
    query: Range


class BalanceDay(Struct, frozen=True):
    """A day: what the principal meters counted, what the leaves did, and what is between.

    Only leaves measured on that day and the day before count; `leaves_estimated` is what the others usually take.
    `notable` is more than 15 % of the day.
    """

    start: str
    end: str
    principal: float | None
    leaves: float
    unmetered: float | None
    notable: bool
    leaves_measured: int
    leaves_silent: int
    leaves_estimated: float


class BalanceDays(Struct, frozen=True):
    """Days of a balance."""

    customer_id: str
    timezone: str
    data: list[BalanceDay]
    query: Range


class LeakHint(Struct, frozen=True):
    """Whether water never stands still between 02:00 and 05:00. `least_per_hour` is the smallest flow of such nights."""

    device_id: str
    suspected: bool
    nights: int
    nights_flowing: int
    least_per_hour: float | None
    timezone: str


class LeakHints(Struct, frozen=True):
    """Hints for the meters of a customer, by device."""

    data: list[LeakHint]
    next_cursor: str | None
