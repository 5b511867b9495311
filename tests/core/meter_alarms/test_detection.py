"""Which conditions are looked for: by kind of register, role and settings."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from penstock.core.meter_alarms.counters import Counter
from penstock.core.meter_alarms.detection import Subject, burst_limit, counter_episodes, frozen_days, signal_episodes
from penstock.core.meter_alarms.flags import Signal, TimedSignal
from penstock.core.meter_alarms.models import AlarmKind
from penstock.core.meter_alarms.settings import DEFAULTS, AlarmSettings, Burst, Frozen, combined
from penstock.core.meters.models import MeterRole
from penstock.core.registers.models import NANO, Checks, Register, RegisterKind
from penstock.kit.clock import DAY_US, HOUR_US

from .test_flow import hourly


def subject(settings: AlarmSettings = DEFAULTS, role: MeterRole = MeterRole.LEAF) -> Subject:
    return Subject(name="Flat 12", role=role, settings=settings)


def counter(kind: RegisterKind, *amounts: float) -> Counter:
    steps = hourly(*[round(one * NANO) for one in amounts])
    return Counter(register=Register(name=kind.value, kind=kind), steps=steps, last_us=len(steps) * HOUR_US)


@pytest.mark.parametrize(
    ("kind", "watched"),
    [
        (RegisterKind.VOLUME, {AlarmKind.CONTINUOUS_FLOW, AlarmKind.BURST, AlarmKind.BACK_FLOW, AlarmKind.FROZEN}),
        (RegisterKind.REVERSE_VOLUME, {AlarmKind.BACK_FLOW}),
        (RegisterKind.ENERGY, {AlarmKind.FROZEN}),
        (RegisterKind.HEAT, set()),
        (RegisterKind.COUNT, set()),
    ],
)
def test_each_kind_of_register_has_its_conditions(kind: RegisterKind, watched: set[AlarmKind]) -> None:
    assert counter_episodes(subject(), counter(kind, 1, 1), {}, None).keys() == watched


def test_amounts_are_in_the_base_unit() -> None:
    found = counter_episodes(subject(), counter(RegisterKind.VOLUME, 3.0, 3.25), {}, None)[AlarmKind.BURST]
    assert [(one.value, one.threshold, one.unit, one.register) for one in found] == [(3.25, 2.5, "m3/h", "volume")]
    found = counter_episodes(subject(), counter(RegisterKind.REVERSE_VOLUME, 0.03, 0.03), {}, None)[AlarmKind.BACK_FLOW]
    assert [(one.value, one.unit) for one in found] == [(0.06, "m3")]


def test_the_limit_of_a_burst() -> None:
    plain = Register(name="volume")
    of_meter = msgspec.structs.replace(plain, checks=Checks(max_flow=Decimal("3.125")))
    assert burst_limit(subject(), plain) == burst_limit(subject(), of_meter) == 2.5
    in_litres = msgspec.structs.replace(plain, unit="L", checks=Checks(max_flow=Decimal(3125)))
    assert burst_limit(subject(), in_litres) == 2.5
    assert burst_limit(subject(role=MeterRole.PRINCIPAL), plain) is None
    assert burst_limit(subject(role=MeterRole.PRINCIPAL), of_meter) == 2.5
    assert burst_limit(subject(combined(AlarmSettings(burst=Burst(flow=0.7)))), of_meter) == 0.7


def test_after_how_many_days_a_counter_is_frozen() -> None:
    plain = Register(name="volume")
    of_meter = msgspec.structs.replace(plain, checks=Checks(frozen_after_s=3 * 86_400))
    assert (frozen_days(DEFAULTS, plain), frozen_days(DEFAULTS, of_meter)) == (42, 3)
    assert frozen_days(combined(AlarmSettings(frozen=Frozen(days=5))), of_meter) == 5


def said(*signals: tuple[float, bool | None]) -> list[TimedSignal]:
    return [TimedSignal(round(day * DAY_US), Signal(holds=holds, field="tamper")) for day, holds in signals]


def test_flags_begin_and_end() -> None:
    found = signal_episodes(AlarmKind.TAMPER, said((1, False), (2, True), (3, None), (4, False), (5, True)), None, None)
    assert [(one.since_us, one.last_us, one.until_us) for one in found] == [
        (2 * DAY_US, 3 * DAY_US, 4 * DAY_US),
        (5 * DAY_US, 5 * DAY_US, None),
    ]


def test_a_flag_that_comes_late_is_over() -> None:
    (found,) = signal_episodes(AlarmKind.TAMPER, said((1, False), (2, True)), None, 3 * DAY_US)
    assert (found.since_us, found.until_us) == (2 * DAY_US, 2 * DAY_US)


def test_flags_that_come_late_in_a_row_are_one() -> None:
    signals = said((1, True), (2, None), (3, True), (4, False), (5, None), (6, True), (9, True))
    found = signal_episodes(AlarmKind.TAMPER, signals, None, 7 * DAY_US)
    assert [(one.since_us, one.last_us, one.until_us) for one in found] == [
        (1 * DAY_US, 3 * DAY_US, 3 * DAY_US),
        (6 * DAY_US, 6 * DAY_US, 6 * DAY_US),
        (9 * DAY_US, 9 * DAY_US, None),
    ]
