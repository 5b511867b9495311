"""The load generator: keep-alive connections, each of which sends its next request when the previous response has arrived.

It runs in the process of `python -m bench`, never in the server's. On two cores it must cost far less per request than the
server, or it would measure itself: requests are prepared bytes, and of a response only the status and the length are read. Each
figure states the share of a core that it used (`Result.cpu`).

Every loop is bounded: by its deadline, by the requests it was given, and in the connections that it opens.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import uvloop

from bench.http import HEALTH, Answers, now

T = TypeVar("T")
DRAIN_S = 10.0
"""How long responses that are pending at the deadline are awaited."""
OPENED_AT_ONCE = 32
"""The front door accepts 64 connections of one address that have had no successful response."""


class LoadFailed(Exception):
    """A load did not get the responses that its figure requires."""


@dataclass
class Result:
    """The result of one load. `latencies_s` contains only the successful requests of the measured time."""

    seconds: float = 0.0
    latencies_s: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    without_retry_after: int = 0
    lost: int = 0
    cpu: float = 0.0
    """The share of one core that the generator used."""

    @property
    def rate(self) -> float:
        return len(self.latencies_s) / self.seconds if self.seconds else 0.0

    def add(self, other: Result) -> None:
        """Add the result of another round."""
        self.seconds += other.seconds
        self.latencies_s += other.latencies_s
        self.statuses += other.statuses
        self.without_retry_after += other.without_retry_after
        self.lost += other.lost

    def percentile_ms(self, percent: float) -> float:
        return percentile(self.latencies_s, percent) * 1000

    def checked(self) -> Result:
        """Return the result itself if all requests succeeded.

        Raises:
            LoadFailed: a response was not a success, or there was none.
        """
        if self.lost or not self.latencies_s or len(self.latencies_s) != self.statuses.total():
            raise LoadFailed(f"responses {dict(self.statuses)}, {self.lost} connections lost")
        return self


def percentile(values: Iterable[float], percent: float) -> float:
    """The nearest-rank percentile; NaN if there are no values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else float("nan")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run one load to its end on uvloop, without interruption by the garbage collector."""
    gc.collect()
    gc.disable()
    try:
        return uvloop.run(work)
    finally:
        gc.enable()


class Shared:
    """The state shared by the connections of one closed loop."""

    def __init__(self) -> None:
        self.result = Result()
        self.since = self.until = float("inf")

    def begin(self, warm_s: float, measure_s: float) -> None:
        self.since = now() + warm_s
        self.until = self.since + measure_s
        self.result.seconds = measure_s

    def record(self, status: int, seconds: float, head: bytes) -> None:
        if not self.since <= now() <= self.until:
            return
        result = self.result
        result.statuses[status] += 1
        if status < 300:
            result.latencies_s.append(seconds)
        elif status == 503 and b"\r\nretry-after: " not in head:
            result.without_retry_after += 1


class Worker(Answers):
    """A connection of a closed loop. Its first response is the one to `HEALTH`, which makes it `ready`."""

    def __init__(self, shared: Shared, requests: Iterator[bytes]) -> None:
        super().__init__()
        loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.done: asyncio.Future[None] = loop.create_future()
        self._shared = shared
        self._requests = requests

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.send(HEALTH)

    def next(self) -> None:
        if now() < self._shared.until:
            self.send(next(self._requests))
        elif not self.done.done():
            self.done.set_result(None)

    def answered(self, status: int, seconds: float, head: bytes) -> None:
        if not self.ready.done():
            self.ready.set_result(None)
            return
        self._shared.record(status, seconds, head)
        self.next()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.done.done():
            return
        self._shared.result.lost += 1
        self.done.set_result(None)
        if not self.ready.done():
            self.ready.set_exception(LoadFailed(f"a connection was rejected: {self._head.decode('latin-1')}"))


async def connect(port: int, protocols: Sequence[Callable[[], T]]) -> list[T]:
    """Open connections, as many at the same time as the front door accepts. Each protocol has a future `ready`."""
    loop = asyncio.get_running_loop()
    opened: list[T] = []
    for start in range(0, len(protocols), OPENED_AT_ONCE):
        group = []
        for factory in protocols[start : start + OPENED_AT_ONCE]:
            _, protocol = await loop.create_connection(factory, "127.0.0.1", port)  # type: ignore[type-var]
            group.append(protocol)
        await asyncio.wait_for(asyncio.gather(*(protocol.ready for protocol in group)), 30)  # type: ignore[attr-defined]
        opened += group
    return opened


async def closed_loop(
    port: int,
    requests: Sequence[Iterable[bytes]],
    warm_s: float,
    measure_s: float,
    on_measure: Callable[[], None] | None = None,
) -> Result:
    """Open one connection per item of `requests`. Each sends its own in turn, repeatedly, until the time is up.

    `on_measure` is called when the warm-up has ended, to start other clocks.
    """
    shared = Shared()
    workers = await connect(
        port,
        [lambda own=own: Worker(shared, itertools.cycle(own)) for own in requests],  # type: ignore[misc]
    )
    shared.begin(warm_s, measure_s)
    for worker in workers:
        worker.next()
    await asyncio.sleep(warm_s)
    if on_measure:
        on_measure()
    used_s = time.process_time()
    await asyncio.sleep(max(shared.until - now(), 0))
    shared.result.cpu = (time.process_time() - used_s) / measure_s
    await asyncio.wait([worker.done for worker in workers], timeout=DRAIN_S)
    for worker in workers:
        worker.close()
    return shared.result


class Sender(Answers):
    """A connection that works through a list shared with others, and keeps the responses."""

    keep = True

    def __init__(self, waiting: Iterator[tuple[int, bytes]], answers: dict[int, bytes]) -> None:
        super().__init__()
        self._waiting = waiting
        self._answers = answers
        self._number = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.next()

    def next(self) -> None:
        self._number, message = next(self._waiting, (-1, b""))
        if message:
            self.send(message)
        else:
            self.done.set_result(None)

    def answered(self, status: int, seconds: float, head: bytes) -> None:
        if status < 300:
            self._answers[self._number] = self.body
            self.next()
        elif not self.done.done():
            self.done.set_exception(LoadFailed(f"a request got the response {status}: {self.body[:300].decode()}"))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(LoadFailed("the server closed a connection during the setup"))


async def send_all(port: int, requests: Iterable[bytes], connections: int = 8, timeout_s: float = 60) -> list[bytes]:
    """Send each request once, over a few connections. Returns the bodies of the responses in the order of the requests.

    Raises:
        LoadFailed: a response was not a success.
    """
    loop = asyncio.get_running_loop()
    answers: dict[int, bytes] = {}
    waiting = iter(enumerate(requests))
    senders = [(await loop.create_connection(lambda: Sender(waiting, answers), "127.0.0.1", port))[1] for _ in range(connections)]
    await asyncio.wait_for(asyncio.gather(*(sender.done for sender in senders)), timeout_s)
    for sender in senders:
        sender.close()
    return [answers[number] for number in sorted(answers)]
