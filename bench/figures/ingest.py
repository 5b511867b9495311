"""Durable ingest of single readings, as devices send them: a 200 means that the reading is on disk."""

from __future__ import annotations

import random

from bench.context import SEED, Bench
from bench.http import request
from bench.loadgen import closed_loop, run, send_all
from bench.server import ingest_requests
from bench.table import Must, Row

CONNECTIONS = 64
DEVICES = 64


def measure(bench: Bench) -> list[Row]:
    chance = random.Random(SEED)
    measure_s = bench.seconds(8, 3)
    with bench.server("ingest") as server:
        devices = server.create_devices(DEVICES)
        requests = [ingest_requests(devices[number % DEVICES], chance) for number in range(CONNECTIONS)]
        answer = run(send_all(server.port, requests[0][:1]))[0]
        begin = bench.clock(server, measure_s)
        result = run(closed_loop(server.port, requests, bench.warm_s, measure_s, begin)).checked()
        server_cpu = server.process.cpu()
    # The same bytes to the bare front door: it reads the body, and answers JSON of the same size.
    body = requests[0][0].partition(b"\r\n\r\n")[2]
    head = {"authorization": f"Bearer {devices[0].token}"}
    bare_request = request("POST", "/api/devices/ingest", head, body)
    with bench.front_door("bare", len(answer)) as (port, bare):
        work = closed_loop(port, [[bare_request]] * CONNECTIONS, bench.warm_s, bench.seconds(5, 2), bare.restart_clock)
        limit = run(work).checked()
        bare_cpu = bare.cpu()
    return [
        Row(
            figure=f"single readings, durable: requests ({CONNECTIONS} connections, {DEVICES} devices)",
            value=result.rate,
            unit="/s",
            must=Must(share=0.35, aim=0.60),
            limit=limit.rate,
            limit_name="bare ASGI, same front door",
            note=f"of a core: server {server_cpu:.0%}, generator {result.cpu:.0%}; "
            f"at the limit: {bare_cpu:.0%} and {limit.cpu:.0%}",
        ),
        Row(
            figure="single readings, durable: p99",
            value=result.percentile_ms(99),
            unit="ms",
            limit=limit.percentile_ms(99),
            limit_name="bare ASGI",
            note=f"p50 {result.percentile_ms(50):.2f} ms",
        ),
    ]
