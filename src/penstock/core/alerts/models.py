"""Definitions of alerts, and their occurrences: one for each time a definition was raised for a device."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from penstock.core.alerts.actions import Action, EscalationStep
from penstock.core.alerts.conditions import Condition
from penstock.core.notifications.hours import ActiveHours
from penstock.core.notifications.models import Severity
from penstock.core.telemetry.fields import Scalar
from penstock.kit.ids import AlertId, ChangeId, DeviceId, EventId, FiringId, OrgId, ProjectId, RuleId, RunId, Seq


def severity_of(word: str) -> Severity:
    """The severity for one of our names, or for a name on the five-level scale of other platforms: info, low, medium, high,
    critical.
    """
    of_five = {"high": Severity.CRITICAL, "medium": Severity.WARNING, "low": Severity.WARNING}
    return of_five.get(word) or Severity(word)


class Target(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The monitored devices: exactly one of the four fields is set. A device matches if it has all the labels."""

    devices: tuple[DeviceId, ...] = ()
    project_id: ProjectId | None = None
    labels: dict[str, str] = {}
    all: bool = False


class NOfM(msgspec.Struct, frozen=True):
    """Raise only if the condition held at `n` of the last `m` readings that contain its fields."""

    n: int
    m: int


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """A definition.

    `for_us` is how long the condition must hold, shown by readings that are at most `max_gap_us` apart. `hysteresis` is how far
    a
    value must return past the threshold before the alert is cleared. `cooldown_us` is the minimum time between two raises for
    one
    device. `auto_clear_us` clears the alert if the condition was not seen to hold for that long. `armed_us` is when monitoring
    started. Each change of a field in `WATCHED` assigns a new `revision`, which restarts monitoring.
    """

    id: AlertId
    org_id: OrgId
    name: str
    description: str
    target: Target
    condition: Condition
    severity: Severity
    enabled: bool
    for_us: int = 0
    max_gap_us: int | None = None
    hysteresis: float = 0.0
    n_of_m: NOfM | None = None
    hours: ActiveHours | None = None
    cooldown_us: int = 0
    auto_clear_us: int | None = None
    actions: tuple[Action, ...] = ()
    escalation: tuple[EscalationStep, ...] = ()
    backfill: bool = False
    armed_us: int = 0
    revision: int = 0
    last_raised_us: int | None = None
    created_us: int = 0
    updated_us: int = 0


class NewAlert(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a new alert."""

    name: str
    target: Target
    condition: Condition
    description: str = ""
    severity: Severity = Severity.WARNING
    enabled: bool = True
    for_us: int = 0
    max_gap_us: int | None = None
    hysteresis: float = 0.0
    n_of_m: NOfM | None = None
    hours: ActiveHours | None = None
    cooldown_us: int = 0
    auto_clear_us: int | None = None
    actions: tuple[Action, ...] = ()
    escalation: tuple[EscalationStep, ...] = ()
    backfill: bool = False


class AlertPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a definition: an UNSET field is unchanged, None clears it."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    target: Target | UnsetType = UNSET
    condition: Condition | UnsetType = UNSET
    severity: Severity | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    for_us: int | UnsetType = UNSET
    max_gap_us: int | UnsetType | None = UNSET
    hysteresis: float | UnsetType = UNSET
    n_of_m: NOfM | UnsetType | None = UNSET
    hours: ActiveHours | UnsetType | None = UNSET
    cooldown_us: int | UnsetType = UNSET
    auto_clear_us: int | UnsetType | None = UNSET
    actions: tuple[Action, ...] | UnsetType = UNSET
    escalation: tuple[EscalationStep, ...] | UnsetType = UNSET
    backfill: bool | UnsetType = UNSET


WATCHED = ("target", "condition", "enabled", "for_us", "max_gap_us", "hysteresis", "n_of_m", "backfill")
"""Fields whose change restarts monitoring; open occurrences are cleared."""


class AlertStatus(StrEnum):
    """Filter for lists. `active`: currently raised for at least one device."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    ACTIVE = "active"


class AlertFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which definitions to list; None means any. A device or project selects the definitions that name it."""

    status: AlertStatus | None = None
    severity: Severity | None = None
    device_id: DeviceId | None = None
    project_id: ProjectId | None = None
    text: str | None = None


class ClearReason(StrEnum):
    """Why an occurrence ended."""

    CONDITION = "condition"
    """The condition no longer holds."""
    QUIET = "quiet"
    """The condition was not seen to hold for the auto-clear time."""
    MANUAL = "manual"
    CHANGED = "changed"
    """The definition was changed or disabled, or no longer applies to this device; or its rule was moved to the trash."""
    ALERT_DELETED = "alert_deleted"
    DEVICE_DELETED = "device_deleted"


class Occurrence(msgspec.Struct, frozen=True, kw_only=True):
    """One time that an alert was raised for a device, until it is cleared. It outlives both of them.

    `value` and `seq` are those of the reading that raised it, or None without one. There are two clocks: `time_us` and
    `clear_time_us` are event times of the readings that raised and cleared it, `raised_us` and `cleared_us` arrival times.
    Without a reading both are the same. `suppressed` counts how often it would have been raised since the previous time, except
    for cooldown, active hours or maintenance. `escalations` are the times of its steps. `message`, `rule_id`, `run_id` and `act`
    are set if a rule raised it: an act raises once, and `suppressed` counts how often the rule requested it while it was raised.
    `device_name` and `project_id` are those of the device when it was raised, `chain` are the rules that led to it.
    """

    id: EventId
    org_id: OrgId
    alert_id: AlertId
    device_id: DeviceId
    name: str
    severity: Severity
    value: Scalar | None
    seq: Seq | None
    time_us: int
    raised_us: int
    suppressed: int = 0
    escalations: tuple[int, ...] = ()
    acknowledged_us: int | None = None
    acknowledged_by: str | None = None
    note: str | None = None
    cleared_us: int | None = None
    cleared_by: str | None = None
    clear_reason: ClearReason | None = None
    clear_value: Scalar | None = None
    clear_seq: Seq | None = None
    message: str = ""
    rule_id: RuleId | None = None
    run_id: RunId | None = None
    act: str | None = None
    device_name: str = ""
    project_id: ProjectId | None = None
    clear_time_us: int | None = None
    chain: tuple[RuleId, ...] = ()


class End(msgspec.Struct, frozen=True, kw_only=True):
    """How an occurrence ended. `time_us` is the event time of the reading that cleared it, None without one."""

    at_us: int
    reason: ClearReason
    time_us: int | None = None
    by: str | None = None
    value: Scalar | None = None
    seq: Seq | None = None


class Firing(msgspec.Struct, frozen=True, kw_only=True):
    """One time that an alert fired: when it was raised, or after its cooldown while its condition still held.

    `event_id` is the occurrence's id, `acknowledged_us` the time of an acknowledgement after the firing.
    """

    id: FiringId
    alert_id: AlertId
    device_id: DeviceId
    event_id: EventId
    severity: Severity
    value: Scalar | None
    fired_us: int
    acknowledged_us: int | None = None


class OccurrenceState(StrEnum):
    """The state of an occurrence. `open` exists only in filters and means raised or acknowledged."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"
    OPEN = "open"


class OccurrenceFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which occurrences to list; None means any. Times of raising: `from_us` (inclusive) to `to_us` (exclusive)."""

    alert_id: AlertId | None = None
    device_id: DeviceId | None = None
    project_id: ProjectId | None = None
    severity: Severity | None = None
    state: OccurrenceState | None = None
    from_us: int | None = None
    to_us: int | None = None


class Maintenance(msgspec.Struct, frozen=True, kw_only=True):
    """Maintenance of a device: nothing is raised for it until `until_us`, or until a user ends it if that is None."""

    device_id: DeviceId
    until_us: int | None
    reason: str
    created_by: str
    created_us: int


class Snooze(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that notifies no one until `until_us`: on one device, or with None on every device.

    `created_us` is when it was first snoozed, if the end was changed since.
    """

    alert_id: AlertId
    device_id: DeviceId | None
    until_us: int
    note: str
    created_by: str
    created_us: int


class OpenCount(msgspec.Struct, frozen=True, kw_only=True):
    """The number of occurrences of one severity that are not cleared, acknowledged or not."""

    severity: Severity
    acknowledged: bool
    total: int


class WatchedDevice(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a device that monitoring needs. The two times of `muted` are the bounds of its latest maintenance."""

    id: DeviceId
    org_id: OrgId
    project_id: ProjectId
    name: str
    type: str
    labels: dict[str, str]
    paused: bool = False
    expected_interval_us: int | None = None
    created_us: int = 0
    muted_from_us: int = 0
    muted_until_us: int = 0


class ChangeKind(StrEnum):
    """The kind of a change made outside the engine."""

    ALERT = "alert"
    DEVICE = "device"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change that the engine must load. `subject_id` is the id of an alert, a device or an occurrence, depending on `kind`."""

    id: ChangeId
    org_id: OrgId
    kind: ChangeKind
    subject_id: int
    alert_id: AlertId = AlertId(0)
    device_id: DeviceId = DeviceId(0)


Key: TypeAlias = tuple[AlertId, DeviceId]
"""(alert, device): the key of a state."""


def matches(target: Target, device: WatchedDevice) -> bool:
    """Whether a target includes a device."""
    if target.devices:
        return device.id in target.devices
    if target.project_id is not None:
        return device.project_id == target.project_id
    if target.labels:
        return target.labels.items() <= device.labels.items()
    return target.all
