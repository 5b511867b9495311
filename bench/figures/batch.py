"""Durable ingest of batches: a thousand readings of three values per request, of a thousand devices or of one."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import Any

from bench.context import SEED, Bench
from bench.limits import raw_append
from bench.loadgen import closed_loop, run
from bench.server import Device, Server, payload
from bench.table import Must, Row

CONNECTIONS = 8
ROWS = 1_000
BODIES_PER_CONNECTION = 2
MUST = Must(at_least=100_000, aim=275_000)


def measure(bench: Bench) -> list[Row]:
    chance = random.Random(SEED)
    with bench.server("batch") as server:
        devices = server.create_devices(ROWS)
        variants = {
            f"{ROWS:,} devices per request": _requests(server, devices, chance),
            "one device per request": _requests(server, devices[:1], chance),
            "one device per request, with event times": _requests(server, devices[:1], chance, timed=True),
        }
        measured: dict[str, tuple[float, str]] = {}
        limits: list[float] = []
        for (
            name,
            requests,
        ) in variants.items():  # alternately, so that other processes affect both
            measured[name] = _measure(bench, server, requests)
            limits.append(raw_append(bench.new_folder("raw.db"), _rows(chance), bench.seconds(1.5, 0.5)))
        bench.batch_dir = server.data_dir
    limit = max(limits)
    return [
        Row(
            figure=f"batches of {ROWS:,}, durable: readings, {name}",
            value=rate,
            unit="/s",
            must=MUST,
            limit=limit,
            limit_name="raw SQLite append",
            note=note,
        )
        for name, (rate, note) in measured.items()
    ]


def _measure(bench: Bench, server: Server, requests: list[list[bytes]]) -> tuple[float, str]:
    measure_s = bench.seconds(6, 1.6)
    begin = bench.clock(server, measure_s)
    result = run(closed_loop(server.port, requests, bench.warm_s, measure_s, begin)).checked()
    cpu = server.process.cpu()
    used = f"server {cpu:.0%} of a core (generator {result.cpu:.0%}), per second of CPU {result.rate * ROWS / cpu:,.0f}"
    return result.rate * ROWS, f"p50 {result.percentile_ms(50):.0f} ms, p99 {result.percentile_ms(99):.0f} ms; {used}"


def _requests(server: Server, devices: Sequence[Device], chance: random.Random, *, timed: bool = False) -> list[list[bytes]]:
    """Bodies for each connection. With event times, they are the thousand seconds before now."""
    first_s = int(time.time()) - ROWS

    def row(number: int) -> bytes:
        device = devices[number % len(devices)].id.encode()
        at = b'"time":"%s",' % _rfc3339(first_s + number) if timed else b""
        return b'{"device_id":"%s",%s"data":%s}' % (device, at, payload(chance))

    def body() -> bytes:
        return b"[" + b",".join(row(number) for number in range(ROWS)) + b"]"

    return [[server.post("/api/v2/telemetry", body()) for _ in range(BODIES_PER_CONNECTION)] for _ in range(CONNECTIONS)]


def _rfc3339(second: int) -> bytes:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second)).encode()


def _rows(chance: random.Random) -> list[tuple[Any, ...]]:
    """The rows that the log writes for a batch; SQLite counts the sequence numbers."""
    now_us = time.time_ns() // 1000
    org_id = chance.getrandbits(62)
    return [(None, org_id, chance.getrandbits(62), now_us, 0, 1, None, None, None, payload(chance)) for _ in range(ROWS)]
