"""Messages of devices that could not be read, counted per device.

The counts are kept in memory and written down by a worker every few seconds; the messages themselves are in quarantine.
"""

from __future__ import annotations

import msgspec

from penstock.core.devices.models import DeviceRef
from penstock.kit.clock import Clock
from penstock.kit.ids import DeviceId, OrgId

MAX_REASON = 200


class Malformed(msgspec.Struct, gc=False):
    """Messages of one device that could not be read: how many, when the last, and why."""

    count: int
    last_us: int
    reason: str


class DeviceFaults:
    """Counts since they were last taken, by organisation and device."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: dict[tuple[OrgId, DeviceId], Malformed] = {}

    def note_malformed(self, device: DeviceRef, reason: str) -> None:
        """Count one message."""
        key = (device.org_id, device.id)
        before = self._counts.get(key)
        count = before.count if before else 0
        self._counts[key] = Malformed(count + 1, self._clock.now_us(), reason[:MAX_REASON])

    def take(self) -> dict[tuple[OrgId, DeviceId], Malformed]:
        """What came together, which is then no longer held here."""
        counts, self._counts = self._counts, {}
        return counts

    def give_back(self, counts: dict[tuple[OrgId, DeviceId], Malformed]) -> None:
        """Hold again what could not be written down."""
        for key, one in counts.items():
            newer = self._counts.get(key)
            if newer is None:
                self._counts[key] = one
            else:
                newer.count += one.count
