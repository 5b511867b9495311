"""The cost of a thousand alerts on a thousand devices: the server's CPU per reading, with them and without."""

from __future__ import annotations

import random
from collections.abc import Sequence

import msgspec

from bench.context import SEED, Bench
from bench.loadgen import closed_loop, run, send_all
from bench.server import Device, Server, ingest_requests
from bench.table import Must, Row

DEVICES = 1_000
CONNECTIONS = 64
NEVER = 1_000_000
"""A threshold that no reading reaches: this measures the evaluation of alerts, not raising them."""


def measure(bench: Bench) -> list[Row]:
    chance = random.Random(SEED)
    with bench.server("alerts") as server:
        devices = server.create_devices(DEVICES)
        requests = [_requests(devices[number::CONNECTIONS], chance) for number in range(CONNECTIONS)]
        without_us, rate_without = _cpu_us(bench, server, requests)
        _define(server, devices)
        with_us, rate_with = _cpu_us(bench, server, requests)
        lag = _lag(server)
    return [
        Row(
            figure=f"{DEVICES:,} threshold alerts over {DEVICES:,} devices: server's CPU per reading, more than without",
            value=(with_us / without_us - 1) * 100,
            unit="%",
            must=Must(at_most=20),
            note=f"{with_us:.0f} µs with, {without_us:.0f} µs without; {rate_with:,.0f}/s with, {rate_without:,.0f}/s without; "
            f"{lag:,.0f} readings waited at the end; single readings over {CONNECTIONS} connections",
        )
    ]


def _requests(devices: Sequence[Device], chance: random.Random) -> list[bytes]:
    return [request for device in devices for request in ingest_requests(device, chance, 1)]


def _cpu_us(bench: Bench, server: Server, requests: list[list[bytes]]) -> tuple[float, float]:
    """Microseconds of the server's CPU per reading, and readings per second."""
    measure_s = bench.seconds(6, 2)
    begin = bench.clock(server, measure_s)
    result = run(closed_loop(server.port, requests, bench.warm_s, measure_s, begin)).checked()
    return server.process.cpu() / result.rate * 1e6, result.rate


def _lag(server: Server) -> float:
    """Readings that were not evaluated when the load ended: their work would be missing from the figure."""
    with server.running.client(server.org) as client:
        lines = client.get("/metrics").text.splitlines()
    return next(float(line.split()[-1]) for line in lines if not line.startswith("#") and "alerts_lag" in line)


def _define(server: Server, devices: Sequence[Device]) -> None:
    condition = {"type": "threshold", "field": "temperature", "operator": ">", "value": NEVER}
    bodies = [
        msgspec.json.encode({"name": "Too warm", "target": {"devices": [device.id]}, "condition": condition, "hysteresis": 1})
        for device in devices
    ]
    run(send_all(server.port, [server.post("/api/v2/alerts", body) for body in bodies]))
