"""Finds out which devices downlinks reach, and has those looked at for which commands wait.

After a start it first settles what nobody knows of: a command that was handed out as a downlink, that no server is known to have
and that may be done twice waits again. Nothing is handed out before, as nothing is in reach before.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Protocol

from penstock.core.actor import Actor, ActorKind
from penstock.core.commands.errors import ExecutionNotFound
from penstock.core.database import SystemDoor
from penstock.core.downlinks.reach import DownlinkRouting
from penstock.core.downlinks.store import HasSystemBrokerCommands, HasSystemDownlinks, SystemDownlinkStore
from penstock.kit.ids import DeviceId, ExecutionId
from penstock.workers.loop import run_loop

AT_ONCE = 10_000


class WaysSystemTransaction(HasSystemDownlinks, HasSystemBrokerCommands, Protocol):
    """What tells how commands reach devices."""


class DownlinkWays:
    """The worker. `wake` is called with each device for which something may go now; `asked` is set when some are asked for."""

    def __init__(
        self,
        *,
        database: SystemDoor[WaysSystemTransaction],
        reach: DownlinkRouting,
        wake: Callable[[DeviceId], None],
        asked: asyncio.Event,
        interval_s: float,
        of: Callable[[WaysSystemTransaction], SystemDownlinkStore],
        doubt: Callable[[Actor, ExecutionId], Awaitable[None]],
    ) -> None:
        self._database = database
        self._reach = reach
        self._of = of
        self._doubt = doubt
        self._look_at = wake
        self._asked = asked
        self._interval_s = interval_s
        self._settled = False
        self._next = 0.0

    def hurry(self) -> None:
        """Something may go that had to wait: look at once."""
        self._next = 0.0
        self._asked.set()

    async def run(self) -> None:
        """Go on until cancelled."""
        await run_loop(self.step, self._interval_s, "downlinks_delayed", self._asked)

    async def step(self) -> None:
        """Look up what is asked for, and what waits if it is time to."""
        if not self._settled:
            await self._settle()
            self._settled = True
        asked = self._reach.drain_requests()
        async with self._database.system_snapshot() as tx:
            for device_id in asked:
                way = await self._of(tx).find_route(device_id)
                self._reach.update(device_id, None if way is None else way.connection_id)
            now = asyncio.get_running_loop().time()
            waiting = await self._of(tx).waiting_routes(AT_ONCE) if now >= self._next else []
        if now >= self._next:
            self._next = now + self._interval_s
        for one in waiting:
            self._reach.update(one.device_id, one.connection_id)
        for device_id in asked.union(one.device_id for one in waiting):
            self._look_at(device_id)

    async def _settle(self) -> None:
        async with self._database.system_snapshot() as tx:
            doubtful = await self._of(tx).unconfirmed()
        for one in doubtful:
            with contextlib.suppress(ExecutionNotFound):
                await self._doubt(Actor(org_id=one.org_id, kind=ActorKind.DEVICE, id=one.device_id), one.id)
