"""Malformed messages, counted per device.

The counts are in memory, and a worker stores them every few seconds. The messages themselves are in quarantine.
"""

from __future__ import annotations

import msgspec

from penstock.core.devices.models import DeviceRef
from penstock.kit.clock import Clock
from penstock.kit.ids import DeviceId, OrgId

MAX_REASON = 200


class Malformed(msgspec.Struct, gc=False):
    """Malformed messages of one device: how many, when the last one arrived, and why it was malformed."""

    count: int
    last_us: int
    reason: str


class DeviceFaults:
    """Counts since the last drain, by organisation and device."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: dict[tuple[OrgId, DeviceId], Malformed] = {}

    def record_malformed(self, device: DeviceRef, reason: str) -> None:
        """Count one message."""
        key = (device.org_id, device.id)
        before = self._counts.get(key)
        count = before.count if before else 0
        self._counts[key] = Malformed(count + 1, self._clock.now_us(), reason[:MAX_REASON])

    def drain(self) -> dict[tuple[OrgId, DeviceId], Malformed]:
        """Return the counts and start again from zero."""
        counts, self._counts = self._counts, {}
        return counts

    def restore(self, counts: dict[tuple[OrgId, DeviceId], Malformed]) -> None:
        """Add back counts that could not be stored."""
        for key, one in counts.items():
            newer = self._counts.get(key)
            if newer is None:
                self._counts[key] = one
            else:
                # Only the count: time and reason remain those of the newer message.
                newer.count += one.count
