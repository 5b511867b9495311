"""Webhooks: the rate of deliveries to a receiver on this machine, and the effect of a dead endpoint on a healthy one."""

from __future__ import annotations

import asyncio
import time

import httpx

from bench.context import Bench
from bench.receiver import Receiver
from bench.server import fresh_server
from bench.table import Must, Row

BATCH = 500
PROBES = 100
DEAD = "http://127.0.0.1:9/"
SETTINGS = {"PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "127.0.0.1"}


def measure(bench: Bench) -> list[Row]:
    with fresh_server(bench.new_folder("webhooks"), pinned=bench.pinned, environment=SETTINGS) as server:
        return asyncio.run(_measure(server.running.base_url, server.key_headers, 2_000 if bench.quick else 10_000))


async def _measure(base_url: str, headers: dict[str, str], count: int) -> list[Row]:
    receiver = Receiver(lambda body: body["data"]["data"]["v"])
    listener = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/"
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as client:
        device = (await client.post("/api/v2/devices", json={"name": "Pump"})).json()["device"]["id"]
        path = f"/api/v2/devices/{device}/telemetry"
        await client.post("/api/v2/webhooks", json={"url": url, "topics": ["reading.*"]})
        took_s = await _load(client, path, receiver, 0, count)
        alone_ms = await _probe(client, path, receiver, 1_000_000)
        await client.post("/api/v2/webhooks", json={"url": DEAD, "topics": ["reading.*"]})
        await _load(client, path, receiver, 2_000_000, count)
        with_dead_ms = await _probe(client, path, receiver, 3_000_000)
    listener.close()
    return [
        Row(
            figure="webhooks delivered to one receiver on this machine",
            value=count / took_s,
            unit="/s",
            must=Must(at_least=500),
            note=f"{count:,} messages, from the first delivery to the last",
        ),
        Row(
            figure=f"from a reading to its receiver, next to a dead endpoint with {count:,} waiting: p50",
            value=with_dead_ms,
            unit="ms",
            must=Must(at_most=alone_ms + 5),
            note=f"{alone_ms:.1f} ms without the dead one",
        ),
    ]


async def _load(client: httpx.AsyncClient, path: str, receiver: Receiver, first: int, count: int) -> float:
    """Send many readings and wait until all are delivered. Returns the seconds from the first delivery to the last."""
    for begin in range(first, first + count, BATCH):
        rows = [{"data": {"v": value}} for value in range(begin, begin + BATCH)]
        (await client.post(path, json=rows)).raise_for_status()
    expected = range(first, first + count)
    while not all(value in receiver.came for value in expected):
        await asyncio.sleep(0.05)
    times = [receiver.came[value] for value in expected]
    return max(times) - min(times)


async def _probe(client: httpx.AsyncClient, path: str, receiver: Receiver, first: int) -> float:
    """The median time in milliseconds from sending a reading to its delivery."""
    sent = {}
    for value in range(first, first + PROBES):
        sent[value] = time.perf_counter()
        (await client.post(path, json={"data": {"v": value}})).raise_for_status()
        await asyncio.sleep(0.02)
    while not all(value in receiver.came for value in sent):
        await asyncio.sleep(0.02)
    return sorted((receiver.came[value] - at_s) * 1_000 for value, at_s in sent.items())[PROBES // 2]
