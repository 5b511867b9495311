"""`penstock import` of a file of CSV, end to end, next to the batch door of HTTP with similar readings as prepared requests."""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import msgspec

from bench.context import SEED, Bench
from bench.loadgen import LoadFailed, closed_loop, run
from bench.server import Device, Server
from bench.table import Must, Row

DEVICES = 1_000
VALUES = ("temperature", "humidity", "battery_v")
CONNECTIONS, ROWS, BODIES = 8, 1_000, 2
"""As in the figure of batches."""
SHARE = 0.6


def measure(bench: Bench) -> list[Row]:
    count = 100_000 if bench.quick else 1_000_000
    rounds = 2 if bench.quick else 1
    with bench.server("import") as server:
        devices = server.create_devices(DEVICES)
        folder = bench.new_folder("csv")
        folder.mkdir()
        files = [_write(folder / f"{number}.csv", devices, count, number) for number in range(rounds)]
        door: list[float] = []
        rates: list[tuple[float, float, float]] = []
        for file in files:  # alternately, so that other processes affect both
            door.append(_door(bench, server, devices))
            rates.append(_import(server, folder, file, count))
        door.append(_door(bench, server, devices))
    limit = max((before + after) / 2 for before, after in pairwise(door))
    rate, own_cpu, server_cpu = max(rates)
    note = (
        f"{count:,} readings of {DEVICES:,} devices, {len(VALUES)} values, of which the server stores each once; "
        f"importer {own_cpu:.0%} of a core, server {server_cpu:.0%}, per second of its CPU {rate / server_cpu:,.0f}"
    )
    return [
        Row(
            figure="import of a file of CSV: readings",
            value=rate,
            unit="/s",
            must=Must(share=SHARE),
            limit=limit,
            limit_name="batch door, prepared",
            note=note,
        )
    ]


def _door(bench: Bench, server: Server, devices: Sequence[Device]) -> float:
    """Readings/s of the batch door, without keys."""
    chance = random.Random(SEED)
    first_s = int(time.time()) - 3_600

    def body() -> bytes:
        rows = ({"device_id": one.id, "time": _time(first_s), "data": _values(chance)} for one in devices[:ROWS])
        return msgspec.json.encode(list(rows))

    requests = [[server.post("/api/v2/telemetry", body()) for _ in range(BODIES)] for _ in range(CONNECTIONS)]
    measure_s = bench.seconds(4, 1.6)
    result = run(closed_loop(server.port, requests, bench.warm_s / 2, measure_s, bench.clock(server, measure_s))).checked()
    return result.rate * ROWS


def _import(server: Server, folder: Path, file: Path, count: int) -> tuple[float, float, float]:
    """Readings/s of the whole command but its start, and the shares of a core that it and the server used."""
    environment = {
        **os.environ,
        "PENSTOCK_URL": server.running.base_url,
        "PENSTOCK_API_KEY": server.org.api_key,
        "XDG_STATE_HOME": str(folder / "state"),
    }
    server.process.restart_clock()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "penstock.cli.main", "import", str(file), "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    server_cpu = server.process.cpu()
    if done.returncode:
        raise LoadFailed(done.stderr.strip())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = msgspec.json.decode(done.stdout)
    if (report["accepted"], report["duplicates"], report["rejected"]) != (count, 0, 0):
        raise LoadFailed(f"not each reading was stored once: {done.stdout.strip()}")
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return count / report["seconds"], cpu_s / report["seconds"], server_cpu


def _write(file: Path, devices: Sequence[Device], count: int, number: int) -> Path:
    """A file of readings of the last hours, device after device at each time."""
    chance = random.Random(SEED + number)
    first_s = int(time.time()) - 7_200
    with file.open("w") as out:
        out.write(",".join(("device_id", "time", *VALUES)) + "\n")
        for row in range(count):
            values = ",".join(map(str, _values(chance).values()))
            out.write(f"{devices[row % len(devices)].id},{_time(first_s + row // len(devices))},{values}\n")
    return file


def _values(chance: random.Random) -> dict[str, float]:
    return {
        VALUES[0]: round(chance.uniform(-20, 40), 2),
        VALUES[1]: round(chance.uniform(0, 100), 1),
        VALUES[2]: round(chance.uniform(2.7, 3.6), 3),
    }


def _time(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
