"""The disk space of a data point: whole segment files after a checkpoint, divided by the values in their readings."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bench.context import Bench
from bench.figures import batch
from bench.server import VALUES_PER_READING
from bench.stored import READINGS, stored
from bench.table import Row


def measure(bench: Bench) -> list[Row]:
    if bench.batch_dir is None:
        batch.measure(bench)
    assert bench.batch_dir is not None
    store = stored(bench)
    store.server.stop()
    return [
        _row("batches of many devices and of one", bench.batch_dir / "telemetry"),
        _row(f"the history of {READINGS:,}", store.data_dir / "telemetry"),
    ]


def _row(name: str, telemetry: Path) -> Row:
    readings = payload_bytes = 0
    for path in telemetry.glob("*.db"):
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = connection.execute("SELECT count(*), coalesce(sum(length(payload)), 0) FROM readings").fetchone()
        connection.close()
        readings, payload_bytes = readings + found[0], payload_bytes + found[1]
    size_bytes = sum(path.stat().st_size for path in telemetry.iterdir())
    points = readings * VALUES_PER_READING
    return Row(
        figure=f"disk per data point: {name}",
        value=size_bytes / points,
        unit="B",
        limit=payload_bytes / points,
        limit_name="the JSON alone",
        note=f"{points:,} data points in {size_bytes / 1e6:,.0f} MB",
    )
