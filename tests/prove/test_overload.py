"""R6, the memory of it: far more arrives than the disk takes. What is too much is refused, and nothing piles up."""

from __future__ import annotations

import asyncio
import time

import pytest
import uvloop

from tests.support.pace import in_time
from tests.support.server import RunningServer

from .conftest import Note
from .servers import end, serving
from .site import Site
from .stored import count
from .wire import Connection, request
from .writers import Writer, batch_call

pytestmark = pytest.mark.alone

ROWS = 10_000
CONNECTIONS = 60
"""Twelve times as many readings under way as may wait for the disk, and twice as many bytes as may be in memory."""
PAD_BYTES = 300
MAX_GROWTH_BYTES = 512 << 20
"""128 MB of bodies, some of them decoded, and 64 MB of payloads that wait for the disk."""
CALM_S = 5.0


async def overload(server: RunningServer, writers: list[Writer], seconds: float) -> int:
    """Load for a while; the most memory that the server took."""
    stop = asyncio.Event()
    running = asyncio.gather(*(writer.run(server.base_url, stop) for writer in writers))
    probe = await Connection.open(server.base_url)
    until = time.monotonic() + seconds
    most = 0
    while time.monotonic() < until:
        assert (await probe.ask(request("GET", "/health", {}))).status == 200
        most = max(most, server.rss_bytes())
        await asyncio.sleep(0.05)
    probe.close()
    stop.set()
    await asyncio.wait_for(running, 60)
    return max(most, server.rss_bytes())


@pytest.mark.parametrize("seconds", [3, pytest.param(60, marks=pytest.mark.prove)])
def test_overload_is_refused_and_memory_stays_bounded(site: Site, note: Note, seconds: int) -> None:
    rows = [{"data": {"v": number, "pad": "x" * PAD_BYTES}} for number in range(ROWS)]  # new each time, having no key
    same = request("POST", f"/api/v2/devices/{site.device.id}/telemetry", site.org.headers(), rows)
    writers = [Writer(f"w{n}", lambda values: same, rows=ROWS, keyed=False) for n in range(CONNECTIONS)]
    server = serving(site.data_dir)
    before = server.rss_bytes()
    most = uvloop.run(overload(server, writers, seconds))
    refusals = [answer for writer in writers for answer in writer.refusals]
    acked = sum(len(writer.acked) for writer in writers)
    note("stored, requests refused", f"{acked:,}, {len(refusals):,}", "both > 0")
    note("memory above that at rest", f"{(most - before) >> 20} MB", f"<= {MAX_GROWTH_BYTES >> 20} MB")
    assert {(answer.status, "retry-after" in answer.headers) for answer in refusals} == {(503, True)}
    assert {answer.code for answer in refusals} <= {"telemetry.log_full", "server.busy"}
    assert acked > 0
    assert count(site.data_dir) == acked
    assert most - before <= MAX_GROWTH_BYTES
    began = time.monotonic()
    calm = Writer("calm", batch_call(site))
    uvloop.run(calm.run(server.base_url, limit=5))
    assert len(calm.acked) == 5
    assert in_time(time.monotonic() - began, CALM_S)
    assert end(server) == 0
