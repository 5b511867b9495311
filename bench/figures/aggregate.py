"""Calendar days over a month of readings, one a minute, in a time zone."""

from __future__ import annotations

from bench.context import Bench
from bench.limits import median_ms
from bench.loadgen import closed_loop, run
from bench.stored import MINUTES, Stored, stored
from bench.table import Must, Row
from penstock.kit.ids import Prefix, decode

ZONE = "Europe/Brussels"
# A fixed offset replaces the time zone, which SQLite does not support: the limit may be wrong about days.
RAW = """SELECT date(i.time_us / 1000000, 'unixepoch', '+1 hour') AS day,
        avg(json_extract(CAST(r.payload AS TEXT), '$.temperature')),
        min(json_extract(CAST(r.payload AS TEXT), '$.temperature')),
        max(json_extract(CAST(r.payload AS TEXT), '$.temperature'))
    FROM readings_by_device AS i JOIN readings AS r ON r.seq = i.seq
    WHERE i.device_id = ? GROUP BY day"""


def measure(bench: Bench) -> list[Row]:
    store = stored(bench)
    limit = _raw_ms(store, bench.seconds(2, 1))
    rows = []
    for fields, must in (("temperature", Must(at_most=60)), ("temperature,humidity,battery_v", None)):
        measure_s = bench.seconds(5, 2)
        begin = bench.clock(store.server, measure_s)
        requests = [[store.server.get(_path(store, fields))]]
        result = run(closed_loop(store.server.port, requests, bench.warm_s, measure_s, begin)).checked()
        cpu_ms = store.server.process.cpu() * result.seconds / len(result.latencies_s) * 1000
        sensors = "one sensor" if "," not in fields else "three sensors"
        rows.append(
            Row(
                figure=f"calendar days of 30 days of minutes ({MINUTES:,} readings), {sensors}: p50",
                value=result.percentile_ms(50),
                unit="ms",
                must=must,
                limit=limit if must else None,
                limit_name="raw SQL with json_extract",
                note=f"p99 {result.percentile_ms(99):.1f} ms, server's CPU {cpu_ms:.1f} ms; avg, min, max in {ZONE}; "
                "one connection",
            )
        )
    return rows


def _path(store: Stored, fields: str) -> str:
    span = f"from={store.first_minute_s}&to={store.first_minute_s + MINUTES * 60}"
    what = f"bucket=day&timezone={ZONE}&fields={fields}&functions=avg,min,max"
    return f"/api/v2/devices/{store.monthly.id}/telemetry/aggregate?{span}&{what}"


def _raw_ms(store: Stored, seconds: float) -> float:
    device_id = decode(Prefix.DEVICE, store.monthly.id)
    connection = store.connection()
    try:
        return median_ms(lambda: connection.execute(RAW, (device_id,)).fetchall(), seconds)
    finally:
        connection.close()
