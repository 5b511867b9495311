"""A month of consumption of ten thousand meters, of a meter after a late reading, and the bill of a hundred thousand devices."""

from __future__ import annotations

import random
import sqlite3
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from bench.context import SEED, Bench
from bench.loadgen import closed_loop, run, send_all
from bench.server import Device, Server
from bench.table import Must, Row
from penstock.kit.ids import Prefix, decode

METERS, QUICK_METERS = 10_000, 1_000
DAYS, READINGS_A_DAY, HOURLY = 31, 4, 24
READINGS_PER_REQUEST = 5_000
LATE_READINGS = 20
AT_ONCE = {"PENSTOCK_ALARMS_INTERVAL_S": "0.5"}
"""Alarms are otherwise evaluated once a minute, perhaps in the middle of a figure."""
FILLED_AT_ONCE = 1_000
"""Meters whose readings are in memory at a time: those of all, hourly, take 700 MB."""
BILLED = 100_000


def measure(bench: Bench) -> list[Row]:
    with bench.server("meters", environment=AT_ONCE) as server:
        count = QUICK_METERS if bench.quick else METERS
        customer, _ = _fill(server, count, READINGS_A_DAY)
        seconds = min(_once(server, _month_of(f"customers/{customer}")) for _ in range(3))
        hourly, devices = _fill(server, count, HOURLY)
        hourly_seconds = min(_once(server, _month_of(f"customers/{hourly}")) for _ in range(3))
        late_ms = _after_late_readings(server, devices)
        months = count * DAYS * READINGS_A_DAY
        _bill(server)
        server.wait_until_idle()
        measure_s = bench.seconds(5, 2)
        begin = bench.clock(server, measure_s)
        requests = [server.get("/api/v2/billing/summary")]
        result = run(closed_loop(server.port, [requests], bench.warm_s, measure_s, begin)).checked()
        return [
            Row(
                figure=f"consumption: a month of {count:,} meters by day",
                value=seconds,
                unit="s",
                must=Must(at_most=5),
                note=f"{months:,} stored readings, {READINGS_A_DAY} per meter and day; the best of three calls",
            ),
            Row(
                figure=f"consumption: a month of {count:,} meters by day, hourly",
                value=hourly_seconds,
                unit="s",
                must=Must(at_most=10),
                note=f"{count * DAYS * HOURLY:,} stored readings, validated; the best of three calls",
            ),
            Row(
                figure="consumption: a month of an hourly meter after a late reading: p50",
                value=late_ms,
                unit="ms",
                must=Must(at_most=50),
                note=f"{LATE_READINGS} readings, each ten days late and followed by the call",
            ),
            Row(
                figure=f"billing summary of {BILLED:,} devices: p50",
                value=result.percentile_ms(50),
                unit="ms",
                must=Must(at_most=50),
                note=f"p99 {result.percentile_ms(99):.2f} ms; one connection",
            ),
        ]


def _once(server: Server, path: str) -> float:
    with server.running.client(server.org) as client:
        begun = time.perf_counter()
        answer = client.get(path, timeout=120)
        seconds = time.perf_counter() - begun
    assert answer.status_code == 200, answer.text
    assert all(row["consumption"] for row in answer.json()["data"][1:-1])
    return seconds


def _month_of(what: str) -> str:
    now_s = int(time.time())
    return f"/api/v2/{what}/consumption?from={now_s - (DAYS - 1) * 86_400}&to={now_s}&bucket=day"


def _after_late_readings(server: Server, devices: list[Device]) -> float:
    """The median time in which a meter's month is computed after a reading that arrived late."""
    found = []
    with server.running.client(server.org) as client:
        for device in devices[:LATE_READINGS]:
            late = {"time": int(time.time()) - 10 * 86_400, "data": {"consumption_m3": 0.5}}
            assert client.post(f"/api/v2/devices/{device.id}/telemetry", json=late).is_success
            begun = time.perf_counter()
            answer = client.get(_month_of(f"devices/{device.id}"))
            found.append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200, answer.text
    return statistics.median(found)


def _fill(server: Server, count: int, readings_a_day: int) -> tuple[str, list[Device]]:
    """Create meters of a customer with a month of readings."""
    devices = server.create_devices(count)
    with server.running.client(server.org) as client:
        name = f"house-{readings_a_day}"
        house = {"name": name, "admin_email": "ada@example.org", "tenant_name": name}
        customer = str(client.post("/api/v2/customers", json=house).json()["id"])
    _assign(server, devices, customer)
    for start in range(0, count, FILLED_AT_ONCE):
        bodies = _readings(devices[start : start + FILLED_AT_ONCE], readings_a_day)
        run(send_all(server.port, [server.post("/api/v2/telemetry", body) for body in bodies]))
    server.wait_until_caught_up()
    server.wait_until_idle()
    return customer, devices


def _assign(server: Server, devices: list[Device], customer: str) -> None:
    """Assign the devices directly in the database: one call each would take minutes."""
    rows = [(decode(Prefix.DEVICE, one.id), *_ids(server), decode(Prefix.CUSTOMER, customer)) for one in devices]
    _write(server, "INSERT INTO device_placements (device_id, org_id, customer_id) VALUES (?, ?, ?)", rows)
    _write(server, "INSERT INTO device_periods (device_id, org_id, customer_id, from_us) VALUES (?, ?, ?, 0)", rows)


def _bill(server: Server) -> None:
    month_us = int(datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()) * 1_000_000
    rows = [(*_ids(server), month_us, number) for number in range(1, BILLED + 1)]
    _write(server, "INSERT INTO device_months (org_id, month_us, device_id) VALUES (?, ?, ?)", rows)


def _ids(server: Server) -> tuple[int | None]:
    return (decode(Prefix.ORGANIZATION, server.org.organization_id),)


def _write(server: Server, statement: str, rows: list[tuple[int | None, ...]]) -> None:
    connection = sqlite3.connect(server.data_dir / "penstock.db", timeout=30)
    with connection:
        connection.executemany(statement, rows)
    connection.close()


def _readings(devices: list[Device], readings_a_day: int) -> Iterator[bytes]:
    chance = random.Random(SEED)
    begin_s = int(time.time()) - DAYS * 86_400
    step_s, count = 86_400 // readings_a_day, DAYS * readings_a_day
    meters_per_request = READINGS_PER_REQUEST // count
    for start in range(0, len(devices), meters_per_request):
        rows = []
        for device in devices[start : start + meters_per_request]:
            position = chance.randrange(1000)
            for number in range(count):
                position += chance.random() / 10
                data = {"consumption_m3": round(position, 3), "battery_level": 3.59}
                rows.append({"device_id": device.id, "time": begin_s + number * step_s, "data": data})
        yield msgspec.json.encode(rows)
