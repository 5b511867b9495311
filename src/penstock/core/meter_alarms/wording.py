"""What an alarm says to people: one plain sentence. Pure."""

from __future__ import annotations

from penstock.core.meter_alarms.models import Alarm, AlarmKind
from penstock.core.telemetry.fields import Scalar

_WITHOUT_AMOUNT = {
    AlarmKind.CONTINUOUS_FLOW: "The flow does not stop. There may be a leak.",
    AlarmKind.BURST: "The flow is unusually high. A pipe may have burst.",
    AlarmKind.BACK_FLOW: "Water flows backwards through the meter.",
    AlarmKind.FROZEN: "The counter does not move. The meter may be blocked or broken.",
}


def message_of(alarm: Alarm) -> str:
    """The sentence for an alarm."""
    if alarm.value is None and alarm.kind in _WITHOUT_AMOUNT:
        return _WITHOUT_AMOUNT[alarm.kind]
    amount = _amount(alarm.value, alarm.unit)
    match alarm.kind:
        case AlarmKind.CONTINUOUS_FLOW:
            return f"The flow does not stop: it is at least {amount} all the time. There may be a leak."
        case AlarmKind.BURST:
            return f"The flow is unusually high, up to {amount}. A pipe may have burst."
        case AlarmKind.BACK_FLOW:
            return f"Within a day {amount} flowed backwards through the meter."
        case AlarmKind.FROZEN:
            return f"The counter has not moved for {amount}. The meter may be blocked or broken."
        case AlarmKind.LOW_BATTERY:
            return f"The battery of the meter is low ({amount}) and should be replaced soon."
        case AlarmKind.TAMPER:
            return f"The meter reports that it was tampered with ({alarm.field})."


def _amount(value: Scalar | None, unit: str) -> str:
    """A value with its unit as people write it: litres for less than a cubic metre, whole days."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool) or not unit:
        return "as the device reports"
    if unit == "d":
        return f"{int(value)} days"
    if unit.startswith("m3"):
        litres = abs(value) < 1
        return f"{_number(value * 1000 if litres else value)} {'L' if litres else 'm³'}{unit[2:]}"
    return f"{_number(value)} {unit}".rstrip()


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
