"""The latest reading of each device, in memory: by event time and by arrival.

Every commit updates the entries it affects. After a start, memory contains only readings appended since, so the first request for
a device reads the rest from the segments and merges it; therefore start-up takes no longer with more data. Readings appended
during the merge are safe, because an entry only ever moves forward.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.core.devices.availability import reports_offline
from penstock.core.devices.models import Device
from penstock.core.telemetry.connection_records import is_end_of_connection
from penstock.core.telemetry.models import Reading, Source
from penstock.core.telemetry.store import ReadingStore
from penstock.kit.ids import DeviceId, OrgId

_RULE, _AGENT = int(Source.RULE), int(Source.AGENT)
"""As plain numbers, because they are compared for every reading."""


class _Entry(msgspec.Struct, gc=False):
    by_event: Reading | None = None
    by_arrival: Reading | None = None
    received_us: int = 0
    """When its latest reading arrived that was received from it: not a derived one, or the end of its connection."""
    complete: bool = False

    def take(self, reading: Reading) -> None:
        event = self.by_event
        if event is None or (reading.time_us, reading.seq) > (event.time_us, event.seq):
            self.by_event = reading
        arrival = self.by_arrival
        if arrival is None or reading.seq > arrival.seq:
            self.by_arrival = reading
            source = reading.source
            if source < _RULE and not (source == _AGENT and is_end_of_connection(reading)):
                self.received_us = reading.received_us


class LatestReadings:
    """Latest readings of the devices that reported or were requested since the start."""

    def __init__(self, store: ReadingStore, max_devices: int) -> None:
        self._store = store
        self._max_devices = max_devices
        self._entries: dict[DeviceId, _Entry] = {}

    def take(self, readings: Sequence[Reading]) -> None:
        """Record newly stored readings."""
        entries = self._entries
        for reading in readings:
            entry = entries.get(reading.device_id)
            if entry is None:
                entry = entries[reading.device_id] = self._new_entry()
            entry.take(reading)

    def known(self, device_id: DeviceId) -> _Entry | None:
        """The entry of a device, if it is complete."""
        entry = self._entries.get(device_id)
        return entry if entry is not None and entry.complete else None

    async def get(self, org_id: OrgId, device_id: DeviceId) -> tuple[Reading | None, Reading | None]:
        """A device's latest reading by event time and by arrival; None twice before its first."""
        entry = self._entries.get(device_id)
        if entry is None or not entry.complete:
            if entry is None:
                entry = self._entries[device_id] = self._new_entry()
            for reading in await self._store.latest(org_id, device_id):
                if reading is not None:
                    entry.take(reading)
            entry.complete = True
        return entry.by_event, entry.by_arrival

    def with_last_seen(self, device: Device) -> Device:
        """The device with `last_seen` from memory, because the stored value follows with a delay."""
        entry = self._entries.get(device.id)
        if entry is None or entry.received_us <= (device.last_seen_us or 0):
            return device
        if entry.by_arrival is not None and reports_offline(entry.by_arrival.kind, entry.by_arrival.payload):
            return device
        return msgspec.structs.replace(device, last_seen_us=entry.received_us)

    def last_seen_us(self, device_id: DeviceId) -> int:
        """When the last reading arrived from a device, according to memory; 0 if there is none."""
        entry = self._entries.get(device_id)
        return 0 if entry is None else entry.received_us

    def drop(self, device_id: DeviceId) -> None:
        """Drop a device: it was deleted, or some of its readings were deleted."""
        self._entries.pop(device_id, None)

    def reread(self, device_id: DeviceId) -> None:
        """Read a device again with the next request: payloads of its readings were replaced. When it was last seen is kept."""
        entry = self._entries.get(device_id)
        if entry is not None:
            self._entries[device_id] = _Entry(received_us=entry.received_us)

    def clear(self) -> None:
        """Drop all devices: readings of many devices were deleted."""
        self._entries.clear()

    def _new_entry(self) -> _Entry:
        if len(self._entries) >= self._max_devices:
            self._entries.clear()
        return _Entry()
