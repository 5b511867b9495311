"""Durable ingest of single readings, as devices send them. A 200 means that the reading is on disk."""

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
    with bench.server("ingest") as server:
        devices = server.create_devices(DEVICES)
        requests = [ingest_requests(devices[number % DEVICES], chance) for number in range(CONNECTIONS)]
        answer = run(send_all(server.port, requests[0][:1]))[0]
        # The bare front door gets the same requests: it reads the body, and responds with JSON of the same size.
        with bench.front_door("bare", len(answer)) as (port, process):
            limit = Side(port, process, requests)
            side = by_turns(bench, server, requests, limit)
    result = side.result
    return [
        Row(
            figure=f"single readings, durable: requests ({CONNECTIONS} connections, {DEVICES} devices)",
            value=result.rate,
            unit="/s",
            must=Must(share=0.35, aim=0.60),
            limit=limit.result.rate,
            limit_name="bare ASGI, same front door",
            note=cost(side, limit),
        ),
        Row(
            figure="single readings, durable: p99",
            value=result.percentile_ms(99),
            unit="ms",
            limit=limit.result.percentile_ms(99),
            limit_name="bare ASGI",
            note=f"p50 {result.percentile_ms(50):.2f} ms",
        ),
    ]
