"""More load than the server can handle: it must reject in time, with the correct response, and recover immediately."""

from __future__ import annotations

import asyncio
import random

from bench.context import SEED, Bench
from bench.http import now
from bench.loadgen import Result, closed_loop, run
from bench.server import Server, payload
from bench.table import Must, Row

CONNECTIONS = 400
NORMAL_CONNECTIONS = 8
ROWS = 1_000
BODIES = 16
SAMPLE_S = 0.05
NORMAL = 0.8
"""The share of the rate before the overload that counts as recovered."""
RECOVERY_S = 10.0


def measure(bench: Bench) -> list[Row]:
    with bench.server("overload") as server:
        requests = _requests(server)
        normal = run(closed_loop(server.port, [requests] * NORMAL_CONNECTIONS, bench.warm_s, 2.0)).checked()
        seconds = bench.seconds(60, 8)
        bench.clock(server, seconds)()
        under, rss_bytes = run(_overload(server, requests, seconds))
        alive_s = server.health_s()
        recovered_s = _recovery_s(server, requests, normal.rate)
    offered = under.statuses.total() / under.seconds
    refused = under.statuses.total() - under.statuses[201]
    improper = refused - under.statuses[503] + under.without_retry_after
    name = f"overload, {CONNECTIONS} connections of {ROWS:,}-reading batches"
    return [
        Row(
            figure=f"{name}: maximum memory (RSS)",
            value=rss_bytes / 1e6,
            unit="MB",
            note=f"before: {normal.rate * ROWS:,.0f} readings/s; offered {offered * ROWS:,.0f}/s, "
            f"{offered / normal.rate:.1f} × as much; p99 of the stored ones {under.percentile_ms(99):,.0f} ms",
        ),
        Row(
            figure=f"{name}: readings stored nevertheless",
            value=under.rate * ROWS,
            unit="/s",
            must=Must(share=NORMAL),
            limit=normal.rate * ROWS,
            limit_name="before it",
        ),
        Row(
            figure=f"{name}: share rejected with 503 and Retry-After",
            value=100 * (refused - improper) / max(under.statuses.total(), 1),
            unit="%",
            note=f"responses by status: {dict(sorted(under.statuses.items()))}",
        ),
        Row(
            figure=f"{name}: other rejections and lost connections",
            value=improper + under.lost,
            unit="",
            must=Must(at_most=1),
        ),
        Row(figure=f"{name}: /health right after", value=alive_s, unit="s", must=Must(at_most=1)),
        Row(figure=f"{name}: until the rate has recovered", value=recovered_s, unit="s", must=Must(at_most=RECOVERY_S)),
    ]


async def _overload(server: Server, requests: list[bytes], seconds: float) -> tuple[Result, int]:
    most = 0

    async def sample() -> None:
        nonlocal most
        while True:
            most = max(most, server.process.rss_bytes())
            await asyncio.sleep(SAMPLE_S)

    sampling = asyncio.create_task(sample())
    try:
        return await closed_loop(server.port, [requests] * CONNECTIONS, 0.0, seconds), most
    finally:
        sampling.cancel()


def _recovery_s(server: Server, requests: list[bytes], normal_rate: float) -> float:
    """Seconds until ordinary load has the normal rate again for one second, without rejections."""
    begun = now()
    while (passed_s := now() - begun) < RECOVERY_S:
        again = run(closed_loop(server.port, [requests] * NORMAL_CONNECTIONS, 0.0, 1.0))
        if again.rate >= NORMAL * normal_rate and len(again.latencies_s) == again.statuses.total():
            return passed_s
    return float("inf")


def _requests(server: Server) -> list[bytes]:
    chance = random.Random(SEED)
    devices = server.create_devices(50)

    def row() -> bytes:
        return b'{"device_id":"%s","data":%s}' % (chance.choice(devices).id.encode(), payload(chance))

    bodies = (b"[" + b",".join(row() for _ in range(ROWS)) + b"]" for _ in range(BODIES))
    return [server.post("/api/v2/telemetry", body) for body in bodies]
