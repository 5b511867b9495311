"""The settings of alarms: of a device, else of its profile, else the defaults. Pure.

Units: `flow` in the base unit of the register's quantity per hour, `volume` in it per 24 hours.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from penstock.core.meters.models import MeterRole


class ContinuousFlow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The flow never stopped for `hours`."""

    enabled: bool | None = None
    hours: int | None = None


class Burst(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The flow was above `flow` at consecutive readings. None: the permanent flow of the register, or of a usual leaf meter."""

    enabled: bool | None = None
    flow: float | None = None


class BackFlow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """More than `volume` flowed back within 24 hours."""

    enabled: bool | None = None
    volume: float | None = None


class Frozen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The counter has not moved for `days`. None: the register's `frozen_after_s`, or 42 days of a volume, 14 of an energy."""

    enabled: bool | None = None
    days: int | None = None


class LowBattery(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A battery is below `percent` or `volts`, whichever it is reported in."""

    enabled: bool | None = None
    percent: float | None = None
    volts: float | None = None
    fields: tuple[str, ...] | None = None


class Tamper(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of `fields` is true. A field may end in `.*`: everything below it."""

    enabled: bool | None = None
    fields: tuple[str, ...] | None = None


class AlarmSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The settings of every kind; what is None is set elsewhere."""

    continuous_flow: ContinuousFlow = ContinuousFlow()
    burst: Burst = Burst()
    back_flow: BackFlow = BackFlow()
    frozen: Frozen = Frozen()
    low_battery: LowBattery = LowBattery()
    tamper: Tamper = Tamper()


DEFAULTS = AlarmSettings(
    continuous_flow=ContinuousFlow(enabled=True, hours=24),
    burst=Burst(enabled=True),
    back_flow=BackFlow(enabled=True, volume=0.05),
    frozen=Frozen(enabled=True),
    low_battery=LowBattery(
        enabled=True,
        percent=15.0,
        volts=3.0,
        fields=(
            "battery_level",
            "battery",
            "bateria",
            "battery_percent",
            "battery_v",
            "battery_voltage",
            "batteryLevel",
            "batteryVoltage",
            "battery_status",
            "low_battery",
            "battery_low",
            "alarm.low_battery",
            "alarm.battery_low",
        ),
    ),
    tamper=Tamper(
        enabled=True,
        fields=("tamper", "tampering", "magnetic_tamper", "magnetic_fraud", "removal", "removed", "alarm.*", "alarms.*"),
    ),
)

_OF_A_BUILDING = AlarmSettings(continuous_flow=ContinuousFlow(enabled=False))
"""In the main pipe of a building water flows day and night."""
S = TypeVar("S", bound=msgspec.Struct)


def effective(own: AlarmSettings | None, of_profile: AlarmSettings | None, role: MeterRole) -> AlarmSettings:
    """The settings in effect for a meter."""
    return combined(own, of_profile, None if role is MeterRole.LEAF else _OF_A_BUILDING)


def combined(*levels: AlarmSettings | None) -> AlarmSettings:
    """The settings in effect: each field from the first level that sets it, and from the defaults last."""
    known = [one for one in (*levels, DEFAULTS) if one is not None]
    return AlarmSettings(
        continuous_flow=_first([one.continuous_flow for one in known]),
        burst=_first([one.burst for one in known]),
        back_flow=_first([one.back_flow for one in known]),
        frozen=_first([one.frozen for one in known]),
        low_battery=_first([one.low_battery for one in known]),
        tamper=_first([one.tamper for one in known]),
    )


def _first(levels: list[S]) -> S:
    fields = levels[0].__struct_fields__
    found = {name: next((v for one in levels if (v := getattr(one, name)) is not None), None) for name in fields}
    return type(levels[0])(**found)
