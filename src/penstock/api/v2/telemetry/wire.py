"""Readings, ranges and aggregates over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from penstock.api.v2.wire import Cursor, Name
from penstock.kit.ids import Seq
from penstock.kit.wire_types import Moment


class Range(Struct, frozen=True):
    """The requested range, and the range that the plan's retention allows."""

    requested_from: Moment
    requested_to: Moment
    from_: Moment = msgspec.field(name="from")
    to: Moment
    retention_days: int | None


class Reading(Struct, frozen=True):
    """A reading. `data` is the payload as sent, or the requested values."""

    id: str
    seq: Seq
    device_id: str
    time: str
    received_at: str
    kind: str
    channel: str | None
    backfill: bool
    data: msgspec.Raw | dict[str, object]


class Latest(Struct, frozen=True):
    """The latest reading of a device; null if it has none."""

    data: Reading | None


class LatestQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How to select the latest reading: by `event` (when it was measured) or by `arrival` (when it was received)."""

    by: Literal["event", "arrival"] = "event"


class LatestOfMany(Struct, frozen=True):
    """The latest readings of several devices, in the order of the request. Devices without one are left out."""

    data: list[Reading]


class LatestOfManyQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The devices, separated by commas, and how to select the latest reading of each: by `event` or by `arrival`."""

    devices: Annotated[str, Meta(min_length=1, max_length=6_400)]
    by: Literal["event", "arrival"] = "event"


class History(Struct, frozen=True):
    """A page of readings, with their range."""

    data: list[Reading]
    next_cursor: str | None
    query: Range


class HistoryQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The range of readings. `from` and `to` are times, or `range` is a length such as `24h` that ends now or at `to`."""

    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None
    fields: str | None = None
    order: Literal["asc", "desc"] = "desc"
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 100
    cursor: Cursor | None = None


class AggregateQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Buckets of time. `bucket` is fixed (`10s` … `1d`) or of the calendar (`hour` … `year`) in `timezone`.

    Without `fields`, `fields_after` continues with the fields whose names follow this one.
    """

    bucket: Annotated[str, Meta(max_length=16)] = "1h"
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None
    timezone: Annotated[str, Meta(max_length=64)] = "UTC"
    fields: str | None = None
    fields_after: Annotated[str, Meta(max_length=65_536)] | None = None
    functions: str = "avg"
    empty: bool = False


class BucketOut(Struct, frozen=True):
    """One bucket: by sensor, then by function. In a bucket without readings count is 0 and all else is null."""

    start: str
    end: str
    values: dict[str, dict[str, object]]


class Aggregated(Struct, frozen=True):
    """Buckets, with their range. `truncated`: the readings have more fields, which follow `next_fields_after`."""

    data: list[BucketOut]
    bucket: str
    timezone: str
    query: Range
    truncated: bool
    next_fields_after: str | None


class ThinQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The sensor, the range and the number of points."""

    field: Name
    points: Annotated[int, Meta(ge=3, le=10_000)] = 500
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None


class ThinPoint(Struct, frozen=True):
    """One measured value that was selected for the chart."""

    time: str
    value: float


class Thinned(Struct, frozen=True):
    """The selected points, with their range."""

    data: list[ThinPoint]
    field: str
    query: Range


class ExportQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """All readings of a range as a file, oldest first."""

    format: Literal["csv", "ndjson"] = "csv"
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None
    fields: str | None = None
