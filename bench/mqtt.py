"""The MQTT load generator: publishers at QoS 1 that send prepared bytes, so that the generator costs little.

Source: MQTT 3.1.1, chapter 3. Every acknowledgement is four bytes, and they arrive in the order of a publisher's messages.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence

from bench.http import now
from bench.loadgen import DRAIN_S, LoadFailed, Result, connect
from bench.server import Device

_ACK_BYTES = 4


def _text(value: str) -> bytes:
    return len(value).to_bytes(2, "big") + value.encode()


def _packet(first: int, body: bytes) -> bytes:
    size = len(body)
    head = bytes([first, size]) if size < 128 else bytes([first, size % 128 | 128, size // 128])
    return head + body


class Publisher(asyncio.Protocol):
    """A device's connection. `ready` is done when the server has accepted it."""

    def __init__(self, device: Device, client_id: str, payloads: Sequence[bytes]) -> None:
        loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.result = Result()
        self.since = self.until = float("inf")
        self.refill = False
        self._hello = _packet(
            0x10, _text("MQTT") + b"\x04\xc2\x00\x3c" + _text(client_id) + _text(device.id) + _text(device.token)
        )
        self._topic = _text(f"d/{device.id}/t")
        self._payloads = payloads
        self._sent = 0
        self._unanswered: deque[float] = deque()
        self._rest = b""

    @property
    def unanswered(self) -> int:
        return len(self._unanswered)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]
        self._transport.write(self._hello)

    def publish(self, count: int) -> None:
        """Send this number of messages."""
        out, at = [], now()
        for _ in range(count):
            self._sent += 1
            number = (self._sent % 65_535 + 1).to_bytes(2, "big")
            out.append(_packet(0x32, self._topic + number + self._payloads[self._sent % len(self._payloads)]))
            self._unanswered.append(at)
        self._transport.write(b"".join(out))

    def data_received(self, data: bytes) -> None:
        if not self.ready.done():
            if data != b"\x20\x02\x00\x00":
                self.ready.set_exception(LoadFailed(f"a device was rejected: {data!r}"))
            else:
                self.ready.set_result(None)
            return
        data = self._rest + data
        count = len(data) // _ACK_BYTES
        self._rest = data[count * _ACK_BYTES :]
        at = now()
        for _ in range(count):
            sent = self._unanswered.popleft()
            if self.since <= at <= self.until:
                self.result.latencies_s.append(at - sent)
                self.result.statuses[200] += 1
        if self.refill and count and at < self.until:
            self.publish(count)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._unanswered or not self.ready.done():
            self.result.lost += 1

    def close(self) -> None:
        self._transport.close()


async def publishers(port: int, devices: Sequence[Device], count: int, payloads: Sequence[bytes]) -> list[Publisher]:
    """Open this number of connections, over the devices in turn."""
    return await connect(
        port,
        [lambda n=n: Publisher(devices[n % len(devices)], f"bench-{n}", payloads) for n in range(count)],  # type: ignore[misc]
    )


async def publish_without_pause(
    opened: Sequence[Publisher], window: int, warm_s: float, measure_s: float, on_measure: Callable[[], None]
) -> Result:
    """Each publisher keeps `window` messages unacknowledged until the time is up."""
    since = now() + warm_s
    for one in opened:
        one.since, one.until, one.refill = since, since + measure_s, True
        one.publish(window)
    return await _measured(opened, warm_s, measure_s, on_measure)


async def publish_each_second(
    opened: Sequence[Publisher], warm_s: float, measure_s: float, on_measure: Callable[[], None]
) -> Result:
    """Each publisher sends one message per second; all are spread evenly over it."""
    since = now() + warm_s
    for one in opened:
        one.since, one.until = since, since + measure_s

    async def send() -> None:
        begun, sent = now(), 0
        while now() < since + measure_s:
            due = int((now() - begun) * len(opened))
            for number in range(sent, due):
                opened[number % len(opened)].publish(1)
            sent = due
            await asyncio.sleep(0.002)

    sending = asyncio.create_task(send())
    result = await _measured(opened, warm_s, measure_s, on_measure)
    await sending
    return result


async def _measured(opened: Sequence[Publisher], warm_s: float, measure_s: float, on_measure: Callable[[], None]) -> Result:
    await asyncio.sleep(warm_s)
    on_measure()
    used_s = time.process_time()
    await asyncio.sleep(measure_s)
    out = Result(seconds=measure_s, cpu=(time.process_time() - used_s) / measure_s)
    deadline = now() + DRAIN_S
    while any(one.unanswered for one in opened) and now() < deadline:
        await asyncio.sleep(0.02)
    for one in opened:
        one.result.seconds = 0.0
        one.result.lost += bool(one.unanswered)
        out.add(one.result)
        one.close()
    return out.checked()
