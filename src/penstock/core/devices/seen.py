"""Devices that transmitted without a new reading: a join, an acknowledgement, an empty uplink, a reading that was quarantined or
delivered before.

Such a device was seen, is online and not silent. Readings do the same by the log, through the observer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from penstock.core.database import OrganizationDatabase
from penstock.core.devices.connectivity import Reason
from penstock.core.devices.connectivity_service import ConnectivityRecorder
from penstock.core.devices.models import Connectivity, DeviceRef, DeviceStatus
from penstock.core.devices.store import DeviceTransaction
from penstock.kit.clock import Clock
from penstock.kit.ids import DeviceId, OrgId

SeenListener = Callable[[OrgId, DeviceId, int], None]
"""Called with a device and the time at which it was seen, in microseconds."""


class SeenDevices:
    """Records when devices are seen without a reading, and notifies listeners."""

    def __init__(self, database: OrganizationDatabase[DeviceTransaction], notes: ConnectivityRecorder, clock: Clock) -> None:
        self._database = database
        self._notes = notes
        self._clock = clock
        self._listeners: list[SeenListener] = []
        self._noted: dict[OrgId, dict[DeviceId, int]] = {}

    def subscribe(self, listener: SeenListener) -> None:
        """Call a function after it is stored that a device was seen."""
        self._listeners.append(listener)

    async def record(self, device: DeviceRef) -> None:
        """Record that a device was seen now. A paused device counts as silent, whatever it sends."""
        if device.status is not DeviceStatus.ACTIVE:
            return
        await self._store(device.org_id, {device.id: self._clock.now_us()})

    def note(self, org_id: OrgId, device_id: DeviceId) -> None:
        """Note that a device was seen now, for `flush`: these are too many to be stored one by one."""
        self._noted.setdefault(org_id, {})[device_id] = self._clock.now_us()

    async def flush(self) -> None:
        """Store what was noted. If that fails, it is stored the next time."""
        for org_id in list(self._noted):
            seen_us = self._noted.pop(org_id, {})
            try:
                await self._store(org_id, seen_us)
            except BaseException:
                self._noted[org_id] = seen_us | self._noted.get(org_id, {})
                raise

    async def _store(self, org_id: OrgId, seen_us: Mapping[DeviceId, int]) -> None:
        async with self._database.transaction(org_id) as tx:
            await tx.devices.mark_seen(seen_us)
            await self._notes.note(tx, Connectivity.ONLINE, {device_id: (at, Reason.SEEN) for device_id, at in seen_us.items()})
        for device_id, at_us in seen_us.items():
            for listener in self._listeners:
                listener(org_id, device_id, at_us)
