"""The lane for old readings: a device that flushes its buffer is paced instead of being cut off.

Theory of operation. Each device has a bucket that holds a burst of readings and fills at a steady rate. Old readings are taken
whole, a request's at a time, and may leave the bucket in debt; the next old ones wait until the debt is paid. A wait that is
short is made by the server; one that is longer is the sender's, told in `Retry-After`. Readings that are not old never ask here,
so what a device says now is never behind what it kept. Time is measured on the monotonic clock.
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
"""Whose buckets are in memory. Of more, those that asked least recently begin with a full one again."""
MAX_WAITING_BYTES = 67_108_864
"""Payloads of requests that the server lets wait, all together. Beyond, nobody waits here but at home."""


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
        """When a device's bucket is full again; whoever asked last stands last."""
        self._waiting_bytes = 0

    def old_before_us(self) -> int:
        """The event time before which a reading that comes now is old; 0, before which none is, without pacing."""
        return self._clock.now_us() - self._age_us if self._per_second else 0

    def take(self, org_id: OrgId, device_id: DeviceId, count: int, size_bytes: int) -> float:
        """Let old readings of a device through; the seconds that they have to wait first.

        Raises:
            BackfillPaced: they would wait too long here; nothing was counted but the refusal.
        """
        now_s = self._clock.monotonic()
        full_at_s = max(self._full_at_s.pop(device_id, 0.0), now_s)
        wait_s = max(full_at_s - now_s - self._burst_s, 0.0)
        if wait_s > self._max_delay_s or (wait_s > 0 and self._waiting_bytes + size_bytes > MAX_WAITING_BYTES):
            self._keep(device_id, full_at_s)
            self._ledger.note(org_id, self._limit, encode(Prefix.DEVICE, device_id))
            raise BackfillPaced.by(State(self._limit, 0, full_at_s - now_s), math.ceil(wait_s))
        self._keep(device_id, full_at_s + count / self._per_second)
        return wait_s

    def charge(self, device_id: DeviceId, count: int) -> float:
        """Count old readings that are in already; the seconds for which whoever sent them should be held back.

        For connections that stay: TCP holds the device back, and nothing needs to be refused.
        """
        now_s = self._clock.monotonic()
        full_at_s = max(self._full_at_s.pop(device_id, 0.0), now_s) + count / self._per_second
        self._keep(device_id, full_at_s)
        return max(full_at_s - now_s - self._burst_s, 0.0)

    @contextmanager
    def waiting(self, size_bytes: int) -> Iterator[None]:
        """Tell that payloads wait, for as long as they do."""
        self._waiting_bytes += size_bytes
        try:
            yield
        finally:
            self._waiting_bytes -= size_bytes

    def _keep(self, device_id: DeviceId, full_at_s: float) -> None:
        if len(self._full_at_s) >= self._max_devices:
            del self._full_at_s[next(iter(self._full_at_s))]
        self._full_at_s[device_id] = full_at_s
