"""R6, the memory of it: far more arrives than the disk takes. What is too much is refused, and nothing piles up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest
import uvloop

from tests.support.pace import in_time
from tests.support.server import RunningServer
from tests.support.waiting import CEILING_S

from .conftest import Note
from .servers import end, serving
from .site import Site
from .stored import count
from .wire import Answer, Connection, request
from .writers import Writer, acknowledged, batch_call

ROWS = 10_000
CONNECTIONS = 60
"""Twelve times as many readings under way as may wait for the disk, and twice as many bytes as may be in memory."""
PAD_BYTES = 300
MAX_GROWTH_BYTES = 512 << 20
"""128 MB of bodies, some of them decoded, and 64 MB of payloads that wait for the disk."""
OVERLOAD_S = 60
CALM_S = 5.0


SMALL_ROWS = 400
SMALL = {"PENSTOCK_LOG_MAX_QUEUED_READINGS": str(2 * SMALL_ROWS)}
"""Less than what eight writers have under way."""


async def overload(server: RunningServer, writers: list[Writer], is_over: Callable[[], bool]) -> int:
    """Load until it is over; the most memory that the server took."""
    stop = asyncio.Event()
    running = asyncio.gather(*(writer.run(server.base_url, stop) for writer in writers))
    probe = await Connection.open(server.base_url)
    most = 0
    while not is_over():
        assert (await probe.ask(request("GET", "/health", {}))).status == 200
        most = max(most, server.rss_bytes())
        await asyncio.sleep(0.05)
    probe.close()
    stop.set()
    await asyncio.wait_for(running, CEILING_S)
    return max(most, server.rss_bytes())


def writers_of(site: Site, writers: int, rows: int, pad_bytes: int) -> list[Writer]:
    """Writers of readings that are new each time, having no key."""
    readings = [{"data": {"v": number, "pad": "x" * pad_bytes}} for number in range(rows)]
    same = request("POST", f"/api/v2/devices/{site.device.id}/telemetry", site.org.headers(), readings)
    return [Writer(f"w{n}", lambda values: same, rows=rows, keyed=False) for n in range(writers)]


def refusals_of(writers: list[Writer]) -> list[Answer]:
    return [answer for writer in writers for answer in writer.refusals]


def assert_refused_or_stored(site: Site, writers: list[Writer]) -> None:
    """What was too much was refused, with a time to come again; what was acknowledged is stored, and nothing else."""
    assert {(answer.status, "retry-after" in answer.headers) for answer in refusals_of(writers)} == {(503, True)}
    assert {answer.code for answer in refusals_of(writers)} <= {"telemetry.log_full", "server.busy"}
    assert 0 < acknowledged(writers) == count(site.data_dir)


def calm_after(site: Site, server: RunningServer) -> float:
    """How long five quiet requests take, all of which are answered well."""
    began = time.monotonic()
    calm = Writer("calm", batch_call(site))
    uvloop.run(calm.run(server.base_url, limit=5))
    assert len(calm.acked) == 5
    return time.monotonic() - began


def test_what_is_too_much_for_the_disk_is_refused(site: Site) -> None:
    writers = writers_of(site, 8, SMALL_ROWS, 10)
    server = serving(site.data_dir, environment=SMALL)
    began = time.monotonic()
    uvloop.run(overload(server, writers, lambda: is_refused(writers) or time.monotonic() - began > CEILING_S))
    assert_refused_or_stored(site, writers)
    calm_after(site, server)
    assert end(server) == 0


def is_refused(writers: list[Writer]) -> bool:
    return len(refusals_of(writers)) >= 10 and acknowledged(writers) > 0


@pytest.mark.prove
def test_overload_is_refused_and_memory_stays_bounded(site: Site, note: Note) -> None:
    writers = writers_of(site, CONNECTIONS, ROWS, PAD_BYTES)
    server = serving(site.data_dir)
    before = server.rss_bytes()
    until = time.monotonic() + OVERLOAD_S
    most = uvloop.run(overload(server, writers, lambda: time.monotonic() > until))
    note("stored, requests refused", f"{acknowledged(writers):,}, {len(refusals_of(writers)):,}", "both > 0")
    note("memory above that at rest", f"{(most - before) >> 20} MB", f"<= {MAX_GROWTH_BYTES >> 20} MB")
    assert_refused_or_stored(site, writers)
    assert most - before <= MAX_GROWTH_BYTES
    assert in_time(calm_after(site, server), CALM_S)
    assert end(server) == 0
