"""The values that rules cache for a device while they follow the log: the last value of each sensor, and windows.

All of it is derived from readings and can be lost: after a restart it is loaded from the store again. Memory is bounded: a
window
holds only its newest values, and when the cache holds too many devices it is cleared.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import msgspec

from penstock.core.rules.definition import Window, WindowFunction
from penstock.core.telemetry.fields import Scalar, flatten
from penstock.core.telemetry.models import Reading
from penstock.kit.clock import MINUTE_US
from penstock.kit.ids import DeviceId

MAX_VALUES = 5_000
"""Maximum values of one sensor in a window; the newest are used."""
MAX_DEVICES = 20_000


class _Series:
    """Values of one sensor by time, earliest first."""

    __slots__ = ("times", "values")

    def __init__(self) -> None:
        self.times: list[int] = []
        self.values: list[float] = []

    def add(self, time_us: int, value: float, length_us: int) -> None:
        times, values = self.times, self.values
        # Readings usually arrive in order, which needs no search.
        at = len(times) if not times or times[-1] <= time_us else bisect_right(times, time_us)
        times.insert(at, time_us)
        values.insert(at, value)
        # Old values are deleted only once they are half of the list, so that each deletion is paid for by many additions.
        old = len(times) // 2
        if len(times) > 2 * MAX_VALUES or (old > 16 and times[old] <= times[-1] - length_us):
            old = max(bisect_right(times, times[-1] - length_us), len(times) - MAX_VALUES)
            del times[:old], values[:old]

    def between(self, after_us: int, until_us: int) -> list[float]:
        begin, end = bisect_right(self.times, after_us), bisect_right(self.times, until_us)
        return self.values[max(begin, end - MAX_VALUES) : end]


class _Latest:
    """The last value of each sensor by event time."""

    __slots__ = ("_names", "_time_us", "_times", "values")

    def __init__(self) -> None:
        self.values: dict[str, Scalar] = {}
        self._time_us = 0
        self._names: AbstractSet[str] = frozenset()
        """The sensors of the newest reading, which have its time; usually all readings have the same."""
        self._times: dict[str, int] = {}
        """The times of the other sensors."""

    def add(self, time_us: int, values: Mapping[str, Scalar]) -> None:
        if time_us < self._time_us:
            self._add_late(time_us, values)
            return
        if values.keys() != self._names:
            self._times.update(dict.fromkeys(self._names, self._time_us))
            self._names = frozenset(values)
        self._time_us = time_us
        self.values.update(values)

    def _add_late(self, time_us: int, values: Mapping[str, Scalar]) -> None:
        for sensor, value in values.items():
            if sensor not in self._names and time_us >= self._times.get(sensor, time_us):
                self.values[sensor], self._times[sensor] = value, time_us


class WindowCache:
    """Last values and windows, by device."""

    def __init__(self) -> None:
        self._latest: dict[DeviceId, _Latest] = {}
        self._series: dict[DeviceId, dict[str, _Series]] = {}

    def has(self, device_id: DeviceId) -> bool:
        """Whether the device is cached; if not, call `begin` first."""
        return device_id in self._latest

    def load(self, device_id: DeviceId, before: Iterable[Reading], windows: Mapping[str, int]) -> None:
        """Cache a device, from its earlier readings in any order. `windows` maps sensors to lengths in microseconds."""
        if len(self._latest) >= MAX_DEVICES:
            self.clear()
        self._latest[device_id], self._series[device_id] = _Latest(), {}
        for reading in sorted(before, key=lambda one: (one.time_us, one.seq)):
            self.add(device_id, reading.time_us, flatten(msgspec.json.decode(reading.payload)), windows)

    def add(self, device_id: DeviceId, time_us: int, values: Mapping[str, Scalar], windows: Mapping[str, int]) -> None:
        """Add the values of a reading. `windows` maps the sensors that windows use to their longest length."""
        self._latest[device_id].add(time_us, values)
        series = self._series[device_id]
        for sensor, length_us in windows.items():
            value = values.get(sensor)
            if not isinstance(value, int | float) or isinstance(value, bool):
                continue
            points = series.get(sensor)
            if points is None:
                points = series[sensor] = _Series()
            points.add(time_us, float(value), length_us)

    def latest(self, device_id: DeviceId) -> Mapping[str, Scalar]:
        """The last value of each sensor of a device."""
        found = self._latest.get(device_id)
        return {} if found is None else found.values

    def window(self, device_id: DeviceId, windows: Sequence[Window], now_us: int) -> dict[str, float]:
        """The values of windows that end at `now_us`, by name. A window without values has only a count."""
        found: dict[str, float] = {}
        series = self._series.get(device_id, {})
        for window in windows:
            from_us = now_us - window.minutes * MINUTE_US
            points = series.get(window.sensor)
            values = points.between(from_us, now_us) if points else []
            if values or window.function is WindowFunction.COUNT:
                found[window.name] = _made_of(window.function, values)
        return found

    def forget(self, device_id: DeviceId) -> None:
        """Remove a device from the cache."""
        self._latest.pop(device_id, None)
        self._series.pop(device_id, None)

    def clear(self) -> None:
        """Clear the cache, because it is full or the set of windows has changed."""
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
