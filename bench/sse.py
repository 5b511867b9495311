"""Readers of the live stream, and readings sent to them at a steady rate."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from bench.http import Answers, now
from bench.loadgen import LoadFailed, connect
from bench.machine import Process

PATH = "/api/v2/streams/sse"
_ID_BYTES = len("tel_000000000001k")


class Stream(asyncio.Protocol):
    """One reader. `seen` contains the id and arrival time of each reading, alternately; `ready` is done at the head of a 200.

    Events end with an empty line; the framing of chunks between them contains no such line.
    """

    def __init__(self, message: bytes, seen: list[tuple[bytes, float]]) -> None:
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.count = 0
        self.lost = False
        self._message = message
        self._seen = seen
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._message)

    def data_received(self, data: bytes) -> None:
        at = now()
        data = self._rest + data
        if not self.ready.done():
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._rest = head
                return
            if int(head[9:12]) != 200:
                self.ready.set_exception(StreamRefused(int(head[9:12])))
                return
            self.ready.set_result(None)
        *events, self._rest = data.split(b"\n\n")
        for event in events:
            found = event.find(b"tel_")
            if found >= 0 and b"event: reading" in event:
                self.count += 1
                self._seen.append((event[found : found + _ID_BYTES], at))

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        if not self.ready.done():
            self.ready.set_exception(LoadFailed("the server closed a stream immediately"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class StreamRefused(Exception):
    """The stream's response was not 200; `status` contains it."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the stream responded with {status}")
        self.status = status


class _Device(Answers):
    """A device that sends on request, and records when each reading was acknowledged."""

    keep = True

    def __init__(self, pace: Pace) -> None:
        super().__init__()
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ready.set_result(None)
        self._pace = pace

    def answered(self, status: int, seconds: float, head: bytes) -> None:
        at = self.body.find(b"tel_")
        self._pace.took(self, self.body[at : at + _ID_BYTES] if status == 200 and at >= 0 else None)


class Pace:
    """Sends readings at a steady rate. `acknowledged` contains the time of each reading's 200."""

    def __init__(self, port: int, messages: Sequence[bytes], connections: int) -> None:
        self.acknowledged: dict[bytes, float] = {}
        self.sent = 0
        self.refused = 0
        self.port = port
        self._messages = messages
        self._connections = connections
        self._idle: deque[_Device] = deque()
        self._late = 0

    async def open(self) -> None:
        self._idle += await connect(self.port, [lambda: _Device(self)] * self._connections)

    async def run(self, per_second: float, seconds: float) -> None:
        """Send for this long. A reading that finds no free connection is sent as soon as one is free."""
        begun = now()
        while (passed_s := now() - begun) < seconds:
            self._late += int(passed_s * per_second) - self.sent - self._late
            self._send()
            await asyncio.sleep(0.001)

    def took(self, device: _Device, reading: bytes | None) -> None:
        if reading is None:
            self.refused += 1
        else:
            self.acknowledged[reading] = now()
        self._idle.append(device)
        self._send()

    def close(self) -> None:
        for device in self._idle:
            device.close()

    def _send(self) -> None:
        while self._late and self._idle:
            self._late -= 1
            self._idle.popleft().send(self._messages[self.sent % len(self._messages)])
            self.sent += 1


@dataclass
class Watched:
    """What readers received. `took_s` are the times from an acknowledgement to a reader's event; 0 if the event was earlier."""

    took_s: list[float]
    missing: int
    lost: int
    server_cpu: float
    generator_cpu: float


async def watch(
    pace: Pace, process: Process, stream: bytes, readers: int, per_second: float, seconds: float, settle_s: float = 3.0
) -> Watched:
    """Send at a steady rate while this number of readers watch. Missing events are awaited for `settle_s` at the end."""
    seen: list[tuple[bytes, float]] = []
    streams = await connect(pace.port, [lambda: Stream(stream, seen)] * readers)
    await pace.open()
    process.restart_clock()
    used_s = time.process_time()
    await pace.run(per_second, seconds)
    server_cpu, generator_cpu = process.cpu(), (time.process_time() - used_s) / seconds
    settled = now() + settle_s
    while now() < settled and len(seen) < pace.sent * readers:
        await asyncio.sleep(0.05)
    lost = sum(reader.lost for reader in streams)
    for closing in (*streams, pace):
        closing.close()
    known = pace.acknowledged
    took_s = [max(at - known[name], 0.0) for name, at in seen if name in known]
    return Watched(took_s, len(known) * readers - len(took_s), lost, server_cpu, generator_cpu)
