"""Commands to agents that stay connected: from the call to the device's report on disk."""

from __future__ import annotations

from contextlib import AsyncExitStack

import msgspec

from bench.agents import COMMAND, TYPE, Fleet, pair_agents
from bench.context import Bench
from bench.loadgen import percentile, run, send_all
from bench.table import Must, Row

AGENTS = 1_000
QUICK_AGENTS = 200
PER_SECOND = 50


def measure(bench: Bench) -> list[Row]:
    count = QUICK_AGENTS if bench.quick else AGENTS
    seconds = bench.seconds(15, 4)
    with bench.server("agents") as server:
        agents = pair_agents(server, count)
        definition = {"name": COMMAND, "device_type": TYPE}
        [made] = run(send_all(server.port, [server.post("/api/v2/commands", msgspec.json.encode(definition))]))
        definition = msgspec.json.decode(made)["id"]
        before = server.running.rss_bytes()
        fleet = Fleet()
        idle_bytes = 0.0

        async def load() -> int:
            nonlocal idle_bytes
            async with AsyncExitStack() as stack:
                await fleet.open(server, agents, stack)
                idle_bytes = (server.running.rss_bytes() - before) / count
                bench.clock(server, seconds)()
                return await fleet.command(server, agents, definition, PER_SECOND, seconds)

        asked = run(load())
        return [
            Row(
                figure=f"{count:,} agents connected, {PER_SECOND} commands/s: round trip p99",
                value=percentile(fleet.took_s, 99) * 1000,
                unit="ms",
                must=Must(at_most=200),
                note=f"{asked} commands, from the call to the report on disk; p50 {percentile(fleet.took_s, 50) * 1000:.2f} ms; "
                f"server {server.process.cpu():.0%} of a core, {server.running.rss_bytes() / 1e6:.0f} MB",
            ),
            Row(figure="memory of an idle agent", value=idle_bytes / 1000, unit="kB", must=Must(at_most=50)),
        ]
