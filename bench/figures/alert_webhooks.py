"""From a reading to the webhook of the alert that it raises, under the load of other devices."""

from __future__ import annotations

import asyncio
import itertools
import time

import httpx
import msgspec

from bench.context import Bench
from bench.loadgen import percentile
from bench.receiver import Receiver
from bench.server import fresh_server
from bench.table import Must, Row

PER_SECOND = 1_000
BATCHES_PER_SECOND = 50
DEVICES = 1_000
PROBES_PER_SECOND = 10
WARM_S = 4.0
"""The time in which all devices come online, each with an event."""
SETTINGS = {"PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "127.0.0.1"}
_JSON = {"Content-Type": "application/json"}


def measure(bench: Bench) -> list[Row]:
    with fresh_server(bench.new_folder("alert_webhooks"), pinned=bench.pinned, environment=SETTINGS) as server:
        others = [device.id for device in server.create_devices(DEVICES)]
        return [asyncio.run(_measure(server.running.base_url, server.key_headers, others, bench.seconds(20, 4)))]


async def _measure(base_url: str, headers: dict[str, str], others: list[str], seconds: float) -> Row:
    receiver = Receiver(lambda body: body["data"]["value"])
    listener = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/"
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=60) as client:
        device = (await client.post("/api/v2/devices", json={"name": "Pump"})).json()["device"]["id"]
        condition = {"type": "threshold", "field": "v", "operator": ">", "value": 0}
        alert = {"name": "Over", "target": {"devices": [device]}, "condition": condition}
        (await client.post("/api/v2/alerts", json=alert)).raise_for_status()
        (await client.post("/api/v2/webhooks", json={"url": url, "topics": ["alert.raised"]})).raise_for_status()
        load = asyncio.create_task(_load(client, others, seconds + WARM_S))
        await asyncio.sleep(WARM_S)
        sent = await _probe(client, f"/api/v2/devices/{device}/telemetry", int(seconds * PROBES_PER_SECOND))
        count, took_s = await load
        deadline = time.perf_counter() + 10
        while not sent.keys() <= receiver.came.keys() and time.perf_counter() < deadline:
            await asyncio.sleep(0.05)
    listener.close()
    delays_s = [receiver.came.get(value, float("inf")) - at_s for value, at_s in sent.items()]
    return Row(
        figure=f"reading → alert webhook at {PER_SECOND:,} readings/s: p99",
        value=percentile(delays_s, 99) * 1_000,
        unit="ms",
        must=Must(at_most=250),
        note=f"p50 {percentile(delays_s, 50) * 1_000:.0f} ms, longest {max(delays_s) * 1_000:.0f} ms, of {len(delays_s):,} "
        f"alerts, from sending the reading to the receiver; with {count / took_s:,.0f} readings/s of {DEVICES:,} other devices",
    )


async def _load(client: httpx.AsyncClient, devices: list[str], seconds: float) -> tuple[int, float]:
    """Send readings of other devices at a fixed rate. Returns their number and the duration."""
    turn, size = itertools.cycle(devices), PER_SECOND // BATCHES_PER_SECOND
    begun = time.perf_counter()
    for number in range(int(seconds * BATCHES_PER_SECOND)):
        await asyncio.sleep(max(begun + number / BATCHES_PER_SECOND - time.perf_counter(), 0))
        rows = [{"device_id": next(turn), "data": {"v": -number}} for _ in range(size)]
        (await client.post("/api/v2/telemetry", content=msgspec.json.encode(rows), headers=_JSON)).raise_for_status()
    return int(seconds * BATCHES_PER_SECOND) * size, time.perf_counter() - begun


async def _probe(client: httpx.AsyncClient, path: str, count: int) -> dict[float, float]:
    """Send readings that raise and clear the alert in turn. Returns when each raising one was sent, by its value."""
    sent: dict[float, float] = {}
    for value in range(1, count + 1):
        sent[value] = begun = time.perf_counter()
        (await client.post(path, json={"data": {"v": value}})).raise_for_status()
        await asyncio.sleep(max(begun + 0.5 / PROBES_PER_SECOND - time.perf_counter(), 0))
        (await client.post(path, json={"data": {"v": -1}})).raise_for_status()
        await asyncio.sleep(max(begun + 1 / PROBES_PER_SECOND - time.perf_counter(), 0))
    return sent
