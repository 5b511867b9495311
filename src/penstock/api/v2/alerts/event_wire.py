"""Alert events, snoozes and maintenance exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from penstock.api.v2.alerts.wire import SeverityName, Time
from penstock.api.v2.wire import Cursor, Id, Limit, Text
from penstock.core.alerts.models import ClearReason
from penstock.core.notifications.models import Severity
from penstock.kit.wire_types import one_of

SnoozeSeconds = Annotated[int, Meta(ge=1, le=31_622_400)]


class EventQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for alert events. `open` means raised or acknowledged. `from` (included) and `to` (excluded) bound the raising."""

    state: Literal["raised", "acknowledged", "open", "cleared"] | None = None
    severity: SeverityName | None = None
    alert_id: Id | None = None
    device_id: Id | None = None
    project_id: Id | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class HistoryQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for the events of an alert."""

    state: Literal["raised", "acknowledged", "open", "cleared"] | None = None
    device_id: Id | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class AlertEvent(Struct, frozen=True):
    """One time an alert was raised for a device, until it is cleared.

    `value`, `reading_id` and `time` belong to the reading that raised it. `raised_at` and `cleared_at` are the times of the
    readings, `raised_received_at` and `cleared_received_at` when the server received them; without a reading both are the same.
    `name` and `device_name` remain when the alert or the device is deleted. `suppressed` counts how often it would have been
    raised since the previous event. `escalated_at` are the times of its escalation steps. `message`, `rule_id` and `run_id` are
    set if a rule raised it; `suppressed` then counts the raises while it was already raised. With `snoozed_until` the alert
    notifies no one until then, on this device or on every device.
    """

    id: str
    alert_id: str
    device_id: str
    device_name: str
    name: str
    severity: Annotated[str, one_of(*Severity)]
    state: Annotated[str, one_of("raised", "acknowledged", "cleared")]
    value: int | float | bool | str | None
    reading_id: str | None
    time: str
    raised_at: str
    raised_received_at: str
    suppressed: int
    escalated_at: list[str]
    acknowledged_at: str | None
    acknowledged_by: str | None
    note: str | None
    cleared_at: str | None
    cleared_received_at: str | None
    cleared_by: str | None
    clear_reason: Annotated[str, one_of(*ClearReason)] | None
    clear_value: int | float | bool | str | None
    clear_reading_id: str | None
    message: str
    rule_id: str | None
    run_id: str | None
    snoozed_until: str | None


class SnoozeSet(Struct, frozen=True, forbid_unknown_fields=True):
    """A snooze: `until` a time, or `for_s` seconds. With `device_id` only on this device."""

    until: Time | None = None
    for_s: SnoozeSeconds | None = None
    note: Text = ""
    device_id: Id | None = None


class SnoozeQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The device whose snooze is meant; by default the snooze on every device."""

    device_id: Id | None = None


class Snooze(Struct, frozen=True):
    """A snoozed alert. `device_id` is null if it is snoozed on every device."""

    alert_id: str
    device_id: str | None
    until: str
    note: str
    snoozed_by: str
    snoozed_at: str


class BulkAct(Struct, frozen=True, forbid_unknown_fields=True):
    """What to do with alert events. `note` is for acknowledge and snooze; `until` or `for_s` for snooze."""

    action: Literal["acknowledge", "clear", "snooze"]
    event_ids: Annotated[list[Id], Meta(min_length=1, max_length=500)]
    note: Text | None = None
    until: Time | None = None
    for_s: SnoozeSeconds | None = None


class BulkOutcome(Struct, frozen=True):
    """What happened to one alert event. `code` and `detail` are those of the error, null if it was done."""

    event_id: str
    done: bool
    code: str | None
    detail: str | None


class BulkDone(Struct, frozen=True):
    """The outcome for each alert event, in the order of the request."""

    done: int
    failed: int
    data: list[BulkOutcome]


class BySeverity(Struct, frozen=True):
    """Numbers by severity."""

    critical: int
    warning: int
    info: int


class Summary(Struct, frozen=True):
    """Numbers of open alert events: raised and acknowledged ones."""

    open: int
    raised: int
    acknowledged: int
    by_severity: BySeverity


class Acknowledge(Struct, frozen=True, forbid_unknown_fields=True):
    """An acknowledgement, with an optional note for other users."""

    note: Text | None = None


class MaintenanceSet(Struct, frozen=True, forbid_unknown_fields=True):
    """The end of the maintenance; null: until it is ended manually."""

    until: Time | None = None
    reason: Text = ""


class Maintenance(Struct, frozen=True):
    """The maintenance of a device. No alerts are raised for the device while it lasts."""

    device_id: str
    active: bool
    until: str | None
    reason: str
    created_by: str | None
    created_at: str | None
