"""A thousand readers of one live stream."""

from __future__ import annotations

from bench.context import Bench
from bench.figures.live import messages, stream
from bench.loadgen import percentile, run
from bench.sse import PATH, Pace, StreamRefused, watch
from bench.table import Must, Row

READERS = 1_000
PER_SECOND = 20
CONNECTIONS = 4
FIGURE = f"{READERS:,} SSE readers, {PER_SECOND} readings/s to each"
MUST = Must(at_most=200)


def measure(bench: Bench) -> list[Row]:
    with bench.server("readers") as server:
        pace = Pace(server.port, messages(server), CONNECTIONS)
        try:
            found = run(watch(pace, server.process, stream(server), READERS, PER_SECOND, bench.seconds(20, 4)))
        except StreamRefused as error:
            note = f"{PATH} responded with {error.status}"
            return [Row(figure=f"{FIGURE}: p99", value=None, unit="ms", must=MUST, note=note)]
        rss_bytes = server.process.rss_bytes()
    took_s = found.took_s + [float("inf")] * found.missing
    return [
        Row(
            figure=f"{FIGURE}: p99",
            value=percentile(took_s, 99) * 1000,
            unit="ms",
            must=MUST,
            note=f"p50 {percentile(took_s, 50) * 1000:.1f} ms; {found.missing} of {len(took_s):,} events missing; "
            f"generator {found.generator_cpu:.0%} of a core",
        ),
        Row(figure=f"{FIGURE}: readers lost", value=found.lost, unit="", must=Must(at_most=1)),
        Row(
            figure=f"{FIGURE}: server's share of a core",
            value=found.server_cpu * 100,
            unit="%",
            note=f"RSS {rss_bytes / 1e6:.0f} MB with all of them connected",
        ),
    ]
