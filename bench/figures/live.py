"""From the acknowledgement of a reading to its event on a live stream."""

from __future__ import annotations

import random

from bench.context import SEED, Bench
from bench.loadgen import percentile, run
from bench.server import Server, ingest_requests
from bench.sse import PATH, Pace, StreamRefused, watch
from bench.table import Must, Row

PER_SECOND = 1_000
CONNECTIONS = 32
FIGURE = f"acknowledged → visible on SSE at {PER_SECOND:,} readings/s: p99"
MUST = Must(at_most=50)


def measure(bench: Bench) -> list[Row]:
    seconds = bench.seconds(20, 4)
    with bench.server("live") as server:
        pace = Pace(server.port, messages(server), CONNECTIONS)
        bench.clock(server, seconds)()
        try:
            took_s, missing, lost = run(watch(server.port, stream(server), 1, pace, PER_SECOND, seconds))
        except StreamRefused as error:
            return [Row(figure=FIGURE, value=None, unit="ms", must=MUST, note=f"{PATH} was answered {error.status}")]
        cpu = server.process.cpu()
    p99_ms = percentile(took_s, 99) * 1000 if not missing else float("inf")
    note = (
        f"p50 {percentile(took_s, 50) * 1000:.2f} ms, longest {max(took_s, default=0) * 1000:.1f} ms; "
        f"{pace.sent:,} readings sent, {pace.refused} refused, {missing} events missing, {lost} streams cut; "
        f"server {cpu:.0%} of a core"
    )
    return [Row(figure=FIGURE, value=p99_ms, unit="ms", must=MUST, note=note)]


def messages(server: Server) -> list[bytes]:
    """Readings of a few devices in turn."""
    chance = random.Random(SEED)
    return [ingest_requests(device, chance, 1)[0] for device in server.create_devices(CONNECTIONS)]


def stream(server: Server) -> bytes:
    """The request of a reader of everything."""
    return server.get(PATH)
