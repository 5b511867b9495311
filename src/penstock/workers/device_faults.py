"""Records the number of faults of each device, every few seconds instead of for each fault."""

from __future__ import annotations

from penstock.core.database import OpensOrganizations, SystemDatabase
from penstock.core.devices.faults import DeviceFaults
from penstock.core.devices.store import HasDevices
from penstock.workers.loop import run_loop

INTERVAL_S = 1.0


class DeviceFaultsWorker:
    """The worker. If the process is killed, the counts in memory (up to a second's worth) are lost."""

    def __init__(self, database: SystemDatabase[OpensOrganizations[HasDevices]], faults: DeviceFaults) -> None:
        self._database = database
        self._faults = faults

    async def run(self) -> None:
        """Run until cancelled, then write one last time."""
        await run_loop(self.step, INTERVAL_S, "device_faults_delayed", last=self.step)

    async def step(self) -> None:
        """Write the counts since the last time."""
        counts = self._faults.drain()
        if not counts:
            return
        try:
            async with self._database.system() as tx:
                for (org_id, device_id, kind), count in counts.items():
                    await tx.for_organization(org_id).devices.add_fault(device_id, kind, count)
        except BaseException:
            self._faults.restore(counts)
            raise
