"""Alarms of meters over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from penstock.api.v2.wire import Cursor, Id, Limit, Text
from penstock.core.meter_alarms.models import AlarmKind, AlarmState, EndReason
from penstock.kit.wire_types import Moment, one_of

KindName = Literal["continuous_flow", "burst", "back_flow", "frozen", "low_battery", "tamper"]
StateName = Literal["open", "closed"]
Time = Annotated[str, Meta(max_length=40)]
Field = Annotated[str, Meta(min_length=1, max_length=200)]
Fields = Annotated[tuple[Field, ...], Meta(min_length=1, max_length=32)]
Amount = Annotated[float, Meta(gt=0, le=1_000_000)]


class MeterAlarm(Struct, frozen=True):
    """An alarm of a meter, from the reading that shows its condition to the one that shows its end.

    `since`, `last_seen_at` and `until` are times of readings, `opened_at` and `closed_at` those at which the server found out.
    `value` is what was measured, compared with `threshold`, in `unit`; `field` is the value of the reading that shows it.
    `customer_id` and `resident_id` are those of the device at `since`; they and `device_name` remain when the device is deleted.
    `message` says in a sentence what is wrong. `end_reason`: a reading showed the end (`condition`), none showed it any longer
    (`silent`), settings disabled its kind (`disabled`), or the device was deleted (`device_deleted`).
    """

    id: str
    device_id: str
    device_name: str
    customer_id: str | None
    resident_id: str | None
    kind: Annotated[str, one_of(*AlarmKind)]
    register: str | None
    state: Annotated[str, one_of(*AlarmState)]
    message: str
    since: Moment
    last_seen_at: str
    until: Moment | None
    opened_at: str
    closed_at: str | None
    end_reason: Annotated[str, one_of(*EndReason)] | None
    value: int | float | bool | str | None
    threshold: float | None
    unit: str
    field: str | None
    acknowledged_at: str | None
    acknowledged_by: str | None
    note: str | None


class OwnMeterAlarm(Struct, frozen=True):
    """An alarm of one of the caller's meters. `message` says in a sentence what is wrong.

    One that began before the device was assigned to the caller has `since` from then on, and no measured `value`.
    """

    id: str
    device_id: str
    device_name: str
    kind: Annotated[str, one_of(*AlarmKind)]
    state: Annotated[str, one_of(*AlarmState)]
    message: str
    since: Moment
    last_seen_at: str
    until: Moment | None
    value: int | float | bool | str | None
    threshold: float | None
    unit: str


class MeterAlarmQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for meter alarms. `from` (included) and `to` (excluded) bound the beginning, `since`."""

    device_id: Id | None = None
    customer_id: Id | None = None
    kind: KindName | None = None
    state: StateName | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class OwnMeterAlarmQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for the caller's meter alarms."""

    device_id: Id | None = None
    kind: KindName | None = None
    state: StateName | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class AcknowledgeAlarm(Struct, frozen=True, forbid_unknown_fields=True):
    """An acknowledgement, with an optional note for other users."""

    note: Text | None = None


class ContinuousFlow(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The flow never stopped for `hours`, with at least hourly readings."""

    enabled: bool | None = None
    hours: Annotated[int, Meta(ge=1, le=168)] | None = None


class Burst(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The flow was above `flow` at two readings in a row, in m³ per hour."""

    enabled: bool | None = None
    flow: Amount | None = None


class BackFlow(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """More than `volume` flowed back within 24 hours, in m³."""

    enabled: bool | None = None
    volume: Amount | None = None


class Frozen(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A counter that had moved has not moved for `days`."""

    enabled: bool | None = None
    days: Annotated[int, Meta(ge=1, le=365)] | None = None


class LowBattery(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The battery is below `percent` or `volts`, whichever the device reports in one of `fields`."""

    enabled: bool | None = None
    percent: Annotated[float, Meta(gt=0, le=100)] | None = None
    volts: Annotated[float, Meta(gt=0, le=5)] | None = None
    fields: Fields | None = None


class Tamper(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One of `fields` is true. A field may end in `.*`: everything below it."""

    enabled: bool | None = None
    fields: Fields | None = None


class AlarmSettings(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The settings of alarms by kind. What is omitted comes from the profile, or else from the defaults."""

    continuous_flow: ContinuousFlow = ContinuousFlow()
    burst: Burst = Burst()
    back_flow: BackFlow = BackFlow()
    frozen: Frozen = Frozen()
    low_battery: LowBattery = LowBattery()
    tamper: Tamper = Tamper()


class WatchedSettings(Struct, frozen=True):
    """The settings of alarms: `own` are set here, `effective` are those that apply."""

    own: AlarmSettings
    effective: AlarmSettings
