"""Processes a network server's message from a connection into readings and events.

Theory of operation. An uplink becomes a reading of its device; the uplink of an unregistered device is kept until the device is
registered (`core/uplinks`). A status becomes a reading of kind `status` and an event of the device; a location an event, and the
device's location if it has none. Any other message about a device becomes an event of it. All of them are on disk when the call
returns, and each is stored once, by the server's own name of the message, however often it is delivered.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from penstock.core.connections.activity import ConnectionActivity
from penstock.core.connections.errors import ConnectionPaused
from penstock.core.connections.models import ConnectionRef, ConnectionStatus, Route
from penstock.core.connections.store import ConnectionTransaction
from penstock.core.database import OrganizationDatabase
from penstock.core.devices import events as device_events
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.errors import DeviceNotFound, DevicePaused
from penstock.core.devices.history import TOPIC, DeviceEvent
from penstock.core.devices.models import DeviceRef, DeviceStatus, Location
from penstock.core.telemetry.chains import led_by
from penstock.core.telemetry.models import KIND_TELEMETRY, NewReading, Source
from penstock.core.uplinks.histories import Divided
from penstock.core.uplinks.models import EventKind, NetworkMessage
from penstock.core.uplinks.service import UplinkService
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import ConnectionId, DeviceId, EventId, IdSource, RuleId, Seq

KIND_STATUS = "status"
KIND_NORMALIZED = "normalized"
READING_KINDS = {EventKind.UPLINK: KIND_TELEMETRY, EventKind.NORMALIZED: KIND_NORMALIZED}
EVENT_KINDS = {
    EventKind.JOIN: "join",
    EventKind.STATUS: "status",
    EventKind.ACKNOWLEDGED: "ack",
    EventKind.NOT_ACKNOWLEDGED: "nack",
    EventKind.SENT: "txack",
    EventKind.FAILED: "failed",
    EventKind.QUEUED: "queued",
    EventKind.INVALIDATED: "invalidated",
    EventKind.LOCATION: "location",
    EventKind.SERVICE: "service",
    EventKind.LOG: "log",
}
"""The kinds of device events, by the kind of message."""
MAX_DETAIL = 1_000
"""The maximum length of a string in an event's details; longer ones are cut."""
_STATUS_FIELDS = ("battery_percent", "margin_db", "external_power", "battery_unknown")


class Outcome(StrEnum):
    """The outcome of a message."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    """Stored apart, because the event time is too far in the future."""
    UNREGISTERED = "unregistered"
    """The device is not registered: the uplink is kept until it is."""
    EVENT = "event"
    SKIPPED = "skipped"
    """The message contains nothing to store."""


class IngestResult(msgspec.Struct, frozen=True, gc=False):
    """The result of a message. `seq` is that of the reading, if it became one; of several, `readings`, that of the newest.

    `duplicates` and `quarantined` are how many of several were delivered before, or stored apart.
    """

    outcome: Outcome
    device: DeviceRef | None = None
    seq: Seq | None = None
    readings: int = 0
    duplicates: int = 0
    quarantined: int = 0


class DeviceEventNoted(msgspec.Struct, frozen=True, kw_only=True):
    """The event that a device event was stored; fields are only ever added. `chain` are the rules that led to it."""

    event_id: EventId
    device_id: DeviceId
    connection_id: ConnectionId | None
    kind: str
    time_us: int
    details: dict[str, Any]
    chain: tuple[RuleId, ...] = ()


class ConnectionIntake:
    """Accepts messages from connections."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[ConnectionTransaction],
        directory: DeviceDirectory,
        uplinks: UplinkService,
        activity: ConnectionActivity,
        ids: IdSource,
        clock: Clock,
    ) -> None:
        self._database = database
        self._directory = directory
        self._uplinks = uplinks
        self._activity = activity
        self._ids = ids
        self._clock = clock

    async def take(self, connection: ConnectionRef, message: NetworkMessage, chain: tuple[RuleId, ...] = ()) -> IngestResult:
        """Store the content of a message. When this returns, it is on disk. `chain` are the rules that led to it.

        Raises:
            ConnectionPaused.
            InvalidInput: the message names no device.
            DeviceNotFound: the device belongs to a project that the connection cannot access.
            MonthlyLimitExceeded, BackfillPaced, DevicePaused, PayloadTooLarge, TooManyUnregistered, LogFull, DiskFull, LogFailed.
        """
        if connection.status is not ConnectionStatus.ACTIVE:
            raise ConnectionPaused()
        if message.kind is EventKind.OTHER:
            return IngestResult(Outcome.SKIPPED)
        if message.eui is None:
            raise InvalidInput.field("dev_eui", "is required")
        device = self._directory.find_cached_by_eui(connection.org_id, message.eui)
        if device is None:
            device = await self._directory.find_by_eui(connection.org_id, message.eui)
        _check_reach(connection, device, message.eui)
        message = self._uplinks.timed(message)
        if message.kind in READING_KINDS:
            taken = await self._take_uplink(connection, device, message, chain)
        elif device is None:
            taken = IngestResult(Outcome.SKIPPED)
        else:
            taken = await self._take_event(connection, device, message, chain)
        if taken.device is not None:
            self._uplinks.note_faults(taken.device, message)
            await self._uplinks.route(taken.device, message)
            route = Route(connection.id, message.device_name, message.application_id)
            # Its events alone do not move a device: they can come through the server's broker, its readings through this door.
            self._activity.record_route(taken.device, route, moves=message.kind in READING_KINDS)
        elif message.time_fault is not None:
            self._activity.record_error(connection, message.time_fault)  # there is no device yet that could show it
        return taken

    async def _take_uplink(
        self, connection: ConnectionRef, device: DeviceRef | None, message: NetworkMessage, chain: tuple[RuleId, ...]
    ) -> IngestResult:
        if message.values is None and message.data is None:
            if device is not None:
                await self._uplinks.note_seen(device, message)
            return IngestResult(Outcome.SKIPPED, device)
        if device is None:
            divided = self._uplinks.divide(message)
            device = await self._keep(connection, message, divided)
            if device is None:
                return IngestResult(Outcome.UNREGISTERED, readings=len(divided.parts) if divided else 0)
            # It was registered in the meantime, perhaps in a project that the connection cannot access.
            _check_reach(connection, device, message.eui or "")
        message = await self._uplinks.decode_of(device, message)
        divided = self._uplinks.divide(message)
        if divided is not None:
            return await self._store_all(device, divided, READING_KINDS[message.kind], chain)
        payload = message.payload(message.values or {})
        reading = NewReading(
            device, payload, message.time_us, READING_KINDS[message.kind], None, message.dedupe_key, Source.LORAWAN
        )
        return await self._store(led_by(chain, reading))

    async def _keep(self, connection: ConnectionRef, message: NetworkMessage, divided: Divided | None) -> DeviceRef | None:
        if divided is None:
            return await self._uplinks.keep(connection.org_id, message, message.payload(message.values or {}))
        for fault in divided.faults:
            self._activity.record_error(connection, fault.reason)  # there is no device yet that could show it
        return await self._uplinks.keep_all(connection.org_id, message, divided)

    async def _store_all(self, device: DeviceRef, divided: Divided, kind: str, chain: tuple[RuleId, ...]) -> IngestResult:
        stored = await self._uplinks.store_all(device, divided, kind, chain)
        duplicates = sum(one.duplicate for one in stored)
        quarantined = sum(one.quarantined and not one.duplicate for one in stored)
        outcome = Outcome.QUARANTINED if quarantined else Outcome.DUPLICATE
        if len(stored) > duplicates + quarantined:
            outcome = Outcome.STORED
        seq = stored[-1].seq if stored else None
        return IngestResult(outcome, device, seq, len(stored), duplicates, quarantined)

    async def _store(self, reading: NewReading) -> IngestResult:
        stored = await self._uplinks.store(reading)
        outcome = Outcome.QUARANTINED if stored.quarantined else Outcome.STORED
        return IngestResult(Outcome.DUPLICATE if stored.duplicate else outcome, reading.device, stored.seq)

    async def _take_event(
        self, connection: ConnectionRef, device: DeviceRef, message: NetworkMessage, chain: tuple[RuleId, ...]
    ) -> IngestResult:
        # Readings of a paused device are rejected when they are ingested; events are not ingested.
        if device.status is not DeviceStatus.ACTIVE:
            raise DevicePaused()
        taken = IngestResult(Outcome.EVENT, device)
        values = {name: message.details[name] for name in _STATUS_FIELDS if name in message.details}
        if message.kind is EventKind.STATUS and values:
            key = f"status:{message.dedupe_key}" if message.dedupe_key else None
            payload = msgspec.json.encode(values)
            reading = NewReading(device, payload, message.time_us, KIND_STATUS, None, key, Source.LORAWAN)
            stored = await self._store(led_by(chain, reading))
            taken = IngestResult(Outcome.EVENT, device, stored.seq)
        now_us = self._clock.now_us()
        event = DeviceEvent(
            id=self._ids.next(EventId),
            device_id=device.id,
            connection_id=connection.id,
            kind=EVENT_KINDS[message.kind],
            time_us=now_us if message.time_us is None else message.time_us,
            received_us=now_us,
            details={name: _cut(value) for name, value in message.details.items()},
            dedupe_key=message.dedupe_key,
        )
        # After the reading: if the server dies in between, the repeated message is a duplicate there, and adds the event.
        async with self._database.transaction(device.org_id) as tx:
            if not await tx.device_events.add(event):
                return IngestResult(Outcome.DUPLICATE, device, taken.seq)
            if message.kind is EventKind.LOCATION:
                await _locate(tx, device.id, message.details, now_us, chain)
            await tx.outbox.add(TOPIC, device.id, _noted(event, chain))
        await self._uplinks.note_seen(device, message)
        return taken


def _check_reach(connection: ConnectionRef, device: DeviceRef | None, eui: str) -> None:
    if device is not None and connection.project_id not in (None, device.project_id):
        raise DeviceNotFound(device_id=eui)


def _cut(value: object) -> object:
    return value[:MAX_DETAIL] if isinstance(value, str) else value


async def _locate(
    tx: ConnectionTransaction, device_id: DeviceId, details: dict[str, Any], now_us: int, chain: tuple[RuleId, ...]
) -> None:
    """Set a device's location from the details, unless it has one."""
    device = await tx.devices.find(device_id)
    latitude, longitude = details.get("latitude"), details.get("longitude")
    if device is None or device.location is not None or not (_within(latitude, 90) and _within(longitude, 180)):
        return
    altitude = details.get("altitude_m")
    location = Location(
        latitude=float(latitude or 0),
        longitude=float(longitude or 0),
        altitude_m=float(altitude) if altitude is not None and _within(altitude, 100_000) else None,
    )
    changed = msgspec.structs.replace(device, location=location, updated_us=now_us)
    await tx.devices.update(changed)
    updated = device_events.DeviceChanged(device_id=device.id, name=device.name, at_us=now_us, chain=chain)
    await tx.outbox.add(device_events.UPDATED, device.id, updated)


def _within(value: object, limit: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -limit <= value <= limit


def _noted(event: DeviceEvent, chain: tuple[RuleId, ...]) -> DeviceEventNoted:
    return DeviceEventNoted(
        event_id=event.id,
        device_id=event.device_id,
        connection_id=event.connection_id,
        kind=event.kind,
        time_us=event.time_us,
        details=event.details,
        chain=chain,
    )
