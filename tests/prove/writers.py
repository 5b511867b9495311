"""Writers that put unique values into readings and keep a list of what was acknowledged.

Each writer has one connection and one request under way. A request that got no answer is `unsure`: when the writer runs
again it sends it once more, with the same key, as a client should. Writers without keys never repeat themselves: what they
were unsure of goes to `maybe` and may be stored once or not at all.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

import uvloop

from penstock.bootstrap.dialects import DIALECTS
from tests.support.waiting import CEILING_S

from .site import Device, Site
from .wire import Answer, Connection, Gone, request

BATCH = 20
PATIENCE_S = CEILING_S
Make = Callable[[tuple[str, ...]], bytes]


@dataclass(frozen=True)
class Sent:
    """A request with the values of its readings."""

    values: tuple[str, ...]
    wire: bytes


class Acknowledged(Protocol):
    """Whoever keeps a list of what was acknowledged."""

    acked: list[str]


@dataclass
class Writer:
    """One client. `make` builds the request for the values of `rows` readings."""

    name: str
    make: Make
    rows: int = 1
    keyed: bool = True
    acked: list[str] = field(default_factory=list)
    maybe: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    refusals: list[Answer] = field(default_factory=list)
    unsure: Sent | None = None
    torn: int = 0
    numbers: Iterable[int] = field(default_factory=itertools.count)

    async def run(self, base_url: str, stop: asyncio.Event | None = None, limit: int | None = None) -> None:
        """Send until told to stop, until the server is gone, or so many requests."""
        if self.unsure and not self.keyed:
            self.maybe += self.unsure.values
            self.unsure = None
        try:
            connection = await Connection.open(base_url)
        except Gone:
            return
        try:
            for _ in itertools.repeat(None) if limit is None else range(limit):
                if stop and stop.is_set():
                    break
                await self._send(connection)
        except Gone as gone:
            self.torn += gone.torn
        finally:
            connection.close()

    async def _send(self, connection: Connection) -> None:
        sent = self.unsure = self.unsure or self._next()
        answer = await connection.ask(sent.wire)
        self.unsure = None
        if answer.status < 300:
            self.acked += sent.values
        else:
            self.refused += sent.values
            self.refusals.append(answer)

    def _next(self) -> Sent:
        values = tuple(f"{self.name}-{number}" for number in itertools.islice(self.numbers, self.rows))
        return Sent(values, self.make(values))


def run_load(
    writers: list[Writer], base_url: str, seconds: float, then: Callable[[], object] | None = None, *, each: int = 0
) -> None:
    """Let writers send for a while, and then do something to the server, or end in peace.

    However slow the machine is, the while lasts until each of them had so many more readings acknowledged.
    """

    async def enough() -> None:
        await asyncio.gather(asyncio.sleep(seconds), more_acknowledged(writers, each))

    _run_load(writers, base_url, enough, then)


def run_load_until(writers: list[Writer], base_url: str, readings: int, then: Callable[[], object] | None = None) -> None:
    """The same, but until so many more readings are acknowledged, however slow the machine is."""
    aim = acknowledged(writers) + readings

    async def enough() -> None:
        async with asyncio.timeout(CEILING_S):
            while acknowledged(writers) < aim:
                await asyncio.sleep(0.001)

    _run_load(writers, base_url, enough, then)


async def more_acknowledged(writers: Sequence[Acknowledged], readings: int) -> None:
    """Wait until so many more readings of each writer are acknowledged, however slow the machine is."""
    aims = [(writer, len(writer.acked) + readings) for writer in writers]
    async with asyncio.timeout(CEILING_S):
        while not all(len(writer.acked) >= aim for writer, aim in aims):
            await asyncio.sleep(0.001)


def acknowledged(writers: Iterable[Writer]) -> int:
    """How many readings were acknowledged."""
    return sum(len(writer.acked) for writer in writers)


def _run_load(
    writers: list[Writer], base_url: str, load_lasts: Callable[[], Awaitable[None]], then: Callable[[], object] | None
) -> None:
    async def load() -> None:
        stop = asyncio.Event()
        running = asyncio.gather(*(writer.run(base_url, stop) for writer in writers))
        await load_lasts()
        if then is None:
            stop.set()
        else:
            then()
        await asyncio.wait_for(running, PATIENCE_S)

    uvloop.run(load())


def repeat_unsure(writers: list[Writer], base_url: str) -> None:
    """Let every writer send once more what it got no answer for."""

    async def repeat() -> None:
        await asyncio.gather(*(writer.run(base_url, limit=1) for writer in writers if writer.unsure))

    uvloop.run(repeat())


def fleet(site: Site, *, singles: int = 6, natives: int = 4, batches: int = 3, plain: int = 2, pad: int = 0) -> list[Writer]:
    """Writers of every kind, over the devices of the first organisation. `pad` bytes make each reading larger."""
    devices = itertools.cycle(site.devices["Acme"])
    calls = itertools.cycle(device_calls())
    writers = [Writer(f"single{n}", next(calls)(next(devices), pad)) for n in range(singles)]
    writers += [Writer(f"native{n}", native_call(site, next(devices), pad)) for n in range(natives)]
    writers += [Writer(f"batch{n}", batch_call(site, pad), rows=BATCH) for n in range(batches)]
    return writers + [Writer(f"plain{n}", plain_call(next(devices), pad), keyed=False) for n in range(plain)]


def device_calls() -> list[Callable[[Device, int], Make]]:
    """The calls of devices that name their readings: those of the dialects (`writers.py` in their folders of tests), and ours."""
    modules = (f"tests.api.dialects.{name}.writers" for name in DIALECTS)
    return [*(import_module(module).device_call for module in modules if find_spec(module) is not None), device_call]


def _data(value: str, pad: int) -> dict[str, str]:
    return {"v": value} | ({"pad": "x" * pad} if pad else {})


def device_call(device: Device, pad: int = 0) -> Make:
    """One reading by the native call, as the device itself, with a dedupe key."""

    def make(values: tuple[str, ...]) -> bytes:
        headers = {"Authorization": f"Bearer {device.token}"}
        body = {"data": _data(values[0], pad), "dedupe_key": values[0]}
        return request("POST", f"/api/v2/devices/{device.id}/telemetry", headers, body)

    return make


def native_call(site: Site, device: Device, pad: int = 0) -> Make:
    """One reading by the native call, with a dedupe key."""

    def make(values: tuple[str, ...]) -> bytes:
        body = {"data": _data(values[0], pad), "dedupe_key": values[0]}
        return request("POST", f"/api/v2/devices/{device.id}/telemetry", site.org.headers(), body)

    return make


def batch_call(site: Site, pad: int = 0) -> Make:
    """Many readings of all devices, each with a dedupe key."""
    devices = itertools.cycle(site.devices["Acme"])

    def make(values: tuple[str, ...]) -> bytes:
        body = [{"device_id": next(devices).id, "data": _data(value, pad), "dedupe_key": value} for value in values]
        return request("POST", "/api/v2/telemetry", site.org.headers(), body)

    return make


def plain_call(device: Device, pad: int = 0) -> Make:
    """One reading by the native call, as the device itself, without a key."""

    def make(values: tuple[str, ...]) -> bytes:
        headers = {"Authorization": f"Bearer {device.token}"}
        return request("POST", f"/api/v2/devices/{device.id}/telemetry", headers, {"data": _data(values[0], pad)})

    return make
