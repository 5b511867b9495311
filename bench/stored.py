"""The server with a large history: a device with a million readings, one per second, and one with a month of minutes.

It is loaded once per run, over the batch call, and used by every figure about stored readings.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from bench.context import SEED, Bench
from bench.loadgen import run, send_all
from bench.server import Device, Server, payload, start

READINGS = 1_000_000
MINUTES = 43_200
ROWS_PER_REQUEST = 5_000
CONNECTIONS = 4


class Stored:
    """The data directory and its server, which can be stopped and started again."""

    def __init__(self, data_dir: Path, *, pinned: bool) -> None:
        self.data_dir = data_dir
        self._pinned = pinned
        self.server: Server = start(data_dir, pinned=pinned)
        self.large, self.monthly = self.server.create_devices(2)
        end_s = int(time.time()) // 60 * 60
        self.first_s = end_s - READINGS
        self.first_minute_s = end_s - MINUTES * 60
        self.readings = READINGS + MINUTES
        self._load(self.large, self.first_s, READINGS, 1)
        self._load(self.monthly, self.first_minute_s, MINUTES, 60)
        self.server.wait_until_caught_up()

    @property
    def segment(self) -> Path:
        """The segment file that holds all readings (the second, if midnight UTC passed in the meantime)."""
        return max((self.data_dir / "telemetry").glob("*.db"), key=lambda path: path.stat().st_size)

    def connection(self) -> sqlite3.Connection:
        """A read connection to the segment, for the limits."""
        return sqlite3.connect(f"file:{self.segment}?mode=ro", uri=True, isolation_level=None)

    def restart(self) -> float:
        """Start the server on the same data. Returns the seconds until it prints that it listens."""
        begun = time.perf_counter()
        self.server = start(self.data_dir, self.server.org, pinned=self._pinned)
        return time.perf_counter() - begun

    def _load(self, device: Device, first_s: int, count: int, step_s: int) -> None:
        chance = random.Random(SEED)

        def bodies() -> Iterator[bytes]:
            for start_ in range(0, count, ROWS_PER_REQUEST):
                numbers = range(start_, min(start_ + ROWS_PER_REQUEST, count))
                rows = [b'{"time":%d,"data":%s}' % (first_s + number * step_s, payload(chance)) for number in numbers]
                yield self.server.post(f"/api/v2/devices/{device.id}/telemetry", b"[" + b",".join(rows) + b"]")

        run(send_all(self.server.port, bodies(), CONNECTIONS))


def stored(bench: Bench) -> Stored:
    """The running server with the large history."""
    if bench.stored is None:
        bench.stored = Stored(bench.new_folder("stored"), pinned=bench.pinned)
    elif bench.stored.server.running.process.poll() is not None:
        bench.stored.restart()
        bench.stored.server.wait_until_caught_up()
    return bench.stored
