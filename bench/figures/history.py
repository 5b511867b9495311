"""A thousand readings out of a million of one device, from random points in its history."""

from __future__ import annotations

import random

from bench.context import SEED, Bench
from bench.limits import median_ms
from bench.loadgen import closed_loop, run
from bench.stored import READINGS, Stored, stored
from bench.table import Must, Row
from penstock.kit.ids import Prefix, decode

COUNT = 1_000
WINDOWS = 200
FETCH = """SELECT r.seq, r.org_id, r.device_id, r.time_us, r.delay_us, r.flags, r.kind, r.channel, r.payload
    FROM readings_by_device AS i JOIN readings AS r ON r.seq = i.seq
    WHERE i.device_id = ? AND i.time_us >= ? AND i.time_us < ? ORDER BY i.time_us DESC LIMIT ?"""


def measure(bench: Bench) -> list[Row]:
    store = stored(bench)
    chance = random.Random(SEED)
    starts_s = [store.first_s + chance.randrange(READINGS - COUNT) for _ in range(WINDOWS)]
    requests = [store.server.get(_path(store, start_s)) for start_s in starts_s]
    measure_s = bench.seconds(5, 2)
    begin = bench.clock(store.server, measure_s)
    result = run(closed_loop(store.server.port, [requests], bench.warm_s, measure_s, begin)).checked()
    cpu_ms = store.server.process.cpu() * result.seconds / len(result.latencies_s) * 1000
    limit = _raw_ms(store, starts_s, bench.seconds(2, 1))
    return [
        Row(
            figure=f"history: {COUNT:,} readings of a device that has {READINGS:,}: p50",
            value=result.percentile_ms(50),
            unit="ms",
            must=Must(at_most=10),
            limit=limit,
            limit_name="raw SQL of the same rows",
            note=f"p99 {result.percentile_ms(99):.2f} ms, server's CPU {cpu_ms:.2f} ms; one connection, "
            "windows from the device's whole history",
        )
    ]


def _path(store: Stored, start_s: int) -> str:
    span = f"from={start_s}&to={start_s + COUNT}&limit={COUNT}"
    return f"/api/v2/devices/{store.large.id}/telemetry?{span}"


def _raw_ms(store: Stored, starts_s: list[int], seconds: float) -> float:
    device_id = decode(Prefix.DEVICE, store.large.id)
    connection = store.connection()
    numbers = iter(range(10**9))

    def fetch() -> None:
        start_s = starts_s[next(numbers) % len(starts_s)]
        params = (device_id, start_s * 1_000_000, (start_s + COUNT) * 1_000_000, COUNT)
        assert len(connection.execute(FETCH, params).fetchall()) == COUNT

    try:
        return median_ms(fetch, seconds)
    finally:
        connection.close()
