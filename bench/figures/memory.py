"""The memory of an idle server."""

from __future__ import annotations

import time

from bench.context import Bench
from bench.table import Must, Row

SETTLE_S = 2


def measure(bench: Bench) -> list[Row]:
    with bench.server("idle") as server:
        time.sleep(SETTLE_S)
        rss_bytes = server.process.rss_bytes()
    return [
        Row(figure="memory of an idle server (RSS)", value=rss_bytes / 1e6, unit="MB", must=Must(at_most=150)),
    ]
