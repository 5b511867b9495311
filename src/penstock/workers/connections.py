"""Records the activity of connections and the connections of devices, every second instead of for each message.

It also removes old events of devices.
"""

from __future__ import annotations

from typing import Protocol

from penstock.core.connections.activity import ConnectionActivity
from penstock.core.connections.store import HasConnections
from penstock.core.database import OpensOrganizations, SystemDatabase
from penstock.core.devices.history import HasSystemDeviceEvents
from penstock.kit.clock import DAY_US, HOUR_US, Clock, has_passed
from penstock.workers.loop import run_loop

INTERVAL_S = 1.0
DROP_AT_ONCE = 2_000


class ConnectionsSystemTransaction(HasSystemDeviceEvents, OpensOrganizations[HasConnections], Protocol):
    """The stores to which activity is written."""


class ConnectionActivityWorker:
    """The worker. If the process is killed, the counts in memory (up to a second's worth) are lost."""

    def __init__(
        self,
        database: SystemDatabase[ConnectionsSystemTransaction],
        activity: ConnectionActivity,
        clock: Clock,
        settled: Clock,
        events_kept_days: int,
    ) -> None:
        self._database = database
        self._activity = activity
        self._clock = clock
        self._settled = settled
        self._kept_us = events_kept_days * DAY_US
        self._dropped_us = 0

    async def run(self) -> None:
        """Run until cancelled, then write one last time."""
        await run_loop(self.step, INTERVAL_S, "connection_activity_delayed", last=self.write)

    async def step(self) -> None:
        """Write the collected activity, and remove old events."""
        await self.write()
        await self.drop()

    async def write(self) -> None:
        """Write the activity since the last time. If writing fails, it is kept for the next time."""
        counts, routes = self._activity.drain()
        if not counts and not routes:
            return
        try:
            async with self._database.system() as tx:
                for (org_id, connection_id), count in counts.items():
                    await tx.for_organization(org_id).connections.add_counts(connection_id, count)
                for org_id, of_devices in routes.items():
                    store = tx.for_organization(org_id).connections
                    for moves in (True, False):
                        found = {
                            device_id: reported.route for device_id, reported in of_devices.items() if reported.moves is moves
                        }
                        await store.set_routes(found, self._clock.now_us(), moves=moves)
        except BaseException:
            self._activity.restore(counts, routes)
            raise

    async def drop(self) -> None:
        """Remove old events of devices, once an hour."""
        now_us = self._settled.now_us()
        if not has_passed(self._dropped_us, HOUR_US, now_us):
            return
        async with self._database.system() as tx:
            dropped = await tx.device_events.drop_before(now_us - self._kept_us, DROP_AT_ONCE)
        if dropped < DROP_AT_ONCE:
            self._dropped_us = now_us
