"""Events of alerts. Topics are in the past tense. Fields are only ever added."""

from __future__ import annotations

import msgspec

from penstock.core.alerts.conditions import Condition, RateOfChange, Threshold
from penstock.core.alerts.models import Occurrence, OccurrenceState
from penstock.core.alerts.wording import condition_text, kind_of
from penstock.core.telemetry.fields import Scalar
from penstock.kit.ids import AlertId, DeviceId, EventId, ProjectId, RuleId, RunId, Seq

RAISED = "alert.raised"
ACKNOWLEDGED = "alert.acknowledged"
CLEARED = "alert.cleared"
ESCALATED = "alert.escalated"
REPEATED = "alert.repeated"
SNOOZED = "alert.snoozed"
TOPICS = (RAISED, ACKNOWLEDGED, CLEARED, ESCALATED, REPEATED)


class AlertMoved(msgspec.Struct, frozen=True, kw_only=True):
    """An occurrence was raised, acknowledged, escalated or cleared, or its condition still holds; the topic states which.

    `kind` is the type of the condition, `threshold` its bound if it has one. `test` marks a trial of the actions, for which
    nothing was raised. `message`, `rule_id` and `run_id` are set if a rule raised it; `chain` contains the rules that led to
    this event. `raised_us` and `cleared_us` are event times, `raised_received_us` and `cleared_received_us` arrival times.
    `snoozed` marks an event of which no one is notified.
    """

    event_id: EventId
    alert_id: AlertId
    device_id: DeviceId
    device_name: str
    name: str
    severity: str
    state: str
    condition: str
    at_us: int
    raised_us: int
    value: Scalar | None = None
    seq: Seq | None = None
    step: int | None = None
    by: str | None = None
    note: str | None = None
    reason: str | None = None
    test: bool = False
    kind: str = ""
    threshold: Scalar | list[float] | None = None
    message: str = ""
    rule_id: RuleId | None = None
    run_id: RunId | None = None
    chain: tuple[RuleId, ...] = ()
    project_id: ProjectId | None = None
    raised_received_us: int | None = None
    cleared_us: int | None = None
    cleared_received_us: int | None = None
    snoozed: bool = False


class AlertSnoozed(msgspec.Struct, frozen=True, kw_only=True):
    """An alert was snoozed: until `until_us` it notifies no one, on one device or with None on every device."""

    alert_id: AlertId
    device_id: DeviceId | None
    name: str
    severity: str
    until_us: int
    by: str
    note: str
    at_us: int
    chain: tuple[RuleId, ...] = ()


class _Mark(msgspec.Struct, frozen=True):
    snoozed: bool = False


def is_snoozed(topic: str, body: bytes) -> bool:
    """Whether an event of the outbox belongs to an alert that was snoozed when it happened."""
    return topic in TOPICS and msgspec.json.decode(body, type=_Mark).snoozed


def alert_moved(found: Occurrence, device_name: str, condition: Condition, at_us: int, **more: object) -> AlertMoved:
    """Create the event for an occurrence's current state. `more` are further fields of `AlertMoved`."""
    return AlertMoved(
        event_id=found.id,
        alert_id=found.alert_id,
        device_id=found.device_id,
        device_name=device_name,
        name=found.name,
        severity=found.severity.value,
        state=state_of(found).value,
        condition=condition_text(condition),
        kind=kind_of(condition),
        threshold=_threshold(condition),
        at_us=at_us,
        raised_us=found.time_us,
        raised_received_us=found.raised_us,
        cleared_us=found.clear_time_us,
        cleared_received_us=found.cleared_us,
        project_id=found.project_id,
        message=found.message,
        rule_id=found.rule_id,
        run_id=found.run_id,
        **{"value": found.value, "seq": found.seq} | more,  # type: ignore[arg-type]  # fields of the struct, by name
    )


def _threshold(condition: Condition) -> Scalar | list[float] | None:
    if not isinstance(condition, Threshold | RateOfChange):
        return None
    return list(condition.value) if isinstance(condition.value, tuple) else condition.value


def state_of(found: Occurrence) -> OccurrenceState:
    """The state of an occurrence."""
    if found.cleared_us is not None:
        return OccurrenceState.CLEARED
    return OccurrenceState.RAISED if found.acknowledged_us is None else OccurrenceState.ACKNOWLEDGED
