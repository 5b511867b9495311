"""The latest reading of each device, in memory: by event time and by arrival.

Every commit updates the entries it touches. After a start, memory knows only what was appended since, so the first
question about a device looks the rest up in the segments and merges; start-up therefore costs nothing, whatever the
amount of data. The merge is safe against appends meanwhile, because an entry only ever moves forward.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.core.devices.models import Device
from penstock.core.telemetry.models import Reading
from penstock.core.telemetry.store import ReadingStore
from penstock.kit.ids import DeviceId, OrgId


class _Entry(msgspec.Struct, gc=False):
    by_event: Reading | None = None
    by_arrival: Reading | None = None
    complete: bool = False

    def take(self, reading: Reading) -> None:
        event = self.by_event
        if event is None or (reading.time_us, reading.seq) > (event.time_us, event.seq):
            self.by_event = reading
        arrival = self.by_arrival
        if arrival is None or reading.seq > arrival.seq:
            self.by_arrival = reading


class LatestReadings:
    """Latest readings of the devices that reported or were asked about since the start."""

    def __init__(self, store: ReadingStore, max_devices: int) -> None:
        self._store = store
        self._max_devices = max_devices
        self._entries: dict[DeviceId, _Entry] = {}

    def take(self, readings: Sequence[Reading]) -> None:
        """Note newly stored readings."""
        entries = self._entries
        for reading in readings:
            entry = entries.get(reading.device_id)
            if entry is None:
                entry = entries[reading.device_id] = self._new_entry()
            entry.take(reading)

    def known(self, device_id: DeviceId) -> _Entry | None:
        """The entry of a device, if memory knows all about it."""
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
        """The device with `last_seen` as memory knows it: the stored one follows a moment later."""
        entry = self._entries.get(device.id)
        if entry is None or entry.by_arrival is None or entry.by_arrival.received_us <= (device.last_seen_us or 0):
            return device
        return msgspec.structs.replace(device, last_seen_us=entry.by_arrival.received_us)

    def heard_us(self, device_id: DeviceId) -> int:
        """When a device's last reading came, as far as memory knows; 0 when it knows of none."""
        entry = self._entries.get(device_id)
        return entry.by_arrival.received_us if entry is not None and entry.by_arrival is not None else 0

    def drop(self, device_id: DeviceId) -> None:
        """Forget a device: it was deleted, or readings of it were removed."""
        self._entries.pop(device_id, None)

    def clear(self) -> None:
        """Forget all: readings of many devices were removed."""
        self._entries.clear()

    def _new_entry(self) -> _Entry:
        if len(self._entries) >= self._max_devices:
            self._entries.clear()
        return _Entry()
