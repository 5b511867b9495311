"""Consumption over the native API, exactly as on the wire. Amounts are exact decimals in the `unit` next to them."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from penstock.api.v2.meters.register_wire import Exact, ExactOrNull, KindName
from penstock.api.v2.meters.settings_wire import RoleName
from penstock.api.v2.telemetry.wire import Range
from penstock.api.v2.wire import Cursor, Limit, Word
from penstock.core.meters.models import EventKind, MeterRole, Method, Quality
from penstock.core.registers.models import RegisterKind
from penstock.kit.wire_types import one_of

BucketName = Literal["day", "week", "month"]


class ConsumptionQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The range and the buckets. `timezone` is an IANA name, by default the customer's. A bucket is always returned whole."""

    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None
    bucket: BucketName = "day"
    timezone: Word | None = None
    estimate: bool = True


class RegisterQuery(ConsumptionQuery, frozen=True, forbid_unknown_fields=True):
    """The range and the buckets, for one register of the device, by default its first."""

    register: Word | None = None


class TotalQuery(ConsumptionQuery, frozen=True, forbid_unknown_fields=True):
    """The range and the buckets, for the registers of one kind at the meters of one role."""

    role: RoleName = "leaf"
    kind: KindName = "volume"


class ListQuery(ConsumptionQuery, frozen=True, forbid_unknown_fields=True):
    """The range and the buckets, by meter: for all meters, or those of one role, and registers of one kind."""

    role: RoleName | None = None
    kind: KindName = "volume"
    limit: Limit = 100
    cursor: Cursor | None = None


class FileQuery(ConsumptionQuery, frozen=True, forbid_unknown_fields=True):
    """The range and the buckets of a file."""

    role: RoleName | None = None
    kind: KindName = "volume"


class DaysQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The range of days."""

    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None
    timezone: Word | None = None


class BalanceQuery(DaysQuery, frozen=True, forbid_unknown_fields=True):
    """The range of days, for registers of one kind."""

    kind: KindName = "volume"


class HintQuery(DaysQuery, frozen=True, forbid_unknown_fields=True):
    """The range of days, for one register of the device, by default its first."""

    register: Word | None = None


class HintsQuery(DaysQuery, frozen=True, forbid_unknown_fields=True):
    """The range of days, one page at a time."""

    limit: Limit = 100
    cursor: Cursor | None = None


class Amount(Struct, frozen=True):
    """The consumption of a bucket.

    `quality` is that of its least certain day: `measured`; `partial`, the first day of the meter; `interpolated`, in a gap;
    `estimated`, after the last value; or `missing`. `not_measured` is the part without readings, and `method` how that was
    computed (`mixed`: in several ways). `suspects` values were held out until a person decides about them.

    Units: consumption and not_measured in the `unit` next to the buckets.
    """

    start: str
    end: str
    consumption: ExactOrNull
    not_measured: Exact
    quality: Annotated[str, one_of(*Quality)]
    method: Annotated[str | None, Meta(extra_json_schema={"enum": [*(one.value for one in Method), "mixed", None]})]
    missing_days: int
    suspects: int


class Event(Struct, frozen=True):
    """A decrease of the counter: a replacement (`reset`) or a `rollover`. `detected`: inferred from its digits.

    Units: before and after in the register's unit.
    """

    kind: Annotated[str, one_of(*EventKind)]
    time: str
    before: Exact
    after: Exact
    detected: bool


class DeviceConsumption(Struct, frozen=True):
    """The consumption of a register of a meter."""

    device_id: str
    register: str
    kind: Annotated[str, one_of(*RegisterKind)]
    unit: str
    bucket: str
    timezone: str
    data: list[Amount]
    events: list[Event]
    query: Range


class CustomerConsumption(Struct, frozen=True):
    """The total consumption of one kind at the meters of one role, in the base unit of its quantity."""

    customer_id: str
    role: Annotated[str, one_of(*MeterRole)]
    kind: Annotated[str, one_of(*RegisterKind)]
    unit: str
    meters: int
    bucket: str
    timezone: str
    data: list[Amount]
    query: Range


class MeterRow(Struct, frozen=True):
    """The consumption of one register of a meter while it was at the customer's."""

    device_id: str
    name: str
    role: Annotated[str, one_of(*MeterRole)]
    register: str
    kind: Annotated[str, one_of(*RegisterKind)]
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
    principal: ExactOrNull
    leaves: Exact
    unmetered: ExactOrNull
    notable: bool
    leaves_measured: int
    leaves_silent: int
    leaves_estimated: Exact


class BalanceDays(Struct, frozen=True):
    """The days of a balance, in the base unit of the quantity."""

    customer_id: str
    kind: Annotated[str, one_of(*RegisterKind)]
    unit: str
    timezone: str
    data: list[BalanceDay]
    query: Range


class LeakHint(Struct, frozen=True):
    """Whether the flow never stops between 02:00 and 05:00.

    `nights` are the conclusive ones, of which the flow never stopped in `nights_flowing`. `least_per_hour` is the smallest flow
    of those, in `unit` per hour.
    """

    device_id: str
    register: str
    suspected: bool
    nights: int
    nights_flowing: int
    least_per_hour: ExactOrNull
    unit: str
    timezone: str


class LeakHints(Struct, frozen=True):
    """The leak hints of a customer's meters, by device."""

    data: list[LeakHint]
    next_cursor: str | None
