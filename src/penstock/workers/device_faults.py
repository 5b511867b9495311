"""Writes down how many messages of each device could not be read, every few seconds instead of for each."""

from __future__ import annotations

from penstock.core.database import OpensOrganizations, SystemDoor
from penstock.core.devices.faults import DeviceFaults
from penstock.core.devices.store import HasDevices
from penstock.kit.errors import PenstockError
from penstock.workers.loop import run_loop

INTERVAL_S = 1.0


class DeviceFaultsWorker:
    """The worker. What is in memory when the process is killed, a second's worth, is not counted."""

    def __init__(self, database: SystemDoor[OpensOrganizations[HasDevices]], faults: DeviceFaults) -> None:
        self._database = database
        self._faults = faults

    async def run(self) -> None:
        """Go on until cancelled, then write once more."""
        await run_loop(self.step, INTERVAL_S, "device_faults_delayed", last=self.step)

    async def step(self) -> None:
        """Write down what came together since the last time."""
        counts = self._faults.drain()
        if not counts:
            return
        try:
            async with self._database.system() as tx:
                for (org_id, device_id), malformed in counts.items():
                    await tx.for_organization(org_id).devices.add_malformed(device_id, malformed)
        except PenstockError:
            self._faults.restore(counts)
            raise
