"""The cost of limits, usage and audit: the server with its defaults, next to the same server without them."""

from __future__ import annotations

import random
from collections.abc import Callable

from bench.compare import Requests, Side, by_turns, cost
from bench.context import SEED, Bench
from bench.loadgen import run, send_all
from bench.server import Server, ingest_requests, payload
from bench.table import Must, Row

CONNECTIONS = 64
DEVICES = 64
Load = Callable[[Server], Requests]


def from_devices(server: Server) -> Requests:
    """Single readings, each with its device's own token."""
    chance = random.Random(SEED)
    devices = server.create_devices(DEVICES)
    return [ingest_requests(devices[number % DEVICES], chance) for number in range(CONNECTIONS)]


def by_key(server: Server) -> Requests:
    """Single readings, sent with an API key."""
    chance = random.Random(SEED)
    devices = server.create_devices(DEVICES)
    return [
        [server.post(f"/api/v2/devices/{device.id}/telemetry", b'{"data":%s}' % payload(chance)) for _ in range(8)]
        for device in devices[:CONNECTIONS]
    ]


def latest(server: Server) -> Requests:
    """The latest reading of a device."""
    chance = random.Random(SEED)
    devices = server.create_devices(DEVICES)
    run(send_all(server.port, [ingest_requests(device, chance, 1)[0] for device in devices]))
    return [[server.get(f"/api/v2/devices/{device.id}/telemetry/latest")] for device in devices[:CONNECTIONS]]


LOADS: dict[str, Load] = {
    "ingest with device tokens": from_devices,
    "ingest with an API key": by_key,
    "latest reading": latest,
}


def measure(bench: Bench) -> list[Row]:
    return [_row(bench, name, load) for name, load in LOADS.items()]


def _row(bench: Bench, name: str, load: Load) -> Row:
    with bench.server("protected") as server, bench.server("bare", protected=False) as bare:
        limit = Side(bare.port, bare.process, load(bare))
        side = by_turns(bench, server, load(server), limit, limit_share=1.0)  # the two sides are alike
    return Row(
        figure=f"with limits, usage and audit: {name} ({CONNECTIONS} connections)",
        value=side.result.rate,
        unit="/s",
        must=Must(share=0.85),
        limit=limit.result.rate,
        limit_name="the same server without them",
        note=cost(side, limit),
    )
