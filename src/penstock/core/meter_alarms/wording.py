"""What an alarm says to people: one plain sentence. Pure."""

from __future__ import annotations

from penstock.core.meter_alarms.models import Alarm, AlarmKind
from penstock.core.telemetry.fields import Scalar


def message_of(alarm: Alarm) -> str:
    """The sentence for an alarm."""
    value = _number(alarm.value)
    with_unit = f"{value} {alarm.unit}" if alarm.unit else value
    match alarm.kind:
        case AlarmKind.CONTINUOUS_FLOW:
            return f"The flow does not stop: it is at least {with_unit} all the time. There may be a leak."
        case AlarmKind.BURST:
            return f"The flow is unusually high, up to {with_unit}. A pipe may have burst."
        case AlarmKind.BACK_FLOW:
            return f"Within a day {with_unit} flowed backwards through the meter."
        case AlarmKind.FROZEN:
            return f"The counter has not moved for {with_unit}. The meter may be blocked or broken."
        case AlarmKind.LOW_BATTERY:
            return f"The battery of the meter is low ({with_unit or 'reported by the device'}) and should be replaced soon."
        case AlarmKind.TAMPER:
            return f"The meter reports that it was tampered with ({alarm.field})."


def _number(value: Scalar | None) -> str:
    if value is None or isinstance(value, bool):
        return ""
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
