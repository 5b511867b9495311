"""Events of meter alarms. Topics are in the past tense. Fields are only ever added."""

from __future__ import annotations

import msgspec

from penstock.core.meter_alarms.models import Alarm
from penstock.core.telemetry.fields import Scalar
from penstock.kit.ids import CustomerId, DeviceId, MeterAlarmId, ResidentId, RuleId

OPENED = "meter.alarm.opened"
CLOSED = "meter.alarm.closed"
ACKNOWLEDGED = "meter.alarm.acknowledged"
TOPICS = (OPENED, CLOSED, ACKNOWLEDGED)


class MeterAlarmMoved(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm was opened, closed or acknowledged; the topic states which.

    `since_us`, `last_seen_us` and `until_us` are event times. `message` says in a sentence what is wrong. `acknowledged_by` and
    `note` are those of an acknowledgement.
    """

    alarm_id: MeterAlarmId
    device_id: DeviceId
    device_name: str
    customer_id: CustomerId | None
    resident_id: ResidentId | None
    kind: str
    register: str | None
    state: str
    message: str
    since_us: int
    last_seen_us: int
    until_us: int | None
    at_us: int
    value: Scalar | None = None
    threshold: float | None = None
    unit: str = ""
    field: str | None = None
    end_reason: str | None = None
    acknowledged_by: str | None = None
    note: str | None = None
    chain: tuple[RuleId, ...] = ()


def alarm_moved(alarm: Alarm, message: str, at_us: int, *, chain: tuple[RuleId, ...] = ()) -> MeterAlarmMoved:
    """The event for an alarm's present state."""
    return MeterAlarmMoved(
        alarm_id=alarm.id,
        device_id=alarm.device_id,
        device_name=alarm.device_name,
        customer_id=alarm.customer_id,
        resident_id=alarm.resident_id,
        kind=alarm.kind.value,
        register=alarm.register or None,
        state=alarm.state.value,
        message=message,
        since_us=alarm.since_us,
        last_seen_us=alarm.last_us,
        until_us=alarm.until_us,
        at_us=at_us,
        value=alarm.value,
        threshold=alarm.threshold,
        unit=alarm.unit,
        field=alarm.field,
        end_reason=alarm.end_reason.value if alarm.end_reason else None,
        acknowledged_by=alarm.acknowledged_by,
        note=alarm.note,
        chain=chain,
    )
