"""Payload codecs: calls a second through the sandbox, and whole uplinks a second with a codec, each 200 on disk."""

from __future__ import annotations

import asyncio
import base64
import itertools
import random
import time
from collections.abc import Iterator

import msgspec

from bench.context import SEED, Bench
from bench.loadgen import closed_loop, run
from bench.server import Server
from bench.table import Must, Row
from penstock.adapters.sandbox.pool import SandboxPool
from penstock.core.codecs.models import Given
from penstock.core.codecs.ports import Call, Script
from penstock.kit.clock import SystemClock
from penstock.settings import load_settings

CONNECTIONS, REQUESTS = 32, 2_000
AT_ONCE = 256
MUST = Must(at_least=2_000)
SHORT = """
function decodeUplink(input) {
  var b = input.bytes;
  return {data: {volume: ((b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3]) >>> 0) / 1000, battery: (b[4] << 8 | b[5]) / 1000}};
}
"""
LONG = SHORT + "\n".join(
    f"function channel{n}(bytes, at) {{ switch (bytes[at]) {{ case {n}: return bytes[at + 1] / 10; default: return at; }} }}"
    for n in range(70)
)
"""As long as a codec with many channels is: 8 KB."""


def measure(bench: Bench) -> list[Row]:
    rows = [asyncio.run(_calls(bench, "short codec", SHORT)), asyncio.run(_calls(bench, "codec of 8 KB", LONG))]
    with bench.server("codecs") as server:
        result_rate, note = _uplinks(bench, server)
    rows.append(Row(figure="uplinks with a short codec, durable", value=result_rate, unit="/s", must=MUST, note=note))
    return rows


async def _calls(bench: Bench, name: str, text: str) -> Row:
    pool = SandboxPool(load_settings(environment={}).codecs, SystemClock())
    script, call = Script.of(text), Call.DECODE_UPLINK
    given = Given(payload=bytes.fromhex("0002d0070e0600"), f_port=10).as_json(call)
    done, until = 0, 0.0

    async def go_on() -> None:
        nonlocal done
        while time.perf_counter() < until:
            await pool.run(1, script, call, given)
            done += 1

    try:
        await pool.run(1, script, call, given)
        begun = time.perf_counter()
        until = begun + bench.seconds(4, 1)
        await asyncio.gather(*(go_on() for _ in range(AT_ONCE)))
        rate = done / (time.perf_counter() - begun)
    finally:
        await pool.close()
    return Row(figure=f"calls of a {name}, one process", value=rate, unit="/s", must=MUST)


def _uplinks(bench: Bench, server: Server) -> tuple[float, str]:
    requests = _requests(server, random.Random(SEED))
    measure_s = bench.seconds(6, 1.6)
    begin = bench.clock(server, measure_s)
    result = run(closed_loop(server.port, requests, bench.warm_s, measure_s, begin)).checked()
    cpu = server.process.cpu()
    times = f"p50 {result.percentile_ms(50):.0f} ms, p99 {result.percentile_ms(99):.0f} ms"
    return result.rate, f"{times}; server {cpu:.0%} of a core"


def _requests(server: Server, chance: random.Random) -> list[list[bytes]]:
    """Uplinks of devices with a profile, for each connection those of its own device; each is another message."""
    with server.running.client(server.org) as client:
        profile = client.post("/api/v2/profiles", json={"name": "Bench"}).json()["id"]
        client.post(f"/api/v2/profiles/{profile}/codec-versions", json={"script": SHORT}).raise_for_status()
        euis = [f"{chance.getrandbits(64):016x}" for _ in range(CONNECTIONS)]
        for eui in euis:
            wanted = {"name": eui, "profile_id": profile, "identifiers": [{"kind": "eui", "value": eui}]}
            client.post("/api/v2/devices", json=wanted).raise_for_status()
    numbers = itertools.count()
    return [[_uplink(server, eui, numbers, chance) for _ in range(REQUESTS)] for eui in euis]


def _uplink(server: Server, eui: str, numbers: Iterator[int], chance: random.Random) -> bytes:
    body = {
        "deduplicationId": f"bench-{next(numbers)}",
        "deviceInfo": {"devEui": eui},
        "fPort": 10,
        "data": base64.b64encode(chance.randbytes(7)).decode(),
    }
    return server.post("/api/v1/ingest/water-consumption?event=up", msgspec.json.encode(body))
