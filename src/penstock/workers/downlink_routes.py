"""Looks up the routes of downlinks to devices, and wakes the devices for which commands wait.

After a start it first settles executions with an unknown outcome: a repeatable command that was dispatched as a downlink and is
not confirmed by a server waits again. Nothing is dispatched before, since no route is loaded before.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from penstock.core.actor import Actor, ActorKind
from penstock.core.commands.errors import ExecutionNotFound
from penstock.core.database import SystemDatabase
from penstock.core.downlinks.models import DownlinkRoute
from penstock.core.downlinks.reach import DownlinkRouting
from penstock.core.downlinks.store import HasSystemBrokerCommands, HasSystemDownlinks, SystemDownlinkStore
from penstock.kit.ids import DeviceId, ExecutionId
from penstock.workers.loop import run_loop

AT_ONCE = 10_000


class RoutesSystemTransaction(HasSystemDownlinks, HasSystemBrokerCommands, Protocol):
    """The stores that look up the routes to devices."""


class DownlinkRoutes:
    """The worker. `wake` is called with each device that may have work; `asked` is set when devices are requested."""

    def __init__(
        self,
        *,
        database: SystemDatabase[RoutesSystemTransaction],
        reach: DownlinkRouting,
        wake: Callable[[DeviceId], None],
        asked: asyncio.Event,
        interval_s: float,
        of: Callable[[RoutesSystemTransaction], SystemDownlinkStore],
        doubt: Callable[[Actor, ExecutionId], Awaitable[None]],
    ) -> None:
        self._database = database
        self._reach = reach
        self._of = of
        self._doubt = doubt
        self._wake = wake
        self._asked = asked
        self._interval_s = interval_s
        self._settled = False
        self._next = 0.0

    def run_soon(self) -> None:
        """A command that had to wait may be sent now: look immediately."""
        self._next = 0.0
        self._asked.set()

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, self._interval_s, "downlinks_delayed", self._asked)

    async def step(self) -> None:
        """Look up the requested devices, and the waiting ones when it is time."""
        if not self._settled:
            await self._settle()
            self._settled = True
        asked, now = self._reach.drain_requests(), asyncio.get_running_loop().time()
        try:
            waiting = await self._look_up(asked, now)
        except BaseException:
            self._reach.restore_requests(asked)
            raise
        if now >= self._next:
            self._next = now + self._interval_s
        for one in waiting:
            self._reach.update(one.device_id, one.connection_id)
        for device_id in asked.union(one.device_id for one in waiting):
            self._wake(device_id)

    async def _look_up(self, asked: set[DeviceId], now: float) -> Sequence[DownlinkRoute]:
        """Look up devices. Returns the routes of those for which commands wait, when it is time to look."""
        async with self._database.system_snapshot() as tx:
            for device_id in asked:
                route = await self._of(tx).find_route(device_id)
                self._reach.update(device_id, None if route is None else route.connection_id)
            return await self._of(tx).waiting_routes(AT_ONCE) if now >= self._next else []

    async def _settle(self) -> None:
        async with self._database.system_snapshot() as tx:
            doubtful = await self._of(tx).unconfirmed()
        for one in doubtful:
            # Its device may have been deleted in the meantime.
            with contextlib.suppress(ExecutionNotFound):
                await self._doubt(Actor(org_id=one.org_id, kind=ActorKind.DEVICE, id=one.device_id), one.id)
