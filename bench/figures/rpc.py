"""gRPC: calls of one message next to a bare handler, streams of batches next to the batch door of HTTP, and many followers."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import shutil
import struct
import subprocess
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc

from bench.bare_grpc import PATH, bare_grpc
from bench.context import SEED, Bench
from bench.loadgen import closed_loop, percentile, run, send_all
from bench.machine import Process
from bench.server import Device, Server, ingest_requests, payload
from bench.table import Must, Row
from penstock.api.grpc.converting import struct_from
from penstock.api.grpc.descriptors import message_type

ROWS = 1_000
STREAMS = 4
CONNECTIONS = 8
CALLS_AT_ONCE = 64
FOLLOWERS = 500
GRPC = {"PENSTOCK_GRPC_LISTEN": "true", "PENSTOCK_GRPC_PORT": "0"}
H2LOAD = "h2load"
_STREAM = "/penstock.v1.TelemetryService/StreamReadings"
_FOLLOW = "/penstock.v1.StreamsService/Follow"
_NAMES = ("temperature", "humidity", "battery_v")


def measure(bench: Bench) -> list[Row]:
    with bench.server("rpc", environment=GRPC) as server:
        devices = server.create_devices(ROWS)
        rows = [_unary(bench, server, devices[0])]
        rows += _ingest(bench, server, devices)
        server.wait_until_idle()
        rows += _following(bench, server, devices[0])
    return rows


# ── calls of one message ──


@dataclass
class _Load:
    """What h2load measured, and what the server used meanwhile."""

    rate: float = 0.0
    cpu_per_call_us: float = 0.0


def _unary(bench: Bench, server: Server, device: Device) -> Row:
    figure, must = f"gRPC, latest reading of a device: calls ({CALLS_AT_ONCE} at once)", Must(share=0.50)
    if shutil.which(H2LOAD) is None:
        return Row(figure=figure, value=None, unit="/s", must=must, note="h2load is not installed (Debian's nghttp2-client)")
    run(send_all(server.port, ingest_requests(device, random.Random(SEED), 1)))
    body = bench.new_folder("call.bin")
    body.write_bytes(_framed(message_type("GetLatestReadingRequest")(device_id=device.id).SerializeToString()))
    own, bare = [], []
    with bare_grpc(pinned=bench.pinned) as (port, pid):
        for _ in range(2 if bench.quick else 4):
            own.append(_h2load(bench, server.running.grpc_port, server.process, body, server.key_headers))
            bare.append(_h2load(bench, port, Process(pid), body, server.key_headers))
    value, limit = (max(one.rate for one in side) for side in (own, bare))
    used, least = (min(one.cpu_per_call_us for one in side) for side in (own, bare))
    return Row(
        figure=figure,
        value=value,
        unit="/s",
        must=must,
        limit=limit,
        limit_name="bare typed handler of grpc.aio",
        note=f"processor time of a call {used:.0f} µs, bare {least:.0f} µs ({least / used:.0%})",
    )


def _h2load(bench: Bench, port: int, process: Process, body: Path, headers: dict[str, str]) -> _Load:
    seconds = bench.seconds(4, 2)
    head = [f"-H{name}: {value}" for name, value in {**headers, "content-type": "application/grpc", "te": "trailers"}.items()]
    command = [H2LOAD, "-c4", f"-m{CALLS_AT_ONCE // 4}", "-t1", f"-D{seconds:g}", "--warm-up-time=1", f"-d{body}", *head]
    process.restart_clock()
    done = subprocess.run([*command, f"http://127.0.0.1:{port}{PATH}"], capture_output=True, text=True, check=True, timeout=60)
    cpu = process.cpu()
    found = re.search(r"requests: .* (\d+) succeeded, (\d+) failed", done.stdout)
    if found is None or int(found[2]):
        raise RuntimeError(f"h2load: {done.stdout[-500:]}")
    rate = int(found[1]) / seconds
    return _Load(rate, cpu / rate * 1e6 if rate else 0.0)


def _framed(message: bytes) -> bytes:
    return struct.pack(">BI", 0, len(message)) + message


# ── streams of batches ──


def _ingest(bench: Bench, server: Server, devices: Sequence[Device]) -> list[Row]:
    chance = random.Random(SEED)
    one, many = "one device", f"{ROWS:,} devices"
    doors = {of: _doors(server, found, chance) for of, found in ((one, devices[:1]), (many, devices))}
    forms = {
        "columns": (one, [_of_columns(devices[0], chance) for _ in range(4)]),
        "rows of numbers": (many, [_of_rows(devices, chance, numbers=True) for _ in range(4)]),
        "rows of any values": (many, [_of_rows(devices, chance, numbers=False) for _ in range(4)]),
    }
    rates: dict[str, list[float]] = {name: [] for name in (*forms, *doors)}
    seconds = bench.seconds(5, 1.6)
    for _ in range(1 if bench.quick else 2):
        for of, requests in doors.items():
            result = run(closed_loop(server.port, requests, bench.warm_s, seconds, server.process.restart_clock)).checked()
            rates[of].append(result.rate * ROWS)
        for name, (_, batches) in forms.items():
            rates[name].append(run(_streamed(server, batches, bench.warm_s, seconds)))
    return [
        Row(
            figure=f"gRPC, stream of batches of {ROWS:,}, durable: readings of {of} in {name}",
            value=max(rates[name]),
            unit="/s",
            must=Must(share=1.0) if name == "columns" else None,
            limit=max(rates[of]),
            limit_name=f"batch door of HTTP, {of}",
            note=f"{STREAMS} streams",
        )
        for name, (of, _) in forms.items()
    ]


def _doors(server: Server, devices: Sequence[Device], chance: random.Random) -> list[list[bytes]]:
    """Requests of the batch door for each connection, with as many readings."""
    times = [time.time_ns() // 1_000_000 + number for number in range(ROWS)]

    def body() -> bytes:
        rows = zip(itertools.cycle(devices), times, strict=False)
        timed = len(devices) == 1  # as columns have them
        return b"[" + b",".join(_as_json(one, at if timed else None, chance) for one, at in rows) + b"]"

    return [[server.post("/api/v2/telemetry", body()) for _ in range(2)] for _ in range(CONNECTIONS)]


async def _streamed(server: Server, batches: Sequence[bytes], warm_s: float, seconds: float) -> float:
    """Readings that are acknowledged per second, over several streams that send as fast as they are answered."""
    begin = time.perf_counter() + warm_s
    counts = await asyncio.gather(*(_one_stream(server, batches, begin, begin + seconds) for _ in range(STREAMS)))
    return sum(counts) * ROWS / seconds


async def _one_stream(server: Server, batches: Sequence[bytes], begin: float, end: float) -> int:
    parse = message_type("StreamReadingsResponse").FromString
    under_way = asyncio.Semaphore(4)
    answered = 0

    async def requests() -> AsyncIterator[bytes]:
        number = 0
        while time.perf_counter() < end:
            await under_way.acquire()
            yield batches[number % len(batches)]
            number += 1

    async with _channel(server) as channel:
        async for content in channel.stream_stream(_STREAM)(requests(), metadata=_metadata(server)):
            found: Any = parse(content)
            if found.outcome.accepted != ROWS:
                raise RuntimeError(f"a batch was not stored: {found}")
            under_way.release()
            answered += begin <= time.perf_counter() < end
    return answered


def _values(chance: random.Random) -> tuple[float, float, float]:
    return round(chance.uniform(-10, 35), 2), round(chance.uniform(20, 95), 1), round(chance.uniform(3.0, 4.2), 3)


def _of_columns(device: Device, chance: random.Random) -> bytes:
    now_us = time.time_ns() // 1000
    columns = zip(*(_values(chance) for _ in range(ROWS)), strict=True)
    values = [{"name": name, "numbers": numbers} for name, numbers in zip(_NAMES, columns, strict=True)]
    content = {"device_id": device.id, "times_us": [now_us + number for number in range(ROWS)], "values": values}
    return message_type("StreamReadingsRequest")(columns=[content]).SerializeToString()


def _of_rows(devices: Sequence[Device], chance: random.Random, *, numbers: bool) -> bytes:
    def row(device: Device) -> dict[str, Any]:
        values = dict(zip(_NAMES, _values(chance), strict=True))
        if numbers:
            return {"device_id": device.id, "numbers": values}
        return {"device_id": device.id, "data": struct_from(values)}

    return message_type("StreamReadingsRequest")(readings=[row(device) for device in devices]).SerializeToString()


def _as_json(device: Device, time_ms: int | None, chance: random.Random) -> bytes:
    at = b"" if time_ms is None else b'"time":%d,' % time_ms
    return b'{"device_id":"%b",%b"data":%b}' % (device.id.encode(), at, payload(chance))


# ── followers ──


def _following(bench: Bench, server: Server, device: Device) -> list[Row]:
    readings = 100 if bench.quick else 1_000
    lost, took_s = run(_followed(server, device, readings))
    return [
        Row(
            figure=f"gRPC, {FOLLOWERS} followers of {readings:,} readings: events lost",
            value=lost,
            unit="",
            must=Must(at_most=1),
            note=f"from sent to received p50 {percentile(took_s, 50) * 1000:.0f} ms, p99 {percentile(took_s, 99) * 1000:.0f} ms",
        )
    ]


@dataclass
class _Followers:
    """What all followers of one measurement have seen."""

    readings: int
    ready: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    sent_at: dict[int, float] = field(default_factory=dict)
    took_s: list[float] = field(default_factory=list)

    async def follow(self, server: Server, channel: grpc.aio.Channel, device: Device) -> int:
        """Follow a device until all readings have come. Returns how many have not."""
        parse = message_type("FollowResponse").FromString
        request = message_type("FollowRequest")(devices=[device.id]).SerializeToString()
        seen: set[int] = set()
        async for content in channel.unary_stream(_FOLLOW)(request, metadata=_metadata(server)):
            found: Any = parse(content)
            kind = found.event.WhichOneof("type")
            if kind == "ready":
                self.ready.release()
            elif kind == "reading":
                self._take(int(found.event.reading.data.fields["n"].number_value), seen)
                if len(seen) == self.readings:
                    break
        return self.readings - len(seen)

    def _take(self, number: int, seen: set[int]) -> None:
        if len(seen) % 10 == 0:  # enough of them
            self.took_s.append(time.perf_counter() - self.sent_at[number])
        seen.add(number)


async def _followed(server: Server, device: Device, readings: int) -> tuple[int, list[float]]:
    followers = _Followers(readings)
    channels = [_channel(server) for _ in range(4)]
    try:
        tasks = [asyncio.create_task(followers.follow(server, channels[number % 4], device)) for number in range(FOLLOWERS)]
        for _ in tasks:
            await followers.ready.acquire()
        call = channels[0].unary_unary("/penstock.v1.TelemetryService/SendReadings")
        for first in range(0, readings, 10):
            rows = [{"device_id": device.id, "numbers": {"n": number}} for number in range(first, first + 10)]
            followers.sent_at.update(dict.fromkeys(range(first, first + 10), time.perf_counter()))
            await call(message_type("SendReadingsRequest")(readings=rows).SerializeToString(), metadata=_metadata(server))
            await asyncio.sleep(0.05)
        done, late = await asyncio.wait(tasks, timeout=120)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return sum(task.result() for task in done) + len(late) * readings, followers.took_s
    finally:
        for channel in channels:
            await channel.close()


def _channel(server: Server) -> grpc.aio.Channel:
    return grpc.aio.insecure_channel(f"127.0.0.1:{server.running.grpc_port}", options=[("grpc.use_local_subchannel_pool", 1)])


def _metadata(server: Server) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), value) for name, value in server.key_headers.items())
