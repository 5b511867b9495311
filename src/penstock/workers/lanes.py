"""Lanes for devices: each device with work is served by one of a few lanes, never by two at once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from penstock.kit.conditions import conditions
from penstock.kit.errors import PenstockError
from penstock.kit.ids import DeviceId, Prefix, encode
from penstock.workers.loop import RETRY_S, end_if_cancelled, run_loop, task_group

LANES = 16


class DeviceLanes:
    """The lanes. `serve` is called with a device's id; if it fails with a `PenstockError`, it is called again slightly later."""

    def __init__(self, serve: Callable[[DeviceId], Awaitable[None]]) -> None:
        self._serve = serve
        self._waiting: OrderedDict[DeviceId, None] = OrderedDict()
        self._taken: set[DeviceId] = set()
        self._again: set[DeviceId] = set()
        self._wake = asyncio.Event()

    @property
    def backlog(self) -> int:
        """The number of devices being served or waiting."""
        return len(self._waiting) + len(self._taken)

    def wake(self, device_id: DeviceId) -> None:
        """Serve a device; if it is being served, serve it again afterwards."""
        if device_id in self._taken:
            self._again.add(device_id)
        else:
            self._waiting[device_id] = None
            self._wake.set()

    async def run(self) -> None:
        """Serve until cancelled."""
        for device_id in self._again:  # left over when a lane failed
            self.wake(device_id)
        self._again.clear()
        async with task_group() as lanes:
            for _ in range(LANES):
                lanes.create_task(self._lane())

    async def _lane(self) -> None:
        await run_loop(self._step, None, "commands_delayed", self._wake)

    async def _step(self) -> bool:
        """Serve the device that has waited longest. Returns whether there was one."""
        if not self._waiting:
            return False
        device_id, _ = self._waiting.popitem(last=False)
        self._taken.add(device_id)
        device = encode(Prefix.DEVICE, device_id)
        try:
            await self._serve(device_id)
            conditions().over("commands_delayed", device=device)
        except PenstockError as error:
            self._again.add(device_id)
            end_if_cancelled()
            conditions().failing("commands_delayed", error, device=device)
            # Not left to the loop, which pauses after an error too: the device must stay taken until the pause ends, or a wake-up
            # would let another lane serve it at once; and only here the log can name it.
            await asyncio.sleep(RETRY_S)
        # It was interrupted, so the next run must serve it again.
        except asyncio.CancelledError:
            self._again.add(device_id)
            raise
        finally:
            self._taken.discard(device_id)
        if device_id in self._again:
            self._again.discard(device_id)
            self.wake(device_id)
        return True
