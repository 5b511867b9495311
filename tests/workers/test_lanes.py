"""Lanes for devices: never two at once for one device, and nobody is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from penstock.core.telemetry.errors import LogFull
from penstock.kit.ids import DeviceId
from penstock.workers import lanes as module
from penstock.workers.lanes import LANES, DeviceLanes
from tests.support.waiting import CEILING_S


class Served:
    """What the lanes served, and how many of one device at once."""

    def __init__(self) -> None:
        self.order: list[int] = []
        self.now: set[int] = set()
        self.go_on = asyncio.Event()
        self.fail = 0

    async def serve(self, device_id: DeviceId) -> None:
        assert device_id not in self.now, "two lanes serve one device"
        self.now.add(device_id)
        self.order.append(device_id)
        try:
            await self.go_on.wait()
        finally:
            self.now.discard(device_id)
        if self.fail:
            self.fail -= 1
            raise LogFull()


async def within(served: Served, act: Callable[[DeviceLanes], Awaitable[None]]) -> DeviceLanes:
    lanes = DeviceLanes(served.serve)
    task = asyncio.create_task(lanes.run())
    try:
        await act(lanes)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    return lanes


async def settled(lanes: DeviceLanes) -> None:
    async with asyncio.timeout(CEILING_S):
        while lanes.backlog:
            await asyncio.sleep(0.001)


async def test_a_device_that_is_being_served_is_served_once_more() -> None:
    served = Served()

    async def act(lanes: DeviceLanes) -> None:
        lanes.wake(DeviceId(1))
        await asyncio.sleep(0.01)
        for _ in range(5):
            lanes.wake(DeviceId(1))
        assert lanes.backlog == 1
        served.go_on.set()
        await settled(lanes)

    await within(served, act)
    assert served.order == [1, 1]


async def test_many_at_once_each_in_turn() -> None:
    served = Served()

    async def act(lanes: DeviceLanes) -> None:
        for number in (*range(LANES + 4), 0):
            lanes.wake(DeviceId(number))
        await asyncio.sleep(0.01)
        assert (served.now, lanes.backlog) == (set(range(LANES)), LANES + 4)
        served.go_on.set()
        await settled(lanes)

    await within(served, act)
    assert served.order == list(range(LANES + 4))


async def test_what_fails_is_served_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_S", 0.001)
    served = Served()
    served.fail = 2
    served.go_on.set()

    async def act(lanes: DeviceLanes) -> None:
        lanes.wake(DeviceId(1))
        await settled(lanes)

    await within(served, act)
    assert served.order == [1, 1, 1]


async def test_what_was_cut_off_is_served_by_the_next_run() -> None:
    served = Served()

    async def act(lanes: DeviceLanes) -> None:
        lanes.wake(DeviceId(1))
        await asyncio.sleep(0.01)

    lanes = await within(served, act)
    served.go_on.set()
    task = asyncio.create_task(lanes.run())
    async with asyncio.timeout(CEILING_S):
        while len(served.order) < 2:
            await asyncio.sleep(0.001)
    await settled(lanes)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert served.order == [1, 1]
