"""The machine of the figures: its description, the speed of its disk, and the assignment of processes to cores."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

SYNCS = 200
SERVER_CORE, LOAD_CORE = 0, 1


@dataclass(frozen=True)
class Machine:
    """The properties that figures depend on. Units: as the names say."""

    cpu_model: str
    cores: int
    ram_bytes: int
    fsync_p50_us: float
    fsync_p99_us: float
    load_before: float
    python: str
    sqlite: str
    kernel: str

    def lines(self) -> list[str]:
        """The description for the table."""
        return [
            f"{self.cores} cores of {self.cpu_model}, {self.ram_bytes / 2**30:.0f} GiB RAM, Linux {self.kernel}",
            f"Python {self.python}, SQLite {self.sqlite}, "
            f"fsync of 4 kB: p50 {self.fsync_p50_us:.0f} µs, p99 {self.fsync_p99_us:.0f} µs",
            f"load average at the start: {self.load_before:.2f}"
            + ("  (other processes were running: expect lower figures)" if self.load_before > 0.5 else ""),
        ]

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def measure_machine(folder: Path) -> Machine:
    """Describe the machine, including the disk that contains `folder`."""
    syncs_us = sorted(_fsync_us(folder))
    return Machine(
        cpu_model=_cpu_model(),
        cores=len(os.sched_getaffinity(0)),
        ram_bytes=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        fsync_p50_us=statistics.median(syncs_us),
        fsync_p99_us=syncs_us[int(len(syncs_us) * 0.99)],
        load_before=os.getloadavg()[0],
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        kernel=platform.release().partition("-")[0],
    )


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _fsync_us(folder: Path) -> list[float]:
    path = folder / "fsync"
    took_us = []
    with path.open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(b"\0" * 4096)
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            took_us.append((time.perf_counter() - begun) * 1e6)
    path.unlink()
    return took_us


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Processes started inside run on this core with all their threads; None leaves the choice to the kernel."""
    before = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Process:
    """The processor time of another process, from /proc."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._since = (time.perf_counter(), self.cpu_s())

    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss_bytes(self) -> int:
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def restart_clock(self) -> None:
        self._since = (time.perf_counter(), self.cpu_s())

    def cpu(self) -> float:
        """The share of one core since the clock was started."""
        at, used_s = self._since
        return (self.cpu_s() - used_s) / max(time.perf_counter() - at, 1e-9)
