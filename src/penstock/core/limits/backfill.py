"""The lane for old readings: a device that flushes its buffer is slowed down instead of rejected.

Theory of operation. Each device has a bucket that holds a burst of readings and fills at a steady rate. The old readings of a
request are accepted all together, and may overdraw the bucket; the next old ones wait until it has recovered. The server itself
waits if the wait is short; otherwise it rejects the request and states the wait in `Retry-After`. Readings that are not old never
enter the lane, so current readings are never behind buffered ones. Time is measured on the monotonic clock.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from penstock.core.limits.config import LimitsConfig
from penstock.core.limits.errors import BackfillPaced
from penstock.core.limits.ledger import Ledger
from penstock.core.limits.models import Limit, LimitScope, State, Window
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import DeviceId, OrgId, Prefix, encode

MAX_DEVICES = 200_000
"""The maximum number of buckets in memory. The least recently used ones are evicted, and start full again."""
MAX_WAITING_BYTES = 67_108_864
"""The maximum total size of payloads that wait in the server. Beyond it, requests are rejected instead."""


class BackfillLane:
    """Buckets of devices."""

    def __init__(self, config: LimitsConfig, ledger: Ledger, clock: Clock, max_devices: int = MAX_DEVICES) -> None:
        self._per_second = config.backfill_per_second
        self._burst_s = config.backfill_burst / self._per_second if self._per_second else 0.0
        self._max_delay_s = config.backfill_max_delay_s
        self._age_us = config.backfill_older_than_s * SECOND_US
        self._limit = Limit("device_backfill", LimitScope.DEVICE, self._per_second, Window.SECOND)
        self._ledger = ledger
        self._clock = clock
        self._max_devices = max_devices
        self._full_at_s: dict[DeviceId, float] = {}
        """When a device's bucket is full again; the most recently used is last."""
        self._waiting_bytes = 0

    def old_before_us(self) -> int:
        """The event time before which a reading that arrives now is old. Without a limit it is 0, before which no reading is."""
        return self._clock.now_us() - self._age_us if self._per_second else 0

    def take(self, org_id: OrgId, device_id: DeviceId, count: int, size_bytes: int) -> float:
        """Admit old readings of a device. Returns the seconds that they must wait first.

        Raises:
            BackfillPaced: the wait would be too long; only the refusal was counted.
        """
        now_s = self._clock.monotonic()
        # Removed here and added again by `_keep`, so that the order of the dict is that of use.
        full_at_s = max(self._full_at_s.pop(device_id, 0.0), now_s)
        wait_s = max(full_at_s - now_s - self._burst_s, 0.0)
        if wait_s > self._max_delay_s or (wait_s > 0 and self._waiting_bytes + size_bytes > MAX_WAITING_BYTES):
            self._keep(device_id, full_at_s)
            self._ledger.note(org_id, self._limit, encode(Prefix.DEVICE, device_id))
            raise BackfillPaced.by(State(self._limit, 0, full_at_s - now_s), math.ceil(wait_s))
        self._keep(device_id, full_at_s + count / self._per_second)
        return wait_s

    def charge(self, device_id: DeviceId, count: int) -> float:
        """Count old readings that were already accepted. Returns the seconds for which their sender should be slowed down.

        For permanent connections: TCP slows down the device, and nothing needs to be rejected.
        """
        now_s = self._clock.monotonic()
        full_at_s = max(self._full_at_s.pop(device_id, 0.0), now_s) + count / self._per_second
        self._keep(device_id, full_at_s)
        return max(full_at_s - now_s - self._burst_s, 0.0)

    @contextmanager
    def waiting(self, size_bytes: int) -> Iterator[None]:
        """Count payloads as waiting for the duration of the context."""
        self._waiting_bytes += size_bytes
        try:
            yield
        finally:
            self._waiting_bytes -= size_bytes

    def _keep(self, device_id: DeviceId, full_at_s: float) -> None:
        if len(self._full_at_s) >= self._max_devices:
            del self._full_at_s[next(iter(self._full_at_s))]
        self._full_at_s[device_id] = full_at_s
