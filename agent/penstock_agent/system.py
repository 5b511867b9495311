"""The built-in telemetry from the kernel: processor, memory, disk, temperature. Unavailable values are omitted."""

from __future__ import annotations

import os
from pathlib import Path

CHANNEL = "system"


class SystemProbe:
    """Reads the machine's state. Processor load is measured since the last call."""

    def __init__(self, root: Path = Path("/")) -> None:
        """`root` contains proc and sys."""
        self._root = root
        self._cpu_before = self._cpu_times()

    def read(self) -> dict[str, float]:
        """The currently available values.

        Units: percent; temperature_c in degrees Celsius; uptime_s in seconds.
        """
        found = {
            "cpu_percent": self._cpu_percent(),
            "memory_percent": self._memory_percent(),
            "disk_percent": self._disk_percent(),
            "temperature_c": self._temperature_c(),
            "uptime_s": self._number("proc/uptime"),
        }
        return {name: round(value, 1) for name, value in found.items() if value is not None}

    def _cpu_times(self) -> tuple[int, int] | None:
        """Ticks since the start: all, and idle ones."""
        text = self._text("proc/stat")
        # The first eight columns: the kernel counts the time of guests, which follows, as user time too.
        ticks = [int(word) for word in text.split("\n", 1)[0].split()[1:9]] if text.startswith("cpu ") else []
        return (sum(ticks), ticks[3] + ticks[4]) if len(ticks) >= 5 else None

    def _cpu_percent(self) -> float | None:
        before, now = self._cpu_before, self._cpu_times()
        self._cpu_before = now
        if before is None or now is None or now[0] <= before[0]:
            return None
        return 100 * (1 - (now[1] - before[1]) / (now[0] - before[0]))

    def _memory_percent(self) -> float | None:
        lines = (line.split() for line in self._text("proc/meminfo").splitlines())
        kib = {words[0]: int(words[1]) for words in lines if len(words) >= 2 and words[1].isdigit()}
        # Not MemFree: the kernel frees its caches when memory is required.
        total, available = kib.get("MemTotal:"), kib.get("MemAvailable:")
        return 100 * (1 - available / total) if total and available is not None else None

    def _disk_percent(self) -> float | None:
        try:
            disk = os.statvfs(self._root)
        except OSError:
            return None
        # Not f_bfree, which includes blocks that only root can use.
        return 100 * (1 - disk.f_bavail / disk.f_blocks) if disk.f_blocks else None

    def _temperature_c(self) -> float | None:
        milli = self._number("sys/class/thermal/thermal_zone0/temp")
        return milli / 1000 if milli is not None else None

    def _number(self, path: str) -> float | None:
        try:
            return float(self._text(path).split()[0])
        except (IndexError, ValueError):
            return None

    def _text(self, path: str) -> str:
        try:
            return (self._root / path).read_text("ascii", "replace")
        except OSError:
            return ""
