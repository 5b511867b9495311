"""What network servers report about a device other than uplinks: that it joined, confirmed a downlink or was located.

Each event is stored once, however often it is delivered, and published to live streams.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from penstock.kit.ids import ConnectionId, DeviceId, EventId

TOPIC = "device.event"


class DeviceEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event. `kind` is a word such as `join`; `details` are plain values under Penstock's names."""

    id: EventId
    device_id: DeviceId
    connection_id: ConnectionId | None
    kind: str
    time_us: int
    received_us: int
    details: dict[str, Any]
    dedupe_key: str | None = None


class DeviceEventQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The events of a device to list; None matches all. `from_us` (included) and `to_us` (not included) are event times."""

    device_id: DeviceId
    kind: str | None = None
    from_us: int | None = None
    to_us: int | None = None


class DeviceEventStore(Protocol):
    """Events of the organisation's devices."""

    async def add(self, event: DeviceEvent) -> bool:
        """Store an event. False if one with its kind and key exists, or the device has been deleted."""

    async def list(self, query: DeviceEventQuery, limit: int, before_id: int) -> Sequence[DeviceEvent]:
        """Events newest first, older than `before_id`."""


class SystemDeviceEventStore(Protocol):
    """Events of the devices of all organisations, for workers."""

    async def drop_before(self, before_us: int, limit: int) -> int:
        """Delete events that arrived before a time, oldest first. Returns the number of deleted events."""


class HasDeviceEvents(Protocol):
    """A transaction with device events."""

    @property
    def device_events(self) -> DeviceEventStore:
        """Events of the organisation's devices."""


class HasSystemDeviceEvents(Protocol):
    """A transaction across organisations with device events."""

    @property
    def device_events(self) -> SystemDeviceEventStore:
        """Events of all devices, for workers."""
