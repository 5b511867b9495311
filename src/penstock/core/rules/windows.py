"""What rules remember of a device while they follow the log: the last values of its sensors, and windows of them.

All of it is made of readings, so it can be lost: after a restart it is read from the store again. Memory is bounded: a window
holds its newest values only, and when too many devices are remembered all are forgotten.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from penstock.core.rules.definition import Window, WindowFunction
from penstock.core.telemetry.fields import Scalar, flatten
from penstock.core.telemetry.models import Reading
from penstock.kit.clock import MINUTE_US

MAX_VALUES = 5_000
"""Values of one sensor that a window looks at: the newest."""
MAX_DEVICES = 20_000


class Memory:
    """Last values and windows, by device."""

    def __init__(self) -> None:
        self._latest: dict[int, dict[str, Scalar]] = {}
        self._series: dict[int, dict[str, list[tuple[int, float]]]] = {}

    def knows(self, device_id: int) -> bool:
        """Whether anything is remembered of a device; if not, `begin` is called first."""
        return device_id in self._latest

    def begin(self, device_id: int, before: Iterable[Reading], windows: Mapping[str, int]) -> None:
        """Start to remember a device, with its readings of before in any order. `windows`: sensor to length, in microseconds."""
        if len(self._latest) >= MAX_DEVICES:
            self._latest.clear()
            self._series.clear()
        self._latest[device_id], self._series[device_id] = {}, {}
        for reading in sorted(before, key=lambda one: (one.time_us, one.seq)):
            self.take(device_id, reading.time_us, flatten(msgspec.json.decode(reading.payload)), windows)

    def take(self, device_id: int, time_us: int, values: Mapping[str, Scalar], windows: Mapping[str, int]) -> None:
        """Note what a reading said. `windows`: the sensors of which windows are looked at, with the longest length."""
        self._latest[device_id].update(values)
        series = self._series[device_id]
        for sensor, length_us in windows.items():
            value = values.get(sensor)
            if not isinstance(value, int | float) or isinstance(value, bool):
                continue
            points = series.setdefault(sensor, [])
            if not points or points[-1][0] <= time_us:
                points.append((time_us, float(value)))
            else:
                insort(points, (time_us, float(value)))
            if len(points) > MAX_VALUES or (len(points) > 32 and points[len(points) // 2][0] <= points[-1][0] - length_us):
                keep_us = points[-1][0] - length_us
                series[sensor] = [point for point in points[-MAX_VALUES:] if point[0] > keep_us]

    def latest(self, device_id: int) -> Mapping[str, Scalar]:
        """The last value of each sensor of a device."""
        return self._latest.get(device_id, {})

    def window(self, device_id: int, windows: Sequence[Window], now_us: int) -> dict[str, float]:
        """The values of windows that end at a moment, by name. A window without values has a count only."""
        found: dict[str, float] = {}
        series = self._series.get(device_id, {})
        for window in windows:
            from_us = now_us - window.minutes * MINUTE_US
            values = [value for time_us, value in series.get(window.sensor, ()) if from_us < time_us <= now_us]
            if values or window.function is WindowFunction.COUNT:
                found[window.name] = _made_of(window.function, values)
        return found

    def forget(self, device_id: int) -> None:
        """Forget a device."""
        self._latest.pop(device_id, None)
        self._series.pop(device_id, None)

    def clear(self) -> None:
        """Forget all: other windows are wanted now."""
        self._latest.clear()
        self._series.clear()


def _made_of(function: WindowFunction, values: Sequence[float]) -> float:
    match function:
        case WindowFunction.COUNT:
            return float(len(values))
        case WindowFunction.SUM:
            return sum(values)
        case WindowFunction.MIN:
            return min(values)
        case WindowFunction.MAX:
            return max(values)
        case WindowFunction.AVG:
            return sum(values) / len(values)
