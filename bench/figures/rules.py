"""Rules: the lag of a rule that evaluates every reading, and the duration of a rehearsal."""

from __future__ import annotations

import asyncio
import itertools
import random
import time

import httpx

from bench.context import SEED, Bench
from bench.server import Server, payload
from bench.table import Must, Row

DEVICES = 1_000
PER_SECOND = 2_000
BATCHES_PER_SECOND = 10
LOADED_AT_ONCE = 1_000
_JSON = {"Content-Type": "application/json"}
_CHANCE = random.Random(SEED)
CONDITION = 'reading.values.temperature > 34.9 && device.name != "x"'
DEFINITION = {
    "trigger": {"type": "reading", "sensors": ["temperature"]},
    "condition": CONDITION,
    "actions": [{"type": "label", "key": "hot", "value": "{{ reading.values.temperature }}"}],
}


def measure(bench: Bench) -> list[Row]:
    rehearsed = 100_000 if bench.quick else 1_000_000
    with bench.server("rules") as server:
        rows = [asyncio.run(_lag(server, bench.seconds(20, 4)))]
    with bench.server("rehearsal") as server:
        return [*rows, asyncio.run(_rehearsal(bench, server, rehearsed))]


def _client(server: Server) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=server.running.base_url, headers=server.key_headers, timeout=60)


async def _lag(server: Server, seconds: float) -> Row:
    """Send batches at a fixed rate, and ask the server ten times per second how many readings no rule has evaluated yet."""
    devices = [device.id for device in await asyncio.to_thread(server.create_devices, DEVICES)]
    async with _client(server) as client:
        rule = (await client.post("/api/v2/rules", json={"name": "every reading", "definition": DEFINITION})).json()
        deployed = await client.post(f"/api/v2/rules/{rule['id']}/versions/{rule['newest']['id']}/deploy")
        deployed.raise_for_status()
        for first in range(0, DEVICES, 200):  # the rules' cache of devices is filled once
            (await client.post("/api/v2/telemetry", content=_batch(devices, first, 200), headers=_JSON)).raise_for_status()
            await asyncio.sleep(0.5)
        lags: list[float] = []
        server.process.restart_clock()
        begun, sent = time.perf_counter(), 0
        for number in range(int(seconds * BATCHES_PER_SECOND)):
            await asyncio.sleep(max(begun + number / BATCHES_PER_SECOND - time.perf_counter(), 0))
            answer = await client.post(
                "/api/v2/telemetry", content=_batch(devices, sent, PER_SECOND // BATCHES_PER_SECOND), headers=_JSON
            )
            answer.raise_for_status()
            sent += PER_SECOND // BATCHES_PER_SECOND
            lags.append(await _waiting(client))
        took_s, cpu = time.perf_counter() - begun, server.process.cpu()
        runs = (await client.get(f"/api/v2/rules/{rule['id']}/executions", params={"limit": 1_000})).json()["data"]
    lags.sort()
    return Row(
        figure=f"CEL rule on every reading at {PER_SECOND:,} readings/s: longest lag",
        value=lags[-1] / PER_SECOND,
        unit="s",
        must=Must(at_most=1),
        note=f"{sent / took_s:,.0f} readings/s of {DEVICES:,} devices; after each batch {lags[len(lags) // 2]:,.0f} readings "
        f"wait (p50), {lags[-1]:,.0f} at most; {len(runs)} runs seen; server {cpu:.0%} of a core",
    )


def _batch(devices: list[str], first: int, count: int) -> bytes:
    rows = [
        b'{"device_id":"%s","data":%s}' % (devices[number % len(devices)].encode(), payload(_CHANCE))
        for number in range(first, first + count)
    ]
    return b"[" + b",".join(rows) + b"]"


async def _waiting(client: httpx.AsyncClient) -> float:
    lines = (await client.get("/metrics")).text.splitlines()
    return next(float(line.split()[-1]) for line in lines if not line.startswith("#") and "rules_lag" in line)


async def _rehearsal(bench: Bench, server: Server, count: int) -> Row:
    devices = [device.id for device in await asyncio.to_thread(server.create_devices, DEVICES)]
    async with _client(server) as client:
        for first in itertools.count(0, LOADED_AT_ONCE):
            if first >= count:
                break
            answer = await client.post("/api/v2/telemetry", content=_batch(devices, first, LOADED_AT_ONCE), headers=_JSON)
            answer.raise_for_status()
        await asyncio.to_thread(server.wait_until_caught_up)
        rule = (await client.post("/api/v2/rules", json={"name": "rehearsed", "definition": DEFINITION})).json()
        bench.clock(server, 30)()
        begun = time.perf_counter()
        span = {"from": "2020-01-01T00:00:00Z", "to": "2099-01-01T00:00:00Z"}
        answer = await client.post(f"/api/v2/rules/{rule['id']}/rehearse", json=span)
        assert answer.status_code == 202, answer.text
        found = answer.json()
        while found["state"] == "running":
            await asyncio.sleep(0.1)
            answer = await client.get(f"/api/v2/rehearsals/{found['id']}")
            assert answer.status_code == 200, answer.text
            found = answer.json()
        took_s, cpu = time.perf_counter() - begun, server.process.cpu()
    assert (found["state"], found["read"]) == ("done", count), found["reason"]
    return Row(
        figure=f"rehearsal of {count:,} readings",
        value=took_s,
        unit="s",
        must=Must(at_most=30, aim=15) if count == 1_000_000 else Must(at_most=30),
        note=f"of {DEVICES:,} devices; it would have run {found['fired']:,} times; "
        f"{cpu * took_s:.1f} s of the server's CPU, {cpu:.0%} of a core",
    )
