"""Which devices have an open connection, in memory. After a start none has, until it connects again."""

from __future__ import annotations

import msgspec

from penstock.core.devices.link import DisconnectReason
from penstock.core.devices.models import DeviceRef
from penstock.kit.ids import DeviceId

MAX_KNOWN = 200_000


class Presence(msgspec.Struct, frozen=True, gc=False):
    """A device's connections. `since_us` is the last change; `reason` is why its last connection ended."""

    connections: int
    since_us: int
    reason: DisconnectReason | None = None


class DevicePresence:
    """Implements `ConnectivityListener`. Of disconnected devices, the last 200,000 are kept."""

    def __init__(self) -> None:
        self._known: dict[DeviceId, Presence] = {}

    def find(self, device_id: DeviceId) -> Presence | None:
        """The presence of a device that has connected since the start."""
        return self._known.get(device_id)

    def is_connected(self, device_id: DeviceId) -> bool:
        """Whether a device has an open connection."""
        found = self._known.get(device_id)
        return found is not None and found.connections > 0

    def connected(self, device: DeviceRef, at_us: int) -> None:
        # Removed and added again, because the order of the dict decides which device is evicted first.
        before = self._known.pop(device.id, None)
        count = before.connections if before else 0
        if not count and len(self._known) >= MAX_KNOWN:
            self._forget_one()
        since_us = before.since_us if before and count else at_us
        self._known[device.id] = Presence(count + 1, since_us, before.reason if before else None)

    def listening(self, device: DeviceRef, at_us: int) -> None:
        """Does nothing: presence depends only on connections."""

    def disconnected(self, device: DeviceRef, reason: DisconnectReason, at_us: int) -> None:
        # As in `connected`: a device that was connected for long is not the one that was gone longest.
        before = self._known.pop(device.id, None)
        count = before.connections - 1 if before else 0
        since_us = before.since_us if before and count > 0 else at_us
        self._known[device.id] = Presence(max(count, 0), since_us, reason)

    def _forget_one(self) -> None:
        """Drop the device that has been disconnected longest, if there is one."""
        # Connected devices are never evicted, so if all are connected the limit is exceeded.
        gone = next((device_id for device_id, one in self._known.items() if not one.connections), None)
        if gone is not None:
            del self._known[gone]
