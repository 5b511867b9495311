"""From the start of the process to its first traffic, after a kill during writes, with a million readings."""

from __future__ import annotations

import random
import threading

from bench.context import SEED, Bench
from bench.loadgen import LoadFailed, closed_loop, run
from bench.server import payload
from bench.stored import READINGS, Stored, stored
from bench.table import Must, Row

WRITE_S = 1.0


def measure(bench: Bench) -> list[Row]:
    store = stored(bench)
    took_s = []
    for _ in range(2 if bench.quick else 3):
        _kill_while_writing(store)
        took_s.append(store.restart())
    return [
        Row(
            figure=f"start after kill -9 with {READINGS:,} readings (the longest of {len(took_s)})",
            value=max(took_s),
            unit="s",
            must=Must(at_most=2),
            note=", ".join(f"{one:.2f} s" for one in took_s),
        )
    ]


def _kill_while_writing(store: Stored) -> None:
    chance = random.Random(SEED)
    rows = b",".join(b'{"device_id":"%s","data":%s}' % (store.large.id.encode(), payload(chance)) for _ in range(500))
    message = store.server.post("/api/v2/telemetry", b"[" + rows + b"]")
    timer = threading.Timer(WRITE_S, store.server.running.process.kill)
    timer.start()
    result = run(closed_loop(store.server.port, [[message]] * 4, 0.0, WRITE_S * 2))
    timer.join()
    store.server.running.process.wait()
    if result.lost != 4:
        raise LoadFailed("the server was not killed during a write")
