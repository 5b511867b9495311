"""Meters and consumption over the native API, exactly as on the wire. Amounts are in the meter's unit, exact to a millionth."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from penstock.api.v2.telemetry.wire import Range
from penstock.api.v2.wire import Cursor, Limit, Word
from penstock.core.meters.models import DEFAULT_FIELD, DEFAULT_UNIT, EventKind, MeterRole
from penstock.kit.wire_types import one_of

RoleName = Literal["principal", "leaf", "intermediate"]
BucketName = Literal["day", "week", "month"]
UnitName = Annotated[str, Meta(min_length=1, max_length=16)]


class Meter(Struct, frozen=True, forbid_unknown_fields=True):
    """The meter settings of a device. `field` is its cumulative sensor; at `rolls_over_at` its counter restarts at zero."""

    field: Annotated[str, Meta(min_length=1, max_length=200)] = DEFAULT_FIELD
    unit: UnitName = DEFAULT_UNIT
    role: RoleName = "leaf"
    rolls_over_at: Annotated[int, Meta(ge=1, le=1_000_000_000_000)] | None = None


class ConsumptionQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The range and the buckets. `timezone` is an IANA name, by default the customer's. A bucket is always returned whole."""

    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None
    bucket: BucketName = "day"
    timezone: Word | None = None
    estimate: bool = True


class TotalQuery(ConsumptionQuery, frozen=True, forbid_unknown_fields=True):
    """The range and the buckets, for the meters of one role."""

    role: RoleName = "leaf"


class ListQuery(ConsumptionQuery, frozen=True, forbid_unknown_fields=True):
    """The range and the buckets, by meter: for all meters, or those of one role."""

    role: RoleName | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class FileQuery(ConsumptionQuery, frozen=True, forbid_unknown_fields=True):
    """The range and the buckets of a file."""

    role: RoleName | None = None


class DaysQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The range of days."""

    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None
    timezone: Word | None = None


class HintsQuery(DaysQuery, frozen=True, forbid_unknown_fields=True):
    """The range of days, one page at a time."""

    limit: Limit = 100
    cursor: Cursor | None = None


class Amount(Struct, frozen=True):
    """The consumption of a bucket. `quality` is that of its least certain day; `not_measured` is the part without readings."""

    start: str
    end: str
    consumption: float | None
    not_measured: float
    quality: str
    missing_days: int


class Event(Struct, frozen=True):
    """A decrease of the counter: a replacement (`reset`) or a `rollover`. `detected`: inferred from its digits."""

    kind: Annotated[str, one_of(*EventKind)]
    time: str
    before: float
    after: float
    detected: bool


class DeviceConsumption(Struct, frozen=True):
    """The consumption of a meter."""

    device_id: str
    unit: str
    bucket: str
    timezone: str
    data: list[Amount]
    events: list[Event]
    query: Range


class CustomerConsumption(Struct, frozen=True):
    """The total consumption of the meters of one role."""

    customer_id: str
    role: Annotated[str, one_of(*MeterRole)]
    meters: int
    bucket: str
    timezone: str
    data: list[Amount]
    query: Range


class MeterRow(Struct, frozen=True):
    """The consumption of one meter of a customer."""

    device_id: str
    name: str
    role: Annotated[str, one_of(*MeterRole)]
    unit: str
    data: list[Amount]
    events: list[Event]


class MeterRows(Struct, frozen=True):
    """The consumption of a customer's meters, by device."""

    data: list[MeterRow]
    next_cursor: str | None
    bucket: str
    timezone: str
    query: Range


class BalanceDay(Struct, frozen=True):
    """One day: the consumption at the principal meters and at the leaves, and the difference.

    Only leaves measured on that day and the day before count; `leaves_estimated` is the usual consumption of the others.
    `notable`: the difference is more than 15 % of the day's consumption.
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
    """The days of a balance."""

    customer_id: str
    timezone: str
    data: list[BalanceDay]
    query: Range


class LeakHint(Struct, frozen=True):
    """Whether the flow never stops between 02:00 and 05:00. `least_per_hour` is the smallest flow of such nights."""

    device_id: str
    suspected: bool
    nights: int
    nights_flowing: int
    least_per_hour: float | None
    timezone: str


class LeakHints(Struct, frozen=True):
    """The leak hints of a customer's meters, by device."""

    data: list[LeakHint]
    next_cursor: str | None
