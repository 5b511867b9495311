"""SiliconWit's structs, exactly as on the wire: names, order and nulls are the vendor's.

Queries ignore unknown fields, as the vendor's do.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from penstock.core.devices.models import DeviceStatus
from penstock.core.notifications.models import Severity
from penstock.kit.wire_types import Moment, one_of

RangeWord = Literal["1h", "6h", "24h", "7d", "30d"]
_MAX_OFFSET = 2_147_483_647


class DevicesQuery(Struct, frozen=True):
    """Filter and page for devices."""

    limit: Annotated[int, Meta(ge=1, le=100, description="Results per page.")] = 50
    offset: Annotated[int, Meta(ge=0, le=_MAX_OFFSET, description="Number of results to skip.")] = 0
    status: Annotated[Literal["active", "paused"], Meta(description="Only devices with this status.")] | None = None


class TelemetryQuery(Struct, frozen=True):
    """The range and the number of readings."""

    range: Annotated[RangeWord, Meta(description="The length of the range, which ends now.")] = "24h"
    limit: Annotated[int, Meta(ge=1, le=1000, description="Maximum number of readings, newest first.")] = 100


class AlertsQuery(Struct, frozen=True):
    """The page of the list of alerts."""

    limit: Annotated[int, Meta(ge=1, le=100, description="Results per page.")] = 50
    offset: Annotated[int, Meta(ge=0, le=_MAX_OFFSET, description="Number of results to skip.")] = 0


class AlertHistoryQuery(Struct, frozen=True):
    """The number of events."""

    limit: Annotated[int, Meta(ge=1, le=100, description="Maximum number of events, newest first.")] = 50


class Pagination(Struct, frozen=True):
    """The position of a page in a list. `total` is the number of results that match the filter."""

    total: int
    limit: int
    offset: int


class Device(Struct, frozen=True):
    """A device. `last_seen` is null before its first reading.

    Units: times are ISO 8601 in UTC with whole seconds, here and in all other structs.
    """

    id: str
    name: str
    type: str
    description: str
    status: Annotated[str, one_of(*DeviceStatus)]
    settings: dict[str, object]
    last_seen: Moment | None
    created_at: str
    updated_at: str


class Devices(Struct, frozen=True):
    """A page of devices."""

    data: list[Device]
    pagination: Pagination


class OneDevice(Struct, frozen=True):
    """One device."""

    data: Device


class Reading(Struct, frozen=True):
    """A reading. `data` contains the values as the device sent them."""

    id: str
    time: str
    data: msgspec.Raw


class Latest(Struct, frozen=True):
    """The most recent reading of a device; null if there is none."""

    data: Reading | None


class HistoryEcho(Struct, frozen=True):
    """The query as it was executed. `range` is shorter than `requested_range` if the plan's retention is shorter."""

    device_id: str
    requested_range: str
    range: str
    limit: int
    data_retention_days: int


class History(Struct, frozen=True):
    """Readings of a device, newest first, with the query."""

    data: list[Reading]
    query: HistoryEcho


class Condition(Struct, frozen=True):
    """The condition of an alert. `value` is a pair for `between` and `outside`."""

    field: str
    operator: str
    value: int | float | bool | str | list[float] | None


class Alert(Struct, frozen=True):
    """An alert. `device_id` is null unless it monitors exactly one device; `cooldown` is in seconds."""

    id: str
    device_id: str | None
    name: str
    condition: Condition
    actions: list[str]
    severity: Annotated[str, one_of(*Severity)]
    enabled: bool
    cooldown: int
    last_triggered: Moment | None
    created_at: str
    updated_at: str


class Alerts(Struct, frozen=True):
    """A page of alerts."""

    data: list[Alert]
    pagination: Pagination


class OneAlert(Struct, frozen=True):
    """One alert."""

    data: Alert


class AlertEvent(Struct, frozen=True):
    """One time an alert was triggered."""

    id: str
    device_id: str
    condition_value: int | float | bool | str | None
    severity: Annotated[str, one_of(*Severity)]
    acknowledged: bool
    acknowledged_at: str | None
    triggered_at: str


class AlertHistory(Struct, frozen=True):
    """Events of an alert, newest first."""

    data: list[AlertEvent]


class PlanUsage(Struct, frozen=True):
    """The plan and its period, which is a calendar month in UTC."""

    plan: str
    status: Annotated[str, one_of("active")]
    device_limit: int
    data_retention_days: int
    current_period_start: Moment
    current_period_end: Moment


class DeviceUsage(Struct, frozen=True):
    """The number of devices, and the plan's limit."""

    total: int
    active: int
    paused: int
    limit: int


class TelemetryUsage(Struct, frozen=True):
    """Values stored in the last 24 hours, starting at a whole hour."""

    data_points_24h: int


class AlertUsage(Struct, frozen=True):
    """The number of alerts."""

    total: int
    active: int


class Usage(Struct, frozen=True):
    """The account's usage of its plan."""

    plan: PlanUsage
    devices: DeviceUsage
    telemetry: TelemetryUsage
    alerts: AlertUsage


class OneUsage(Struct, frozen=True):
    """The usage of the caller's account."""

    data: Usage


class Key(Struct, frozen=True):
    """The metadata of an API key, without its value."""

    id: str
    key_prefix: str
    name: str
    last_used_at: str | None
    created_at: str
    revoked_at: str | None


class Keys(Struct, frozen=True):
    """The account's API keys, newest first."""

    data: list[Key]


class Error(Struct, frozen=True):
    """The body of every error: one string."""

    error: str
