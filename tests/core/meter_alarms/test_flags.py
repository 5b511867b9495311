"""Batteries and tampering, in the forms in which devices report them."""

from __future__ import annotations

import pytest

from penstock.core.meter_alarms.flags import battery_signal, tamper_signal
from penstock.core.meter_alarms.settings import DEFAULTS, LowBattery, Tamper
from penstock.core.telemetry.fields import Scalar


@pytest.mark.parametrize(
    ("name", "value", "holds", "unit"),
    [
        ("battery", 3.59, False, "V"),
        ("battery", 2.8, True, "V"),
        ("battery", 3, None, "V"),
        ("battery", 3.05, None, "V"),
        ("battery", 3.6, False, "V"),
        ("battery_voltage", 2900, True, "V"),
        ("batteryVoltage", 3600, False, "V"),
        ("battery_v", 2.9, True, "V"),
        ("battery", 93.7, False, "%"),
        ("battery_level", 9, True, "%"),
        ("battery_level", 17, None, "%"),
        ("battery_percent", 4, True, "%"),
        ("battery_status", "LOW", True, ""),
        ("battery_status", "ok", False, ""),
        ("battery", "unknown", None, ""),
        ("low_battery", True, True, ""),
        ("low_battery", 0, False, ""),
        ("alarm.battery_low", 1, True, ""),
    ],
)
def test_levels_words_and_flags(name: str, value: Scalar, holds: bool | None, unit: str) -> None:
    found = battery_signal({name: value, "temperature": 1}, DEFAULTS.low_battery)
    assert found is not None
    assert (found.holds, found.unit, found.field) == (holds, unit, name)


@pytest.mark.parametrize(
    "values", [{}, {"temperature": 2.1}, {"battery": 0}, {"battery": -1}, {"battery": True}, {"battery": 1e9}, {"battery": 255}]
)
def test_what_says_nothing(values: dict[str, Scalar]) -> None:
    assert battery_signal(values, DEFAULTS.low_battery) is None


def test_own_fields_and_thresholds() -> None:
    settings = LowBattery(enabled=True, percent=30.0, volts=2.2, fields=("cell.u", "cell.percent"))
    assert battery_signal({"battery": 1.0}, settings) is None
    found = battery_signal({"cell.u": 2.5, "cell.percent": 29}, settings)
    assert found is not None
    assert (found.holds, found.value, found.threshold, found.unit) == (True, 29.0, 30.0, "%")


@pytest.mark.parametrize("value", [True, 1, 2.0, "yes", "open", "TAMPER"])
def test_true_flags(value: Scalar) -> None:
    found = tamper_signal({"tamper": value}, DEFAULTS.tamper)
    assert found is not None
    assert (found.holds, found.value, found.field) == (True, value, "tamper")


@pytest.mark.parametrize("value", [False, 0, 0.0, "", "no", "OK", " none "])
def test_false_flags(value: Scalar) -> None:
    found = tamper_signal({"magnetic_tamper": value}, DEFAULTS.tamper)
    assert found is not None
    assert found.holds is False


def test_everything_below_a_field_but_other_alarms() -> None:
    quiet: dict[str, Scalar] = {"alarm.leak": True, "alarm.low_battery": True, "alarm.backflow": 1, "alarms.burst": 1}
    assert tamper_signal(quiet, DEFAULTS.tamper) is None
    quiet |= {"alarm.high_flow": True, "alarm.sensor_error": 1, "alarm.code": 17, "alarms.permanent_fault": "yes"}
    assert tamper_signal(quiet, DEFAULTS.tamper) is None
    removed = tamper_signal({"alarm.sensor_removed": True}, DEFAULTS.tamper)
    assert removed is not None
    assert removed.holds
    found = tamper_signal(quiet | {"alarm.cover": False, "alarm.magnet": True}, DEFAULTS.tamper)
    assert found is not None
    assert (found.holds, found.field) == (True, "alarm.magnet")
    assert tamper_signal({"alarm.magnet": True}, Tamper(enabled=True, fields=("lid",))) is None
