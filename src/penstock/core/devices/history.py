"""What others tell of a device beside its readings: that it joined a network, confirmed a downlink, was located.

It is written down once, however often it is delivered, and live streams are told of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from penstock.kit.ids import ConnectionId, DeviceId, EventId

TOPIC = "device.event"


class DeviceEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event. `kind` is a word such as `join`; `details` are plain values by our names; `connection_id` is whence it came."""

    id: EventId
    device_id: DeviceId
    connection_id: ConnectionId | None
    kind: str
    time_us: int
    received_us: int
    details: dict[str, Any]
    dedupe_key: str | None = None


class DeviceEventQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which events of a device to list; None means any. From (included) to (not included), by event time."""

    device_id: DeviceId
    kind: str | None = None
    from_us: int | None = None
    to_us: int | None = None


class DeviceEventStore(Protocol):
    """Events of the organisation's devices."""

    async def add(self, event: DeviceEvent) -> bool:
        """Write an event down, unless one of its kind and key is there, or the device is gone; whether it was."""

    async def list(self, wanted: DeviceEventQuery, limit: int, before_id: int) -> Sequence[DeviceEvent]:
        """Events newest first, older than `before_id`."""


class SystemDeviceEventStore(Protocol):
    """Events of every organisation's devices, for workers."""

    async def drop_before(self, before_us: int, limit: int) -> int:
        """Remove events that came before a moment, oldest first; how many."""


class HasDeviceEvents(Protocol):
    """A transaction with device events."""

    @property
    def device_events(self) -> DeviceEventStore:
        """What was told of devices."""


class HasSystemDeviceEvents(Protocol):
    """A transaction across organisations with device events."""

    @property
    def device_events(self) -> SystemDeviceEventStore:
        """What was told of devices, for workers."""
