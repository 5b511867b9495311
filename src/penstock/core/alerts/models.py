"""Definitions of alerts, and their occurrences: one each time that a definition was raised for a device."""

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
    """A severity by our word, or by one of the scale of five that other platforms have: info, low, medium, high, critical."""
    of_five = {"high": Severity.CRITICAL, "medium": Severity.WARNING, "low": Severity.WARNING}
    return of_five.get(word) or Severity(word)


class Target(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which devices are watched: exactly one of the four. A device has to have all the labels."""

    devices: tuple[DeviceId, ...] = ()
    project_id: ProjectId | None = None
    labels: dict[str, str] = {}
    all: bool = False


class NOfM(msgspec.Struct, frozen=True):
    """It counts only if the condition held at `n` of the last `m` readings that told of it."""

    n: int
    m: int


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """A definition.

    `for_us`: how long the condition must hold, told by readings that are no more than `max_gap_us` apart. `hysteresis`: how far
    back a value must come before the alert is cleared. `cooldown_us`: the shortest time between two raisings for one device.
    `auto_clear_us`: it is cleared when the condition was not seen to hold for so long. `armed_us` is since when it watches,
    `revision` is another after each change of what it watches for, which begins anew.
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
    """What it takes to define an alert."""

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
    """A change of a definition: what is UNSET stays, what is None is cleared."""

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
"""Fields whose change begins the watch anew: what was open is cleared."""


class AlertStatus(StrEnum):
    """What a list can be asked for. `active`: raised for some device now."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    ACTIVE = "active"


class AlertFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which definitions to list; None means any. A device or project stands for the definitions that name it."""

    status: AlertStatus | None = None
    severity: Severity | None = None
    device_id: DeviceId | None = None
    project_id: ProjectId | None = None
    text: str | None = None


class ClearReason(StrEnum):
    """Why an occurrence ended."""

    CONDITION = "condition"
    """The condition does not hold any more."""
    QUIET = "quiet"
    """It was not seen to hold for the time of auto-clear."""
    MANUAL = "manual"
    CHANGED = "changed"
    """The definition was changed or disabled, or does not watch this device any more."""


class Occurrence(msgspec.Struct, frozen=True, kw_only=True):
    """One time that an alert was raised for a device, until it is cleared.

    `value`, `seq` and `time_us` are those of the reading that raised it, None where none did; `suppressed` counts how often it
    would have been raised since the time before, but for cooldown, active hours or maintenance. `escalations` are the times of
    its steps. `message`, `rule_id`, `run_id` and `act` are of the rule that raised it, if one did: an act raises once, and
    `suppressed` counts how often the rule asked for it while it was raised.
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


class Firing(msgspec.Struct, frozen=True, kw_only=True):
    """One time that an alert fired: when it was raised, or again after its cooldown while its condition held.

    `event_id` is the occurrence's, `acknowledged_us` when somebody took note of it after that.
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
    """How far an occurrence has come. `open` in a filter stands for the first two."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"
    OPEN = "open"


class OccurrenceFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which occurrences to list; None means any. Times of raising: from (included) to (not included)."""

    alert_id: AlertId | None = None
    device_id: DeviceId | None = None
    project_id: ProjectId | None = None
    severity: Severity | None = None
    state: OccurrenceState | None = None
    from_us: int | None = None
    to_us: int | None = None


class Maintenance(msgspec.Struct, frozen=True, kw_only=True):
    """A device is worked on: until then nothing is raised for it. None means until somebody ends it."""

    device_id: DeviceId
    until_us: int | None
    reason: str
    created_by: str
    created_us: int


class WatchedDevice(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be known of a device to watch it. It was or is in maintenance between the two times of `muted`."""

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
    """What was changed beside the engine."""

    ALERT = "alert"
    DEVICE = "device"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the engine has to learn. `subject_id` is an alert's, a device's or an occurrence's id, as the kind says."""

    id: ChangeId
    org_id: OrgId
    kind: ChangeKind
    subject_id: int
    alert_id: AlertId = AlertId(0)
    device_id: DeviceId = DeviceId(0)


Key: TypeAlias = tuple[AlertId, DeviceId]
"""(alert, device): what a state belongs to."""


def matches(target: Target, device: WatchedDevice) -> bool:
    """Whether a device is among those that are watched."""
    if target.devices:
        return device.id in target.devices
    if target.project_id is not None:
        return device.project_id == target.project_id
    if target.labels:
        return target.labels.items() <= device.labels.items()
    return target.all
