"""What happens to alerts. Topics are past tense; fields are only ever added."""

from __future__ import annotations

import msgspec

from penstock.core.alerts.models import Occurrence, OccurrenceState
from penstock.core.telemetry.fields import Scalar

RAISED = "alert.raised"
ACKNOWLEDGED = "alert.acknowledged"
CLEARED = "alert.cleared"
ESCALATED = "alert.escalated"
REPEATED = "alert.repeated"
TOPICS = (RAISED, ACKNOWLEDGED, CLEARED, ESCALATED, REPEATED)


class AlertMoved(msgspec.Struct, frozen=True, kw_only=True):
    """An occurrence was raised, acknowledged, escalated, cleared, or its condition holds still; the topic says which.

    `test`: somebody tries out the actions, and nothing was raised.
    """

    event_id: int
    alert_id: int
    device_id: int
    device_name: str
    name: str
    severity: str
    state: str
    condition: str
    at_us: int
    raised_us: int
    value: Scalar | None = None
    seq: int | None = None
    step: int | None = None
    by: str | None = None
    note: str | None = None
    reason: str | None = None
    test: bool = False


def alert_moved(found: Occurrence, device_name: str, condition: str, at_us: int, **more: object) -> AlertMoved:
    """The event of what an occurrence is now. `more` are further fields of `AlertMoved`."""
    return AlertMoved(
        event_id=found.id,
        alert_id=found.alert_id,
        device_id=found.device_id,
        device_name=device_name,
        name=found.name,
        severity=found.severity.value,
        state=state_of(found).value,
        condition=condition,
        at_us=at_us,
        raised_us=found.raised_us,
        **{"value": found.value, "seq": found.seq} | more,  # type: ignore[arg-type]  # fields of the struct, by name
    )


def state_of(found: Occurrence) -> OccurrenceState:
    """How far an occurrence has come."""
    if found.cleared_us is not None:
        return OccurrenceState.CLEARED
    return OccurrenceState.RAISED if found.acknowledged_us is None else OccurrenceState.ACKNOWLEDGED
