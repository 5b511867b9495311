"""What the readings of one meter show: the conditions of its counters and of the meter itself. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from penstock.core.meter_alarms.counters import Counter
from penstock.core.meter_alarms.flags import TimedSignal, battery_signal, tamper_signal
from penstock.core.meter_alarms.flow import Found, Ongoing, burst, continuous_flow, flowed_back, real_falls, standing_still
from penstock.core.meter_alarms.models import NO_REGISTER, Alarm, AlarmKey, AlarmKind, Episode
from penstock.core.meter_alarms.settings import AlarmSettings
from penstock.core.meters.models import MeterRole
from penstock.core.meters.units import ratio
from penstock.core.registers.models import NANO, Register, RegisterKind
from penstock.core.telemetry.fields import flatten
from penstock.core.telemetry.models import Reading
from penstock.kit.clock import DAY_US, SECOND_US

DEFAULT_DAYS = {RegisterKind.VOLUME: 42, RegisterKind.ENERGY: 14}
"""Longer than the holidays of a flat without water; electricity is always used by something."""
DEFAULT_FLOW = 2.5
"""The permanent flow of a usual meter of a flat, in m³ per hour (Q3 of DN 15 and DN 20)."""
PERMANENT_SHARE = 0.8
"""The permanent flow is 0.8 of the greatest one (Q3 and Q4 of ISO 4064)."""


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """How a meter is watched. `settings` are those in effect."""

    name: str
    role: MeterRole
    settings: AlarmSettings

    def watches(self, kind: AlarmKind) -> bool:
        """Whether the settings include a kind."""
        return bool(getattr(self.settings, kind.value).enabled)


def counter_episodes(
    subject: Subject, counter: Counter, known: Mapping[AlarmKey, Alarm], moved_us: int | None
) -> dict[AlarmKind, list[Episode]]:
    """What the steps of a counter show, by each kind that is watched. `known` are the open alarms."""
    kind, steps, register = counter.register.kind, counter.steps, counter.register
    settings, shown = subject.settings, {}
    unit = register.quantity.value

    def ongoing(of: AlarmKind, scale: float = NANO) -> Ongoing | None:
        alarm = known.get((of, register.name))
        if alarm is None or not steps or alarm.since_us > steps[0].from_us:
            return None
        value = alarm.value if isinstance(alarm.value, int | float) else 0
        return Ongoing(alarm.since_us, round(value * scale))

    if kind is RegisterKind.VOLUME and subject.watches(AlarmKind.CONTINUOUS_FLOW):
        found = continuous_flow(steps, settings.continuous_flow.hours or 1, ongoing(AlarmKind.CONTINUOUS_FLOW))
        shown[AlarmKind.CONTINUOUS_FLOW] = _episodes(AlarmKind.CONTINUOUS_FLOW, register, found, 0.0, f"{unit}/h")
    limit = burst_limit(subject, register)
    if kind is RegisterKind.VOLUME and subject.watches(AlarmKind.BURST) and limit is not None:
        found = burst(steps, round(limit * NANO), ongoing(AlarmKind.BURST))
        shown[AlarmKind.BURST] = _episodes(AlarmKind.BURST, register, found, limit, f"{unit}/h")
    if kind in (RegisterKind.VOLUME, RegisterKind.REVERSE_VOLUME) and subject.watches(AlarmKind.BACK_FLOW):
        volume = settings.back_flow.volume or 0.0
        reverse = kind is RegisterKind.REVERSE_VOLUME
        falls = steps if reverse else real_falls(steps, counter.digit)
        found = flowed_back(falls, round(volume * NANO), reverse=reverse, ongoing=ongoing(AlarmKind.BACK_FLOW))
        shown[AlarmKind.BACK_FLOW] = _episodes(AlarmKind.BACK_FLOW, register, found, volume, unit)
    if kind in DEFAULT_DAYS and subject.watches(AlarmKind.FROZEN):
        days = frozen_days(settings, register)
        found = standing_still(steps, moved_us, days, ongoing(AlarmKind.FROZEN))
        shown[AlarmKind.FROZEN] = _episodes(AlarmKind.FROZEN, register, found, float(days), "d", DAY_US)
    return shown


def _episodes(
    kind: AlarmKind, register: Register, found: Iterable[Found], threshold: float, unit: str, scale: int = NANO
) -> list[Episode]:
    return [
        Episode(
            kind=kind,
            register=register.name,
            since_us=one.since_us,
            last_us=one.last_us,
            until_us=one.until_us,
            value=round(one.amount / scale, 6),
            threshold=threshold,
            unit=unit,
        )
        for one in found
    ]


def burst_limit(subject: Subject, register: Register) -> float | None:
    """The flow above which it is a burst, in base units per hour; None if none is known, as for the meter of a whole house."""
    own = subject.settings.burst.flow
    if own is not None:
        return own
    if register.checks.max_flow is not None:
        return float(register.checks.max_flow) * float(ratio(register.unit, register.quantity)) * PERMANENT_SHARE
    return DEFAULT_FLOW if subject.role is MeterRole.LEAF else None


def frozen_days(settings: AlarmSettings, register: Register) -> int:
    """After how many days without a change a counter counts as frozen."""
    if settings.frozen.days is not None:
        return settings.frozen.days
    after_s = register.checks.frozen_after_s
    return DEFAULT_DAYS[register.kind] if after_s is None else max(1, round(after_s * SECOND_US / DAY_US))


def signals_of(subject: Subject, readings: Sequence[Reading]) -> dict[AlarmKind, list[TimedSignal]]:
    """What readings say about the meter itself, by each kind that is watched, in order of time."""
    found: dict[AlarmKind, list[TimedSignal]] = {}
    settings = subject.settings
    for reading in sorted(readings, key=lambda one: one.time_us):
        values = flatten(msgspec.json.decode(reading.payload))
        signals = {
            AlarmKind.LOW_BATTERY: battery_signal(values, settings.low_battery),
            AlarmKind.TAMPER: tamper_signal(values, settings.tamper),
        }
        for kind, signal in signals.items():
            if signal is not None and subject.watches(kind):
                found.setdefault(kind, []).append(TimedSignal(reading.time_us, signal))
    return found


def signal_episodes(
    kind: AlarmKind, signals: Sequence[TimedSignal], ongoing: Alarm | None, evaluated_us: int | None
) -> list[Episode]:
    """The times for which a condition held, by what single readings say.

    A reading from before `evaluated_us`, the newest one that was evaluated before, came late: its condition is over.
    """
    late_us = 0 if evaluated_us is None else evaluated_us
    before_us = late_us if ongoing is None else min(late_us, ongoing.since_us)
    found = _late_episodes(kind, [one for one in signals if one.time_us < before_us])
    current = None if ongoing is None else _continued(ongoing)
    for one in signals:
        if one.time_us < late_us:
            continue
        if one.signal.holds is False:
            if current is not None:
                found.append(msgspec.structs.replace(current, until_us=one.time_us))
            current = None
        elif current is not None:
            current = msgspec.structs.replace(current, last_us=one.time_us)
        elif one.signal.holds:
            current = _episode(kind, one)
    return found if current is None else [*found, current]


def _late_episodes(kind: AlarmKind, signals: Sequence[TimedSignal]) -> list[Episode]:
    """What late readings show. Those in a row, as when a meter sends what it had stored, show one condition."""
    found: list[Episode] = []
    goes_on = False
    for one in signals:
        if one.signal.holds and goes_on:
            found[-1] = msgspec.structs.replace(found[-1], last_us=one.time_us, until_us=one.time_us)
        elif one.signal.holds:
            found.append(_episode(kind, one, until_us=one.time_us))
        goes_on = goes_on if one.signal.holds is None else one.signal.holds
    return found


def _episode(kind: AlarmKind, one: TimedSignal, until_us: int | None = None) -> Episode:
    signal = one.signal
    return Episode(
        kind=kind,
        register=NO_REGISTER,
        since_us=one.time_us,
        last_us=one.time_us,
        until_us=until_us,
        value=signal.value,
        threshold=signal.threshold,
        unit=signal.unit,
        field=signal.field,
    )


def _continued(alarm: Alarm) -> Episode:
    return Episode(
        kind=alarm.kind,
        register=alarm.register,
        since_us=alarm.since_us,
        last_us=alarm.last_us,
        value=alarm.value,
        threshold=alarm.threshold,
        unit=alarm.unit,
        field=alarm.field,
    )
