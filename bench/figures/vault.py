"""The rotation of an organisation's key with very many secrets, with calls at the same time."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from pathlib import Path

import msgspec

from bench.context import SEED, Bench
from bench.loadgen import closed_loop, percentile, run
from bench.server import Server, ingest_requests, start
from bench.table import Must, Row
from penstock.kit.ids import OrgId, Prefix, decode
from tests.support.vaults import open_vault, store_many

SECRETS = 100_000
SLICE_S, LONGEST_S = 1.0, 300.0
KEYS = "/api/v2/vault/keys"


def measure(bench: Bench) -> list[Row]:
    count = SECRETS // 10 if bench.quick else SECRETS
    data_dir = bench.new_folder("vault")
    first = start(data_dir, pinned=bench.pinned)
    org = first.org
    first.stop()
    asyncio.run(_fill(data_dir, OrgId(decode(Prefix.ORGANIZATION, org.organization_id) or 0), count))
    server = start(data_dir, org, pinned=bench.pinned)
    try:
        return _rotated(bench, server, count)
    finally:
        server.stop()


async def _fill(data_dir: Path, org_id: OrgId, count: int) -> None:
    async with open_vault(data_dir) as opened:
        box = await opened.vault.box(org_id)
        await asyncio.to_thread(store_many, data_dir, org_id, box, [secrets.token_bytes(20) for _ in range(count)])


def _rotated(bench: Bench, server: Server, count: int) -> list[Row]:
    [device] = server.create_devices(1)
    calls = ingest_requests(device, random.Random(SEED))
    before = run(closed_loop(server.port, [calls], bench.warm_s, bench.seconds(5, 2))).checked()
    server.process.restart_clock()
    begun = time.monotonic()
    with server.running.client(server.org) as client:
        client.post(f"{KEYS}/rotate").raise_for_status()
    latencies: list[float] = []
    while _stale(server) and time.monotonic() - begun < LONGEST_S:
        latencies += run(closed_loop(server.port, [calls], 0, SLICE_S)).checked().latencies_s
    took_s = time.monotonic() - begun
    during = percentile(latencies, 50) * 1000
    return [
        Row(
            figure=f"rotation of a key with {count:,} secrets, with readings at the same time",
            value=took_s,
            unit="s",
            must=Must(at_most=60),
            note=f"readings meanwhile: p50 {during:.2f} ms, p99 {percentile(latencies, 99) * 1000:.1f} ms; "
            f"before: {before.percentile_ms(50):.2f} and {before.percentile_ms(99):.1f}",
        )
    ]


def _stale(server: Server) -> int:
    with server.running.client(server.org) as client:
        return int(msgspec.json.decode(client.get(KEYS).content)["stale_values"])
