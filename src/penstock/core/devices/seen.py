"""Devices that transmitted without sending a reading: a join, an acknowledgement, an empty uplink.

Such a device was seen, is online and not silent. Readings do the same by the log, through the observer.
"""

from __future__ import annotations

from collections.abc import Callable

from penstock.core.database import OrganizationDatabase
from penstock.core.devices.connectivity import Reason
from penstock.core.devices.connectivity_service import ConnectivityRecorder
from penstock.core.devices.models import Connectivity, DeviceRef, DeviceStatus
from penstock.core.devices.store import DeviceTransaction
from penstock.kit.clock import Clock

SeenListener = Callable[[DeviceRef, int], None]
"""Called with a device and the time at which it was seen, in microseconds."""


class SeenDevices:
    """Records when devices are seen without a reading, and notifies listeners."""

    def __init__(self, database: OrganizationDatabase[DeviceTransaction], notes: ConnectivityRecorder, clock: Clock) -> None:
        self._database = database
        self._notes = notes
        self._clock = clock
        self._listeners: list[SeenListener] = []

    def subscribe(self, listener: SeenListener) -> None:
        """Call a function after it is stored that a device was seen."""
        self._listeners.append(listener)

    async def record(self, device: DeviceRef) -> None:
        """Record that a device was seen now. A paused device counts as silent, whatever it sends."""
        if device.status is not DeviceStatus.ACTIVE:
            return
        now_us = self._clock.now_us()
        async with self._database.transaction(device.org_id) as tx:
            await tx.devices.mark_seen({device.id: now_us})
            await self._notes.note(tx, Connectivity.ONLINE, {device.id: (now_us, Reason.SEEN)})
        for listener in self._listeners:
            listener(device, now_us)
