"""The fleet: every station of the recording as a device, which posts its readings in order until it is stopped.

The recording is mapped to the calendar so that its second day starts at today's midnight UTC. So the first live reading was
recorded at this time of day, the readings of the day before can be posted as history, and the two join in a chart. From then on
the replay runs ahead of the calendar, because each post is one recorded interval; at the end of the recording it starts again.
Every reading contains the time at which it was recorded.

Timing: device i of n posts at i/n of the interval, so posts are evenly spaced. A delayed device skips the posts it missed
instead of catching up, so the devices never post at the same time.
"""

from __future__ import annotations

import asyncio
import math
import ssl
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count

import httpx
import msgspec
import structlog

from penstock.demo.dataset import INTERVAL_US, Reading, Station
from penstock.demo.ingest import IngestClient
from penstock.kit.clock import DAY_US, HOUR_US, Clock, SystemClock
from penstock.kit.secret import Secret

_log = structlog.get_logger(__name__)

_FIRST_WITHIN_S = 1.5
"""All devices report within this time after the start, however long their interval, so that no user has to wait."""
_SIDE_BY_SIDE = 8
"""Concurrent posts while history is loaded: the demo must not slow down the users who look at it."""
_PATIENCE_S = 60.0
"""A device that must wait longer than this (because of a daily limit, for example) gets no more history."""


class FleetDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A device of the server, and the station it replays."""

    device_id: str
    access_token: Secret
    station: Station


def own_client(trust: ssl.SSLContext | bool = True) -> httpx.AsyncClient:
    """A client for the demo's own server. A proxy from the environment must not be used for it."""
    return httpx.AsyncClient(timeout=10.0, trust_env=False, verify=trust)


class Fleet:
    """Replays recorded stations as devices of one server. No response of the server raises an error.

    Units: rate_per_device_s is the time between two readings of a device.
    Raises: httpx.InvalidURL if base_url is not a URL.
    """

    def __init__(
        self,
        base_url: str,
        devices: Sequence[FleetDevice],
        rate_per_device_s: float = 1.0,
        client_factory: Callable[[], httpx.AsyncClient] = own_client,
        clock: Clock | None = None,
    ) -> None:
        self._base_url = httpx.URL(base_url)
        self._devices = devices
        self._rate_s = rate_per_device_s
        self._client_factory = client_factory
        self._clock = clock or SystemClock()
        self._refused: set[str] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Replay live until `stop` is set, or until the server has rejected every device."""
        now_us = self._clock.now_us()
        async with self._ingest() as ingest:
            _log.info("demo_replay_started", devices=len(self._devices), interval_s=self._rate_s)
            await _until(stop, [self._replay(ingest, place, now_us) for place in self._welcome()])

    async def backfill(
        self, hours: float = 24, step: timedelta = timedelta(minutes=15), stop: asyncio.Event | None = None
    ) -> None:
        """Post the readings of the hours before now, one each `step`, dated as if they had been sent then."""
        stop = stop or asyncio.Event()
        step_us = step // timedelta(microseconds=1)
        now_us = self._clock.now_us()
        times = range(now_us - round(hours * HOUR_US), now_us, step_us)
        gate = asyncio.Semaphore(_SIDE_BY_SIDE)
        async with self._ingest() as ingest:
            jobs = [self._fill(ingest, gate, self._devices[place], now_us, times) for place in self._welcome()]
            await _until(stop, jobs)
        if not stop.is_set():
            _log.info("demo_history_filled", devices=len(self._devices), hours=hours)

    def _welcome(self) -> list[int]:
        return [place for place, device in enumerate(self._devices) if device.device_id not in self._refused]

    @asynccontextmanager
    async def _ingest(self) -> AsyncIterator[IngestClient]:
        async with self._client_factory() as client:
            yield IngestClient(client, self._base_url, self._refused)

    async def _replay(self, ingest: IngestClient, place: int, now_us: int) -> None:
        device, share = self._devices[place], place / len(self._devices)
        series = device.station.series
        loop = asyncio.get_running_loop()
        due = loop.time() + share * self._rate_s
        await asyncio.sleep(share * min(self._rate_s, _FIRST_WITHIN_S))
        for position in count(_position(series, now_us, now_us)):
            reading = series[position % len(series)]
            await _insist(ingest, device, reading)
            if device.device_id in self._refused:
                return
            due += self._rate_s * max(1, math.ceil((loop.time() - due) / self._rate_s))
            await asyncio.sleep(due - loop.time())

    async def _fill(
        self, ingest: IngestClient, gate: asyncio.Semaphore, device: FleetDevice, now_us: int, times: Sequence[int]
    ) -> None:
        series = device.station.series
        for at_us in times:
            reading = series[_position(series, at_us, now_us)]
            while True:
                async with gate:
                    wait_s = await ingest.post(device.device_id, device.access_token, reading, at_us)
                if wait_s is None:
                    break
                if wait_s > _PATIENCE_S:
                    _log.info("demo_history_cut_short", device_id=device.device_id, wait_s=wait_s)
                    return
                await asyncio.sleep(wait_s)
            if device.device_id in self._refused:
                return


async def _insist(ingest: IngestClient, device: FleetDevice, reading: Reading) -> None:
    while True:
        wait_s = await ingest.post(device.device_id, device.access_token, reading)
        if wait_s is None:
            return
        await asyncio.sleep(wait_s)


def _position(series: Sequence[Reading], at_us: int, now_us: int) -> int:
    """The index of the reading that represents a time, in the mapping described at the top."""
    first_us = series[0].recorded_us - series[0].recorded_us % DAY_US
    today_us = now_us - now_us % DAY_US
    span_us = series[-1].recorded_us + INTERVAL_US - first_us
    moment_us = first_us + (at_us - today_us + DAY_US) % span_us
    return max(bisect_right(series, moment_us, key=_recorded_us) - 1, 0)


def _recorded_us(reading: Reading) -> int:
    return reading.recorded_us


async def _until(stop: asyncio.Event, jobs: Sequence[Coroutine[None, None, None]]) -> None:
    """Run jobs concurrently until all are done, or until `stop` is set: then cancel them."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(job) for job in jobs]
        watch = group.create_task(_cancel_on(stop, tasks))
        if tasks:
            await asyncio.wait(tasks)
        watch.cancel()


async def _cancel_on(stop: asyncio.Event, tasks: Sequence[asyncio.Task[None]]) -> None:
    await stop.wait()
    for task in tasks:
        task.cancel()
