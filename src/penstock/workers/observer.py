"""Follows the reading log and records the effects of readings on their devices: last seen, online again, new sensors, usage.

The cursor is written in the same transaction as the records, so each reading is counted once even across a crash. Under load it
falls behind rather than slow the log down, and takes larger steps to catch up.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

import msgspec
import structlog

from penstock.core.database import OpensOrganizations, SystemDatabase
from penstock.core.devices.availability import KIND_STATUS, availability_of
from penstock.core.devices.connectivity import OFFLINE_AT_ONCE, Reason
from penstock.core.devices.connectivity_service import ConnectivityRecorder
from penstock.core.devices.faults import DeviceFaults
from penstock.core.devices.models import Connectivity
from penstock.core.devices.presence import DevicePresence
from penstock.core.devices.store import DeviceTransaction
from penstock.core.telemetry.connection_records import is_connection_record, is_end_of_connection
from penstock.core.telemetry.fields import Scalar, flatten
from penstock.core.telemetry.found_sensors import MAX_KEY_LENGTH, MAX_SENSORS_PER_DEVICE, found_sensor
from penstock.core.telemetry.models import Reading, Source
from penstock.core.telemetry.store import HasCursors, ReadingLog
from penstock.core.usage.models import DeviceHour
from penstock.core.usage.store import HasUsage
from penstock.kit.clock import HOUR_US, SECOND_US, Clock
from penstock.kit.ids import DeviceId, IdSource, OrgId, SensorId, Seq
from penstock.workers.loop import run_loop

CONSUMER = "observer"
INTERVAL_S = 0.5
STEP_ROWS = 5_000
SLICE_ROWS = 250
"""Readings processed before the event loop runs other tasks: about a millisecond."""
WRITE_ROWS = 2_000
"""Devices and new sensors in one transaction: others wait for the only writer, so a step commits several times. With fewer, a
device that reports often would be written more than once in a step.
"""
_RULE, _AGENT = int(Source.RULE), int(Source.AGENT)
"""As plain numbers, because they are compared for every reading."""
LAST_WILL_US = 5 * SECOND_US
"""How long after the end of a connection a status can be its last will; a later one comes when the device is offline already."""

_log = structlog.get_logger()


class ObserverTransaction(DeviceTransaction, HasUsage, Protocol):
    """The stores of one organisation that readings change."""


class ObserverSystemTransaction(HasCursors, OpensOrganizations[ObserverTransaction], Protocol):
    """The same for all organisations, and the position in the log."""


class _Notes(msgspec.Struct):
    """The effects of a part of the log on one organisation."""

    last_seen: dict[DeviceId, int]
    reported_online: dict[DeviceId, int]
    reported_offline: dict[DeviceId, int]
    found: dict[tuple[DeviceId, str], Scalar]
    devices: dict[tuple[DeviceId, int], list[int]]
    """(device, hour) → [readings, data points, bytes]."""

    @property
    def rows(self) -> int:
        """How many rows a transaction writes for them, per table."""
        return len(self.devices) + len(self.found)


class Observer:
    """The worker. `run` ends when cancelled."""

    def __init__(
        self,
        *,
        log: ReadingLog,
        database: SystemDatabase[ObserverSystemTransaction],
        connectivity: ConnectivityRecorder,
        presence: DevicePresence,
        faults: DeviceFaults,
        ids: IdSource,
        clock: Clock,
    ) -> None:
        self._log = log
        self._database = database
        self._connectivity = connectivity
        self._presence = presence
        self._faults = faults
        self._ids = ids
        self._clock = clock
        self._known: dict[DeviceId, set[str]] = {}
        self._incomplete: set[DeviceId] = set()
        """Devices with fields that are not listed as sensors; counted once."""
        self._cursor: Seq | None = None

    @property
    def lag(self) -> int:
        """How many sequence numbers it is behind the log."""
        return self._log.last_seq - (self._cursor or 0)

    async def run(self) -> None:
        """Follow the log until cancelled."""
        await run_loop(self.step, INTERVAL_S, "observer_delayed")

    async def step(self) -> bool:
        """Process the next part of the log. Returns whether there is more immediately."""
        if self._cursor is None:
            async with self._database.system_snapshot() as tx:
                # If the newest segment was moved away, its numbers no longer exist: continue from the log's end then.
                self._cursor = min(Seq(await tx.cursor(CONSUMER)), self._log.last_seq)
        if self._cursor >= self._log.last_seq:
            return False
        readings = await self._log.read_after(self._cursor, STEP_ROWS)
        start = 0
        while start < len(readings):
            notes, start = await self._process(readings, start)
            seq = readings[start - 1].seq
            await self._write(notes, seq)
            self._cursor = seq
        return len(readings) == STEP_ROWS

    def forget(self, device_id: DeviceId) -> None:
        """Drop the cached state of a device: it was deleted, or one of its sensors was."""
        self._known.pop(device_id, None)
        self._incomplete.discard(device_id)

    async def _process(self, readings: Sequence[Reading], start: int) -> tuple[dict[OrgId, _Notes], int]:
        """The effects of the readings from a position, as many as fit into one transaction; and the position after them."""
        notes: dict[OrgId, _Notes] = defaultdict(lambda: _Notes({}, {}, {}, {}, {}))
        while start < len(readings) and sum(one.rows for one in notes.values()) < WRITE_ROWS:
            for reading in readings[start : start + SLICE_ROWS]:
                self._note(notes[reading.org_id], reading)
            start = min(start + SLICE_ROWS, len(readings))
            await asyncio.sleep(0)
        return notes, start

    def _note(self, notes: _Notes, reading: Reading) -> None:
        values = flatten(msgspec.json.decode(reading.payload))
        device_id = reading.device_id
        # No comparison is needed, because the log is in the order of arrival. Derived readings, and the end of a connection, were
        # not received from the device.
        source = reading.source
        if source >= _RULE or (source == _AGENT and is_end_of_connection(reading)):
            pass
        elif source == _AGENT and is_connection_record(reading):
            notes.last_seen[device_id] = reading.received_us  # whether it is online is recorded where the connection is
        elif reading.kind == KIND_STATUS and availability_of(values) is Connectivity.OFFLINE:
            notes.reported_offline[device_id] = max(reading.received_us, notes.last_seen.get(device_id, 0) + 1)
        else:
            notes.last_seen[device_id] = notes.reported_online[device_id] = reading.received_us
            notes.reported_offline.pop(device_id, None)
        hour = reading.received_us - reading.received_us % HOUR_US
        of_device = notes.devices.setdefault((device_id, hour), [0, 0, 0])
        of_device[0] += 1
        of_device[1] += len(values)
        of_device[2] += len(reading.payload)
        known = self._known.setdefault(device_id, set())
        if known.issuperset(values):
            return
        unlisted = ""
        for key, value in values.items():
            if key in known:
                continue
            if len(known) < MAX_SENSORS_PER_DEVICE and 0 < len(key) <= MAX_KEY_LENGTH:
                known.add(key)
                notes.found[device_id, key] = value
            else:
                unlisted = unlisted or _reason_unlisted(key)
        if unlisted and device_id not in self._incomplete:
            self._incomplete.add(device_id)
            self._faults.record_unlisted(reading.org_id, device_id, unlisted)

    def _reason_of(self, device_id: DeviceId, at_us: int) -> Reason:
        """Why a device reports that it is offline. A last will is a status too, and the end of the connection explains it."""
        ended = self._presence.find(device_id)
        if ended is None or ended.connections or ended.reason is None or at_us - ended.since_us > LAST_WILL_US:
            return Reason.REPORTED
        return OFFLINE_AT_ONCE.get(ended.reason, Reason.REPORTED)

    async def _write(self, notes: dict[OrgId, _Notes], seq: Seq) -> None:
        try:
            async with self._database.system() as tx:
                for org_id, noted in notes.items():
                    await self._write_one(tx.for_organization(org_id), noted)
                await tx.set_cursor(CONSUMER, seq)
        except BaseException:
            self._known.clear()  # the discovered sensors must be discovered again
            raise

    async def _write_one(self, tx: ObserverTransaction, notes: _Notes) -> None:
        await tx.devices.mark_seen(notes.last_seen)
        await self._connectivity.note(
            tx, Connectivity.ONLINE, {device_id: (at_us, Reason.READING) for device_id, at_us in notes.reported_online.items()}
        )
        await self._connectivity.note(
            tx,
            Connectivity.OFFLINE,
            {device_id: (at_us, self._reason_of(device_id, at_us)) for device_id, at_us in notes.reported_offline.items()},
        )
        now_us = self._clock.now_us()
        await tx.sensors.create_all(
            [found_sensor(self._ids.next(SensorId), *place, value, now_us) for place, value in notes.found.items()]
        )
        await tx.usage.add_devices(
            [
                DeviceHour(device_id=device_id, hour_us=hour_us, readings=counts[0], data_points=counts[1], size_bytes=counts[2])
                for (device_id, hour_us), counts in notes.devices.items()
            ]
        )


def _reason_unlisted(key: str) -> str:
    if 0 < len(key) <= MAX_KEY_LENGTH:
        return f"a device can have at most {MAX_SENSORS_PER_DEVICE} sensors; {key[:60]} is stored and not listed"
    return f"a sensor's key must have 1 to {MAX_KEY_LENGTH} characters; a value with another key is stored and not listed"
