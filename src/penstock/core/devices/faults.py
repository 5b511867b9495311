"""Faults of devices, counted: messages that are malformed, and connections that the server closed or rejected.

The counts are in memory, and a worker stores them every few seconds. Malformed messages themselves are in quarantine.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

import msgspec

from penstock.core.devices.models import DeviceRef
from penstock.kit.clock import Clock
from penstock.kit.ids import DeviceId, OrgId

MAX_REASON = 200


class FaultKind(StrEnum):
    """What is counted."""

    MALFORMED = "malformed"
    CUT = "cut"


class FaultCount(msgspec.Struct, gc=False):
    """Faults of one kind of one device: how many, when the last one occurred, and its reason."""

    count: int
    last_us: int
    reason: str


FaultCounts: TypeAlias = dict[tuple[OrgId, DeviceId, FaultKind], FaultCount]


class DeviceFaults:
    """Counts since the last drain, by organisation, device and kind."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: FaultCounts = {}

    def record_malformed(self, device: DeviceRef, reason: str) -> None:
        """Count one message."""
        self._record(device.org_id, device.id, FaultKind.MALFORMED, reason)

    def record_unlisted(self, org_id: OrgId, device_id: DeviceId, reason: str) -> None:
        """Count one reading with fields that are stored, but cannot be listed as sensors."""
        self._record(org_id, device_id, FaultKind.MALFORMED, reason)

    def record_cut(self, device: DeviceRef, reason: str) -> None:
        """Count one connection that the server closed or rejected."""
        self._record(device.org_id, device.id, FaultKind.CUT, reason)

    def _record(self, org_id: OrgId, device_id: DeviceId, kind: FaultKind, reason: str) -> None:
        key = (org_id, device_id, kind)
        before = self._counts.get(key)
        count = before.count if before else 0
        self._counts[key] = FaultCount(count + 1, self._clock.now_us(), reason[:MAX_REASON])

    def drain(self) -> FaultCounts:
        """Return the counts and start again from zero."""
        counts, self._counts = self._counts, {}
        return counts

    def restore(self, counts: FaultCounts) -> None:
        """Add back counts that could not be stored."""
        for key, one in counts.items():
            newer = self._counts.get(key)
            if newer is None:
                self._counts[key] = one
            else:
                # Only the count: time and reason remain those of the newer fault.
                newer.count += one.count
