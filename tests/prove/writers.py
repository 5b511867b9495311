"""Writers that put unique values into readings and keep a list of what was acknowledged.

Each writer has one connection and one request under way. What it sent and got no answer for is `unsure`; when it runs
again it sends that once more, with the same key, as a client should. Writers without keys never repeat themselves: what
they are unsure of may be there once or not at all.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

import uvloop

from .site import Site
from .wire import Answer, Connection, Gone, request

BATCH = 20


@dataclass(frozen=True)
class Sent:
    """A request with the values of its readings."""

    values: tuple[str, ...]
    wire: bytes


@dataclass
class Writer:
    """One client. `make` builds the request for a list of values."""

    name: str
    make: Callable[[tuple[str, ...]], bytes]
    rows: int = 1
    keyed: bool = True
    acked: list[str] = field(default_factory=list)
    unsure: list[Sent] = field(default_factory=list)
    maybe: set[str] = field(default_factory=set)
    refusals: list[Answer] = field(default_factory=list)
    torn: int = 0

    def __post_init__(self) -> None:
        self._numbers = itertools.count()

    async def run(self, base_url: str, stop: asyncio.Event, limit: int | None = None) -> None:
        """Send until told to stop, until the server is gone, or so many requests."""
        requests = self._requests(self._to_repeat())
        try:
            connection = await Connection.open(base_url)
        except Gone:
            return
        try:
            for sent in itertools.islice(requests, limit):
                if stop.is_set():
                    self.unsure.append(sent)
                    break
                await self._send(connection, sent)
        except Gone as gone:
            self.torn += gone.torn
        finally:
            connection.close()
            self.unsure += self._left(requests)

    async def _send(self, connection: Connection, sent: Sent) -> None:
        self.unsure.append(sent)
        answer = await connection.ask(sent.wire)
        self.unsure.remove(sent)
        if answer.status < 300:
            self.acked += sent.values
        else:
            self.refusals.append(answer)

    def _to_repeat(self) -> list[Sent]:
        repeat, self.unsure = self.unsure, []
        if self.keyed:
            return repeat
        self.maybe.update(value for sent in repeat for value in sent.values)
        return []

    def _requests(self, first: list[Sent]) -> Iterator[Sent]:
        self._first = first
        while first:
            yield first.pop(0)
        while True:
            values = tuple(f"{self.name}-{next(self._numbers)}" for _ in range(self.rows))
            yield Sent(values, self.make(values))

    def _left(self, requests: Iterator[Sent]) -> list[Sent]:
        return self._first


def fleet(site: Site, *, singles: int = 6, natives: int = 4, batches: int = 3, plain: int = 2, name: str = "") -> list[Writer]:
    """Writers of every kind, over the devices of the first organisation."""
    devices = itertools.cycle(site.devices["Acme"])
    writers = [Writer(f"{name}single{n}", _device_call(site, next(devices))) for n in range(singles)]
    writers += [Writer(f"{name}native{n}", _native_call(site, next(devices))) for n in range(natives)]
    writers += [Writer(f"{name}batch{n}", _batch_call(site), rows=BATCH) for n in range(batches)]
    return writers + [Writer(f"{name}plain{n}", _plain_call(next(devices)), keyed=False) for n in range(plain)]
