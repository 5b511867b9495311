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
    with bench.server("live") as server:
        pace = Pace(server.port, messages(server), CONNECTIONS)
        try:
            found = run(watch(pace, server.process, stream(server), 1, PER_SECOND, bench.seconds(20, 4)))
        except StreamRefused as error:
            return [Row(figure=FIGURE, value=None, unit="ms", must=MUST, note=f"{PATH} responded with {error.status}")]
    took_s = found.took_s + [float("inf")] * found.missing
    note = (
        f"p50 {percentile(took_s, 50) * 1000:.2f} ms, longest {max(took_s, default=0) * 1000:.1f} ms; "
        f"{pace.sent:,} readings sent, {pace.refused} rejected, {found.missing} events missing, {found.lost} streams lost; "
        f"server {found.server_cpu:.0%} of a core (generator {found.generator_cpu:.0%})"
    )
    return [Row(figure=FIGURE, value=percentile(took_s, 99) * 1000, unit="ms", must=MUST, note=note)]


def messages(server: Server) -> list[bytes]:
    """Readings of a few devices in turn."""
    chance = random.Random(SEED)
    return [ingest_requests(device, chance, 1)[0] for device in server.create_devices(CONNECTIONS)]


def stream(server: Server) -> bytes:
    """The request of a reader without a filter."""
    return server.get(PATH)
