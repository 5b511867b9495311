"""Durable MQTT at QoS 1: a PUBACK means that the reading is on disk."""

from __future__ import annotations

import random

from bench.context import SEED, Bench
from bench.loadgen import Result, run
from bench.mqtt import publish_each_second, publish_without_pause, publishers
from bench.server import Server, payload
from bench.table import Must, Row

PUBLISHERS = 64
WINDOW = 10
FLEET = 5_000
QUICK_FLEET = 1_000


def measure(bench: Bench) -> list[Row]:
    chance = random.Random(SEED)
    payloads = [payload(chance) for _ in range(64)]
    with bench.server("mqtt") as server:
        rows = [row for window in (1, WINDOW) for row in _without_pause(bench, server, payloads, window)]
    with bench.server("mqtt-fleet") as server:
        return rows + _fleet(bench, server, payloads)


def _without_pause(bench: Bench, server: Server, payloads: list[bytes], window: int) -> list[Row]:
    devices = server.create_devices(PUBLISHERS)
    measure_s = bench.seconds(6, 2)

    async def load() -> Result:
        opened = await publishers(server.running.mqtt_port, devices, PUBLISHERS, payloads)
        return await publish_without_pause(opened, window, bench.warm_s, measure_s, bench.clock(server, measure_s))

    result = run(load())
    cpu = server.process.cpu()
    return [
        Row(
            figure=f"MQTT, QoS 1, durable: messages ({PUBLISHERS} publishers, {window} unanswered each)",
            value=result.rate,
            unit="/s",
            must=Must(at_least=12_000),
            note=f"p50 {result.percentile_ms(50):.2f} ms, p99 {result.percentile_ms(99):.2f} ms; "
            f"server {cpu:.0%} of a core (generator {result.cpu:.0%})",
        )
    ]


def _fleet(bench: Bench, server: Server, payloads: list[bytes]) -> list[Row]:
    size = QUICK_FLEET if bench.quick else FLEET
    devices = server.create_devices(size)
    measure_s = bench.seconds(20, 5)
    before = server.running.rss_bytes()
    idle_bytes = 0.0

    async def load() -> Result:
        nonlocal idle_bytes
        opened = await publishers(server.running.mqtt_port, devices, size, payloads)
        idle_bytes = (server.running.rss_bytes() - before) / size
        return await publish_each_second(opened, bench.warm_s, measure_s, bench.clock(server, measure_s))

    result = run(load())
    return [
        Row(
            figure=f"MQTT, {size:,} connections, one reading a second each: p99 to PUBACK",
            value=result.percentile_ms(99),
            unit="ms",
            must=Must(at_most=200),
            note=f"{result.rate:,.0f} readings/s, p50 {result.percentile_ms(50):.2f} ms; "
            f"server {server.process.cpu():.0%} of a core, {server.running.rss_bytes() / 1e6:.0f} MB",
        ),
        Row(
            figure="MQTT: memory of an idle connection",
            value=idle_bytes / 1000,
            unit="kB",
            must=Must(at_most=50),
        ),
    ]
