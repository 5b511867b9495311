"""Writes down what came through connections and by which devices report, every second instead of for each message."""

from __future__ import annotations

import asyncio

import structlog

from penstock.core.connections.activity import ConnectionActivity
from penstock.core.ports import Database
from penstock.kit.clock import Clock
from penstock.kit.errors import PenstockError

INTERVAL_S = 1.0
_log = structlog.get_logger()


class ConnectionActivityWorker:
    """The worker. What is in memory when the process is killed, a second's worth, is not counted."""

    def __init__(self, database: Database, activity: ConnectionActivity, clock: Clock) -> None:
        self._database = database
        self._activity = activity
        self._clock = clock

    async def run(self) -> None:
        """Go on until cancelled, then write once more."""
        try:
            while True:
                await asyncio.sleep(INTERVAL_S)
                await self.step()
        finally:
            await asyncio.shield(self.step())

    async def step(self) -> None:
        """Write down what came together since the last time."""
        counts, routes = self._activity.take()
        if not counts and not routes:
            return
        try:
            async with self._database.system() as tx:
                for (org_id, connection_id), count in counts.items():
                    await tx.of(org_id).connections.add_counts(connection_id, count)
                for org_id, of_devices in routes.items():
                    await tx.of(org_id).connections.set_routes(of_devices, self._clock.now_us())
        except PenstockError as error:
            self._activity.give_back(counts, routes)
            _log.warning("connection_activity_delayed", reason=error.detail)
