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


def measure(bench: Bench) -> list[Row]:
    seconds = bench.seconds(20, 4)
    with bench.server("readers") as server:
        pace = Pace(server.port, messages(server), CONNECTIONS)
        bench.clock(server, seconds)()
        try:
            took_s, missing, lost = run(watch(server.port, stream(server), READERS, pace, PER_SECOND, seconds))
        except StreamRefused as error:
            note = f"{PATH} was answered {error.status}"
            return [Row(figure=f"{FIGURE}: p99", value=None, unit="ms", must=Must(at_most=200), note=note)]
        cpu, rss_bytes = server.process.cpu(), server.process.rss_bytes()
    note = f"p50 {percentile(took_s, 50) * 1000:.1f} ms, {len(took_s):,} events; server RSS {rss_bytes / 1e6:.0f} MB"
    return [
        Row(figure=f"{FIGURE}: p99", value=percentile(took_s, 99) * 1000, unit="ms", must=Must(at_most=200), note=note),
        Row(
            figure=f"{FIGURE}: readers lost",
            value=lost,
            unit="",
            must=Must(at_most=1),
            note=f"{missing} of {missing + len(took_s):,} events missing",
        ),
        Row(figure=f"{FIGURE}: server's share of a core", value=cpu * 100, unit="%"),
    ]
