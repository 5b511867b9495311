"""The latest reading of one device, from memory, over the typed API."""

from __future__ import annotations

import random

from bench.context import SEED, Bench
from bench.loadgen import closed_loop, run, send_all
from bench.server import ingest_requests
from bench.table import Must, Row

CONNECTIONS = 64
DEVICES = 64


def measure(bench: Bench) -> list[Row]:
    measure_s = bench.seconds(6, 3)
    with bench.server("latest") as server:
        devices = server.create_devices(DEVICES)
        chance = random.Random(SEED)
        run(send_all(server.port, [ingest_requests(device, chance, 1)[0] for device in devices]))
        requests = [[server.get(f"/api/v2/devices/{device.id}/telemetry/latest")] for device in devices[:CONNECTIONS]]
        begin = bench.clock(server, measure_s)
        result = run(closed_loop(server.port, requests, bench.warm_s, measure_s, begin)).checked()
        server_cpu = server.process.cpu()
    with bench.front_door("framework") as (port, bare):
        limit = run(closed_loop(port, requests, bench.warm_s, bench.seconds(5, 2), bare.restart_clock)).checked()
        bare_cpu = bare.cpu()
    return [
        Row(
            figure=f"latest reading of a device: requests ({CONNECTIONS} connections)",
            value=result.rate,
            unit="/s",
            must=Must(share=0.50),
            limit=limit.rate,
            limit_name="bare typed handler, same front door",
            note=f"p50 {result.percentile_ms(50):.2f} ms, p99 {result.percentile_ms(99):.2f} ms; "
            f"of a core: server {server_cpu:.0%}, generator {result.cpu:.0%}; "
            f"at the limit: {bare_cpu:.0%} and {limit.cpu:.0%}",
        )
    ]
