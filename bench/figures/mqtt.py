"""Durable MQTT at QoS 1: a PUBACK means that the reading is on disk."""

from __future__ import annotations

import asyncio
import random

from bench.context import SEED, Bench
from bench.loadgen import LoadFailed, Result, percentile, run
from bench.mqtt import publish_each_second, publish_without_pause, publishers
from bench.nats import NotInstalled, nats_server
from bench.probe import Probe
from bench.server import Device, Server, payload
from bench.table import Must, Row

PUBLISHERS = 64
WINDOWS = (1, 10)
"""The maximum number of unacknowledged messages per publisher."""
FLEET = 5_000
QUICK_FLEET = 1_000


def measure(bench: Bench) -> list[Row]:
    chance = random.Random(SEED)
    payloads = [payload(chance) for _ in range(64)]
    with bench.server("mqtt") as server:
        devices = server.create_devices(PUBLISHERS)
        limits = _nats(bench, devices, payloads)
        rows = [_without_pause(bench, server, devices, payloads, window, limits) for window in WINDOWS]
    with bench.server("mqtt-fleet") as server:
        return rows + _fleet(bench, server, payloads)


def _nats(bench: Bench, devices: list[Device], payloads: list[bytes]) -> dict[int, float]:
    """The messages per second that nats-server accepts if it syncs each, by window; empty if it is not installed."""
    measure_s = bench.seconds(6, 2)
    rates = {}
    try:
        with nats_server(bench.new_folder("nats"), pinned=bench.pinned) as nats:
            for window in WINDOWS:
                before = nats.stored()

                async def load(window: int = window) -> Result:
                    opened = await publishers(nats.port, devices, PUBLISHERS, payloads)
                    return await publish_without_pause(opened, window, bench.warm_s, measure_s, nats.process.restart_clock)

                result = run(load())
                if nats.stored() - before < len(result.latencies_s):
                    raise LoadFailed("nats-server acknowledged more messages than it stored")
                rates[window] = result.rate
    except NotInstalled:
        pass
    return rates


def _without_pause(
    bench: Bench, server: Server, devices: list[Device], payloads: list[bytes], window: int, limits: dict[int, float]
) -> Row:
    measure_s = bench.seconds(6, 2)

    async def load() -> Result:
        opened = await publishers(server.running.mqtt_port, devices, PUBLISHERS, payloads)
        return await publish_without_pause(opened, window, bench.warm_s, measure_s, bench.clock(server, measure_s))

    result = run(load())
    cpu = server.process.cpu()
    limit = limits.get(window)
    return Row(
        figure=f"MQTT, QoS 1, durable: messages ({PUBLISHERS} publishers, {window} unacknowledged each)",
        value=result.rate,
        unit="/s",
        must=Must(at_least=12_000),
        limit=limit,
        limit_name="nats-server, sync always",
        note=f"p50 {result.percentile_ms(50):.2f} ms, p99 {result.percentile_ms(99):.2f} ms; "
        f"server {cpu:.0%} of a core (generator {result.cpu:.0%})" + ("" if limit else "; nats-server is not installed"),
    )


def _fleet(bench: Bench, server: Server, payloads: list[bytes]) -> list[Row]:
    size = QUICK_FLEET if bench.quick else FLEET
    devices = server.create_devices(size)
    measure_s = bench.seconds(20, 5)
    before = server.running.rss_bytes()
    idle_bytes = 0.0
    [probed] = server.create_devices(1)
    probe = Probe(server, probed)

    async def load() -> Result:
        nonlocal idle_bytes
        opened = await publishers(server.running.mqtt_port, devices, size, payloads)
        idle_bytes = (server.running.rss_bytes() - before) / size
        polling = asyncio.create_task(probe.run(bench.warm_s, measure_s))
        found = await publish_each_second(opened, bench.warm_s, measure_s, bench.clock(server, measure_s))
        await polling
        return found

    result = run(load())
    return [
        Row(
            figure=f"MQTT, {size:,} connections, one reading per second each: p99 to PUBACK",
            value=result.percentile_ms(99),
            unit="ms",
            must=Must(at_most=200),
            note=f"{result.rate:,.0f} readings/s, p50 {result.percentile_ms(50):.2f} ms; "
            f"server {server.process.cpu():.0%} of a core, {server.running.rss_bytes() / 1e6:.0f} MB",
        ),
        Row(
            figure=f"MQTT, {size:,} connections, one reading per second each: p99 from sending to visible in a query",
            value=percentile(probe.took_s, 99) * 1000,
            unit="ms",
            must=Must(at_most=200),
            note=f"{len(probe.took_s)} readings of an additional device, each polled over HTTP until it is visible; "
            f"p50 {percentile(probe.took_s, 50) * 1000:.2f} ms",
        ),
        Row(
            figure="MQTT: memory of an idle connection",
            value=idle_bytes / 1000,
            unit="kB",
            must=Must(at_most=50),
        ),
    ]
