"""What a resident sees of an alarm: nothing of the household before. Pure."""

from __future__ import annotations

import msgspec

from penstock.core.meter_alarms.models import Alarm, AlarmKind

_OF_THE_METER = frozenset({AlarmKind.LOW_BATTERY, AlarmKind.TAMPER})
"""The values of the other kinds are measured from the beginning: they say what the household before consumed."""


def seen_since(alarm: Alarm, assigned_us: int) -> Alarm:
    """An alarm that was open at some time since a device was assigned, as if it had begun then at the earliest."""
    if alarm.since_us >= assigned_us:
        return alarm
    return msgspec.structs.replace(
        alarm,
        since_us=assigned_us,
        last_us=max(alarm.last_us, assigned_us),
        value=alarm.value if alarm.kind in _OF_THE_METER else None,
    )
