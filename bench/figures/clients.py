"""What the Python client adds to a call of httpx: the same calls of one server with it and without it, by turns."""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from collections.abc import Callable, Iterator

import httpx

from bench.context import SEED, Bench
from bench.loadgen import percentile
from bench.server import Device, Server, payload
from bench.table import Must, Row
from penstock_client import AsyncClient, Client
from penstock_client._client import OWN

CALLS, QUICK_CALLS, WARM_CALLS = 10_000, 2_000, 200
MOST_US = 100.0


class Taken:
    """What the calls of both sides took, in seconds."""

    def __init__(self) -> None:
        self.client_s: list[float] = []
        self.bare_s: list[float] = []

    def row(self, name: str) -> Row:
        client_us, bare_us = (percentile(one, 50) * 1e6 for one in (self.client_s, self.bare_s))
        return Row(
            figure=f"Python client: {name}, added to a call",
            value=client_us - bare_us,
            unit="µs",
            must=Must(at_most=MOST_US),
            note=f"p50 {client_us:,.0f} µs, bare httpx {bare_us:,.0f} µs; {len(self.client_s):,} calls each, by turns",
        )


def measure(bench: Bench) -> list[Row]:
    calls = QUICK_CALLS if bench.quick else CALLS
    with bench.server("clients") as server:
        [device] = server.create_devices(1)
        bodies = _bodies(calls)
        with (
            httpx.Client(headers=_headers(server), timeout=30) as http,
            Client(server.running.base_url, server.org.api_key) as client,
        ):
            sent = _by_turns(calls, *_sending(client, http, server, device, bodies))
            read = _by_turns(calls, *_reading(client, http, server, device))
        looped = asyncio.run(_looped(server, device, calls))
    return [read.row("latest reading"), looped.row("latest reading, async"), sent.row("a reading is sent")]


def _headers(server: Server) -> dict[str, str]:
    """What both sides send, so that the server does the same for both."""
    return {"authorization": f"Bearer {server.org.api_key}", "x-organization-id": OWN}


def _bodies(calls: int) -> Iterator[dict[str, object]]:
    chance = random.Random(SEED)
    return iter([{"data": json.loads(payload(chance))} for _ in range(2 * (calls + WARM_CALLS))])


def _reading(client: Client, http: httpx.Client, server: Server, device: Device) -> tuple[Callable[[], object], ...]:
    url = f"{server.running.base_url}/api/v2/devices/{device.id}/telemetry/latest"
    return lambda: client.telemetry.latest(device.id), lambda: http.get(url).raise_for_status().json()


def _sending(
    client: Client, http: httpx.Client, server: Server, device: Device, bodies: Iterator[dict[str, object]]
) -> tuple[Callable[[], object], ...]:
    url = f"{server.running.base_url}/api/v2/devices/{device.id}/telemetry"
    return (
        lambda: client.telemetry.send_for_device(device.id, next(bodies)),  # type: ignore[arg-type]
        lambda: http.post(url, json=next(bodies), headers={"idempotency-key": str(uuid.uuid4())}).raise_for_status().json(),
    )


def _by_turns(calls: int, client: Callable[[], object], bare: Callable[[], object]) -> Taken:
    taken = Taken()
    for number in range(-WARM_CALLS, calls):
        for call, times in ((client, taken.client_s), (bare, taken.bare_s)):
            begun = time.perf_counter()
            call()
            if number >= 0:
                times.append(time.perf_counter() - begun)
    return taken


async def _looped(server: Server, device: Device, calls: int) -> Taken:
    taken = Taken()
    url = f"{server.running.base_url}/api/v2/devices/{device.id}/telemetry/latest"
    async with (
        httpx.AsyncClient(headers=_headers(server), timeout=30) as http,
        AsyncClient(server.running.base_url, server.org.api_key) as client,
    ):
        for number in range(-WARM_CALLS, calls):
            begun = time.perf_counter()
            await client.telemetry.latest(device.id)
            between = time.perf_counter()
            (await http.get(url)).raise_for_status().json()
            if number >= 0:
                taken.client_s.append(between - begun)
                taken.bare_s.append(time.perf_counter() - between)
    return taken
