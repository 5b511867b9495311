"""The latest reading of a device, from memory, over the typed API."""

from __future__ import annotations

import random

from bench.compare import Side, by_turns, cost
from bench.context import SEED, Bench
from bench.loadgen import run, send_all
from bench.server import ingest_requests
from bench.table import Must, Row

CONNECTIONS = 64
DEVICES = 64


def measure(bench: Bench) -> list[Row]:
    chance = random.Random(SEED)
    with bench.server("latest") as server:
        devices = server.create_devices(DEVICES)
        run(send_all(server.port, [ingest_requests(device, chance, 1)[0] for device in devices]))
        requests = [[server.get(f"/api/v2/devices/{device.id}/telemetry/latest")] for device in devices[:CONNECTIONS]]
        with bench.front_door("framework") as (port, process):
            limit = Side(port, process, requests)
            side = by_turns(bench, server, requests, limit)
    result = side.result
    return [
        Row(
            figure=f"latest reading of a device: requests ({CONNECTIONS} connections)",
            value=result.rate,
            unit="/s",
            must=Must(share=0.50),
            limit=limit.result.rate,
            limit_name="bare typed handler, same front door",
            note=f"p50 {result.percentile_ms(50):.2f} ms, p99 {result.percentile_ms(99):.2f} ms; {cost(side, limit)}",
        )
    ]
