"""Ten thousand invoices closed: a month of residents who each have a meter, and the month after it."""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, datetime, timedelta

import msgspec

from bench.context import Bench
from bench.loadgen import run, send_all
from bench.server import Device, Server
from bench.table import Must, Row
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import CustomerId, IdSource, Prefix, ResidentId, decode

ACCOUNTS, QUICK_ACCOUNTS = 10_000, 500
ROWS_PER_REQUEST = 4_000
TARIFF = {
    "name": "Water",
    "currency": "EUR",
    "from": "2020-01-01",
    "items": [{"kind": "volume", "unit": "m3", "tiers": [{"up_to": 3, "price": "1.85"}, {"price": "2.35"}], "vat_rate": 7}],
    "standing": [{"amount": "6.50", "vat_rate": 7}],
}


def measure(bench: Bench) -> list[Row]:
    with bench.server("invoices") as server:
        count = QUICK_ACCOUNTS if bench.quick else ACCOUNTS
        month = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
        _fill(server, count, month)
        before = server.running.rss_bytes()
        begun = time.perf_counter()
        most = _close(server, f"{month:%Y-%m}", count)
        seconds = time.perf_counter() - begun
        return [
            Row(
                figure=f"closing: {count:,} invoices",
                value=seconds,
                unit="s",
                must=Must(at_most=60),
                note="one meter each with a reading per day; two tiers and a standing charge",
            ),
            Row(
                figure=f"closing: memory for {count:,} invoices",
                value=max(most - before, 0) / 1e6,
                unit="MB",
                must=Must(at_most=60),
                note=f"from {before / 1e6:.0f} MB before",
            ),
        ]


def _close(server: Server, period: str, count: int) -> int:
    """Close a period; returns the most memory that was seen."""
    most = 0
    with server.running.client(server.org) as client:
        path = f"/api/v2/invoice-runs/{client.post('/api/v2/invoice-runs', json={'period': period}).json()['id']}"
        while True:
            found = client.get(path, timeout=60).json()
            most = max(most, server.running.rss_bytes())
            if found["state"] != "running":
                break
            time.sleep(0.1)
    assert (found["issued"], found["failed"]) == (count, 0), found
    return most


def _fill(server: Server, count: int, month: datetime) -> None:
    """Create residents with a meter each, and a month of readings."""
    devices = server.create_devices(count)
    with server.running.client(server.org) as client:
        house = {"name": "House", "admin_email": "ada@example.org", "tenant_name": "house"}
        customer = str(client.post("/api/v2/customers", json=house).json()["id"])
        tariff = client.post("/api/v2/tariffs", json=TARIFF).raise_for_status().json()["id"]
        client.put(f"/api/v2/customers/{customer}/invoicing", json={"target": "residents"}).raise_for_status()
        assigned = {"tariffs": [{"tariff_id": tariff}]}
        client.put(f"/api/v2/customers/{customer}/tariffs", json=assigned).raise_for_status()
    _place(server, devices, decode(Prefix.CUSTOMER, customer) or CustomerId(0))
    run(send_all(server.port, [server.post("/api/v2/telemetry", body) for body in _readings(devices, month)]))
    server.wait_until_caught_up()


def _place(server: Server, devices: list[Device], customer_id: CustomerId) -> None:
    """Write residents and placements directly into the database: one call each would take minutes."""
    ids = IdSource(lambda: time.time_ns() // 1000)
    org_id = decode(Prefix.ORGANIZATION, server.org.organization_id)
    residents = [(ids.next(ResidentId), org_id, customer_id, f"Flat {at}", f"{at}@example.org") for at in range(len(devices))]
    placed = [
        (decode(Prefix.DEVICE, device.id), org_id, customer_id, resident[0])
        for device, resident in zip(devices, residents, strict=True)
    ]
    connection = sqlite3.connect(server.data_dir / "penstock.db", timeout=30)
    with connection:
        connection.executemany(
            "INSERT INTO residents (id, org_id, customer_id, name, email, created_us) VALUES (?, ?, ?, ?, ?, 0)", residents
        )
        connection.executemany(
            "INSERT INTO device_placements (device_id, org_id, customer_id, resident_id) VALUES (?, ?, ?, ?)", placed
        )
        connection.executemany(
            "INSERT INTO device_periods (device_id, org_id, customer_id, resident_id, from_us) VALUES (?, ?, ?, ?, 0)", placed
        )
    connection.close()


def _readings(devices: list[Device], month: datetime) -> list[bytes]:
    last_s = int(month.timestamp())
    times = [(last_s - day * 86_400) * SECOND_US // 1000 for day in reversed(range(32))]
    rows = [
        {"device_id": device.id, "time": at, "data": {"consumption_m3": round(100 + day * 0.25, 3)}}
        for device in devices
        for day, at in enumerate(times)
    ]
    return [msgspec.json.encode(rows[start : start + ROWS_PER_REQUEST]) for start in range(0, len(rows), ROWS_PER_REQUEST)]
