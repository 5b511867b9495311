"""Calls of payload codecs per second in the sandbox. Whole uplinks through a codec are part of the figure `connections`."""

from __future__ import annotations

import asyncio
import time

from bench.context import Bench
from bench.table import Must, Row
from penstock.adapters.sandbox.pool import SandboxPool
from penstock.core.codecs.models import CodecInput
from penstock.core.codecs.ports import Call, Script
from penstock.kit.clock import SystemClock
from penstock.settings import load_settings

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
"""As long as a codec with many channels: 8 KB."""


def measure(bench: Bench) -> list[Row]:
    return [asyncio.run(_calls(bench, "short codec", SHORT)), asyncio.run(_calls(bench, "codec of 8 KB", LONG))]


async def _calls(bench: Bench, name: str, text: str) -> Row:
    pool = SandboxPool(load_settings(environment={}).codecs, SystemClock())
    script, call = Script.from_text(text), Call.DECODE_UPLINK
    given = CodecInput(payload=bytes.fromhex("0002d0070e0600"), f_port=10).as_json(call)
    done, until = 0, 0.0

    async def call_repeatedly() -> None:
        nonlocal done
        while time.perf_counter() < until:
            await pool.run(1, script, call, given)
            done += 1

    try:
        await pool.run(1, script, call, given)
        begun = time.perf_counter()
        until = begun + bench.seconds(4, 1)
        await asyncio.gather(*(call_repeatedly() for _ in range(AT_ONCE)))
        rate = done / (time.perf_counter() - begun)
    finally:
        await pool.close()
    return Row(figure=f"calls of a {name}, one process", value=rate, unit="/s", must=MUST)
