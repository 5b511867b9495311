"""Stored uplinks decoded again per second, from the start of the re-decode to its end, by an otherwise idle server."""

from __future__ import annotations

import itertools
import random
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from bench.context import SEED, Bench
from bench.figures.codecs import SHORT
from bench.figures.connections import CALLERS, DEVICES, connect, profile_of, register, template, uplink_of
from bench.loadgen import run, send_all
from bench.machine import Process
from bench.table import Must, Row

MUST = Must(at_least=3_000)
LOADED_S = 300.0
BROKEN = "function decodeUplink(input) { return {errors: ['unknown frame']}; }"


def measure(bench: Bench) -> list[Row]:
    count, chance = int(bench.seconds(20_000, 5_000)), random.Random(SEED)
    with bench.server("redecodes") as server, server.running.client(server.org) as client:
        profile = profile_of(server, BROKEN)
        euis = register(server, profile)
        path, secret = connect(server)
        templates = [template(path, secret, uplink_of(eui, chance)) for eui in euis]
        numbered = (
            b"%b%08x-0000-4000-8000-%012x%b" % (head, 0, number, tail) for number, (head, tail) in _cycled(templates, count)
        )
        run(send_all(server.port, numbered, CALLERS, LOADED_S))
        server.wait_until_caught_up()
        client.post(f"/api/v2/profiles/{profile}/codec-versions", json={"script": SHORT}).raise_for_status()
        begun_s = _cpu_s(server.process)
        ended = _ended(client, client.post("/api/v2/redecodes", json={"profile_id": profile}).raise_for_status().json()["id"])
        cpu_s = _cpu_s(server.process) - begun_s
    took_s = (datetime.fromisoformat(ended["finished_at"]) - datetime.fromisoformat(ended["created_at"])).total_seconds()
    return [
        Row(
            figure=f"re-decode, uplinks through a short codec, one process ({DEVICES:,} devices)",
            value=ended["changed"] / took_s,
            unit="/s",
            must=MUST,
            note=f"{ended['changed']:,} of {count:,} uplinks have new values, in {took_s:.1f} s; "
            f"{ended['changed'] / cpu_s:,.0f} per second of CPU, of the server and its sandbox",
        )
    ]


def _cycled(templates: list[tuple[bytes, bytes]], count: int) -> Any:
    return enumerate(itertools.islice(itertools.cycle(templates), count))


def _cpu_s(server: Process) -> float:
    """The processor time of a server and of the sandbox, which is its only child."""
    children = [pid for path in Path(f"/proc/{server.pid}/task").glob("*/children") for pid in path.read_text().split()]
    return server.cpu_s() + sum(Process(int(pid)).cpu_s() for pid in children)


def _ended(client: httpx.Client, redecode_id: str) -> dict[str, Any]:
    while True:
        found: dict[str, Any] = client.get(f"/api/v2/redecodes/{redecode_id}").raise_for_status().json()
        if found["state"] not in ("queued", "running"):
            return found
        time.sleep(0.2)
