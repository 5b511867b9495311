"""What single readings say about a meter itself: its battery, and whether it was tampered with. Pure.

Battery levels come as volts, millivolts, percent, words and flags, and seldom say which. The field's name decides, or else the
number: no battery has more than 5 V, and no meter still reports at less than 5 %.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from penstock.core.meter_alarms.settings import LowBattery, Tamper
from penstock.core.telemetry.fields import Scalar

VOLTS, PERCENT = "V", "%"
MAX_VOLTS = 5.0
MILLI = 100
"""Above this a number is neither volts nor percent."""
LEAST_MILLIVOLTS = 500
_NO = frozenset({"", "0", "false", "no", "none", "normal", "off", "ok", "good", "inactive", "clear"})
_LOW = frozenset({"low", "critical", "empty", "bad", "replace", "weak", "true", "yes", "1"})
_FINE = frozenset({"ok", "good", "normal", "high", "full", "medium", "false", "no", "0"})
_IS_LOW = re.compile("(?<!f)low", re.IGNORECASE)
_TAMPERING = re.compile("tamper|magnet|fraud|remov|cover|detach|manipul", re.IGNORECASE)
_NOT_TAMPERING = re.compile(
    "batter|leak|burst|flow|reverse|usage|consumption|freez|frost|dry|empty|temperature|pressure|sensor|fault|error|fail|signal"
    "|communication|clock|count|code|status",
    re.IGNORECASE,
)
"""Alarms that a meter reports in addition to tampering. `alarm.*` does not include them."""


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """What a reading says: whether the condition holds (None: neither clearly), and the value that shows it."""

    holds: bool | None
    value: Scalar | None = None
    threshold: float | None = None
    unit: str = ""
    field: str | None = None


class TimedSignal(msgspec.Struct, frozen=True):
    """A signal and the event time of its reading."""

    time_us: int
    signal: Signal


def battery_signal(values: Mapping[str, Scalar], settings: LowBattery) -> Signal | None:
    """What a reading says about the battery; None if nothing."""
    signals = [
        found
        for name in settings.fields or ()
        if (value := values.get(name)) is not None and (found := _battery(name, value, settings)) is not None
    ]
    return next((one for one in signals if one.holds), signals[0] if signals else None)


def _battery(name: str, value: Scalar, settings: LowBattery) -> Signal | None:
    if isinstance(value, bool):
        return Signal(holds=value, value=value, field=name) if _IS_LOW.search(name) else None
    if isinstance(value, str):
        word = value.strip().lower()
        holds = True if word in _LOW else False if word in _FINE else None
        return Signal(holds=holds, value=value[:64], field=name)
    if _IS_LOW.search(name):
        return Signal(holds=bool(value), value=value, field=name)
    return _level(name, float(value), settings)


def _level(name: str, value: float, settings: LowBattery) -> Signal | None:
    if not 0 < value < 100_000 or MILLI < value < LEAST_MILLIVOLTS:
        return None  # 0 is what a device without a battery reports, 255 in LoRaWAN one that cannot tell
    short = name.lower()
    in_percent = "percent" in short or short.endswith(("pct", "level_percent"))
    if in_percent or (MAX_VOLTS < value <= MILLI and "volt" not in short and not short.endswith("_v")):
        return _compared(name, value, settings.percent or 0.0, 5.0, PERCENT)
    volts = value / 1000 if value > MILLI else value
    return _compared(name, volts, settings.volts or 0.0, 0.1, VOLTS)


def _compared(name: str, value: float, threshold: float, margin: float, unit: str) -> Signal:
    # Between the threshold and the margin above it nothing changes: a battery recovers a little when it is warm.
    holds = True if value < threshold else None if value < threshold + margin else False
    return Signal(holds=holds, value=value, threshold=threshold, unit=unit, field=name)


def tamper_signal(values: Mapping[str, Scalar], settings: Tamper) -> Signal | None:
    """What a reading says about tampering; None if nothing."""
    named = list(_named(values, settings.fields or ()))
    raised = next((name for name in named if _is_true(values[name])), None)
    if raised is not None:
        return Signal(holds=True, value=values[raised], field=raised)
    return Signal(holds=False, field=named[0]) if named else None


def _named(values: Mapping[str, Scalar], fields: Iterable[str]) -> Iterable[str]:
    for field in fields:
        if not field.endswith(".*"):
            if field in values:
                yield field
            continue
        for name in values:
            if name.startswith(field[:-1]) and (_TAMPERING.search(name) or not _NOT_TAMPERING.search(name)):
                yield name


def _is_true(value: Scalar) -> bool:
    return value.strip().lower() not in _NO if isinstance(value, str) else bool(value)
