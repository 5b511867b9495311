"""Stores the messages of one broker in the log, one batch at a time.

Theory of operation. A batch holds the messages that arrived while the previous batch was being written. Its readings are one
append, which the log commits together with others; when the append returns, every message of the batch is on disk or will never
be. Both kinds are acknowledged: a message that is unreadable, or belongs to no device, would only be sent again. It is counted
as an error of the connection, and quarantined under its device if there is one. A message that cannot be stored *now* (the disk
is full, the limit of readings per month is exceeded) raises `CannotStore`: it is not acknowledged, and the broker keeps it.

A message that may have been stored before (`Freshness`) carries a key that the log can recognise: connection, packet
identifier, topic and payload. A message that is certainly new is stored even if the log has its key, since packet identifiers
are reused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from typing import Any

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.commands.models import Acknowledgement
from penstock.core.connections.activity import ConnectionActivity
from penstock.core.connections.errors import ConnectionPaused
from penstock.core.connections.intake import ConnectionIntake
from penstock.core.connections.models import ConnectionRef, ConnectionType, Route
from penstock.core.devices.availability import KIND_STATUS
from penstock.core.devices.faults import DeviceFaults
from penstock.core.devices.models import DeviceRef, Identifier, IdentifierKind, normalize_identifier
from penstock.core.limits.backfill import BackfillLane
from penstock.core.limits.errors import BackfillPaced, MonthlyLimitExceeded
from penstock.core.telemetry.errors import LogFull
from penstock.core.telemetry.models import NewReading, Reading, Source
from penstock.core.telemetry.service import TelemetryService
from penstock.core.uplinks.models import EventKind, Network, NetworkMessage
from penstock.ingress.mqtt.client.devices import NamedDevices
from penstock.ingress.mqtt.client.framing import Oversized
from penstock.ingress.mqtt.client.memory import Freshness, digest
from penstock.ingress.mqtt.client.translate import (
    Row,
    Subscriptions,
    TopicMatch,
    device_of,
    device_of_event,
    lorawan_event,
    named_in,
    rows_of,
)
from penstock.ingress.mqtt.commands import to_answer
from penstock.ingress.mqtt.protocol.packets import Publish
from penstock.ingress.mqtt.translate import RowFault, to_kept, to_malformed
from penstock.kit import strict_json
from penstock.kit.errors import InvalidInput, Kind, PenstockError
from penstock.kit.ids import ConnectionId, DeviceId, ExecutionId, Seq

_ROOM_S = 0.02
_LONGEST_PACE_S = 5
ReadMessage = Callable[[ConnectionType, dict[str, Any], str | None], NetworkMessage]
Acknowledge = Callable[[Actor, ExecutionId, Acknowledgement], Awaitable[object]]
Arrived = Publish | Oversized


class CannotStore(Exception):
    """Messages from some index of the batch on cannot be stored now, but can later. `taken` counts the handled ones before it."""

    def __init__(self, error: PenstockError, taken: int) -> None:
        super().__init__(error.detail)
        self.error = error
        self.taken = taken


class MessageIntake:
    """Ingests the messages of all connections to brokers.

    `read` parses the body of a network server's message, `acknowledge` carries out a device's acknowledgement of a
    command.
    """

    def __init__(
        self,
        *,
        telemetry: TelemetryService,
        lane: BackfillLane,
        devices: NamedDevices,
        faults: DeviceFaults,
        network: ConnectionIntake,
        activity: ConnectionActivity,
        read: ReadMessage,
        acknowledge: Acknowledge,
    ) -> None:
        self._telemetry = telemetry
        self._lane = lane
        self._devices = devices
        self._faults = faults
        self._network = network
        self._activity = activity
        self._read = read
        self._acknowledge = acknowledge

    async def take(
        self, connection: ConnectionRef, subscriptions: Subscriptions, batch: list[tuple[Arrived, Freshness]]
    ) -> float:
        """Store a batch. Returns for how many seconds to pause the broker because of old readings.

        Raises:
            CannotStore: the first message that cannot be stored now, and all after it.
        """
        each = (self._one(connection, subscriptions, message, freshness) for message, freshness in batch)
        # Waits for all outcomes: the messages before the first failure are stored and acknowledged, in order.
        outcomes = await asyncio.gather(*each, return_exceptions=True)
        readings: list[list[Reading]] = []
        failure: PenstockError | None = None
        for outcome in outcomes:
            if isinstance(outcome, list):
                readings.append(outcome)
            elif isinstance(outcome, PenstockError):
                failure = outcome
                break
            else:
                raise outcome
        # The broker delivers the messages after the failure again, and they are counted then.
        self._telemetry.drop([one for later in outcomes[len(readings) :] if isinstance(later, list) for one in later])
        try:
            await self._append([reading for some in readings for reading in some])
            await self._append(_mistaken_for_repeated(readings, batch))
        except PenstockError as error:
            raise CannotStore(error, 0) from error
        if failure is not None:
            raise CannotStore(failure, len(readings))
        return self._held_s(readings)

    async def _append(self, readings: list[Reading]) -> None:
        while readings:
            try:
                await self._telemetry.append(readings)
                return
            except LogFull:
                await asyncio.sleep(_ROOM_S)

    async def _one(
        self, connection: ConnectionRef, subscriptions: Subscriptions, message: Arrived, freshness: Freshness
    ) -> list[Reading]:
        """The readings of a message, to be appended. A message that is not a reading of a device is handled here.

        Raises:
            PenstockError: the error is temporary.
        """
        if freshness is Freshness.REPEATED:
            return []
        publish = message.publish if isinstance(message, Oversized) else message
        try:
            match = subscriptions.match(publish.topic)
            if match.subscription.payload == "lorawan" and not isinstance(message, Oversized):
                return await self._take_event(connection, match, publish)
            if match.subscription.payload == "acknowledgement" and not isinstance(message, Oversized):
                await self._take_answer(connection, match, publish)
                self._activity.record_message(connection)
                return []
            return await self._readings(connection, match, message, freshness)
        except PenstockError as error:
            if _passes(error):
                raise
            self._activity.record_error(connection, f"{publish.topic[:100]}: {error.detail}")
            return []

    async def _count(self, connection: ConnectionRef, readings: list[Reading]) -> None:
        if readings and not self._telemetry.unlimited(connection.org_id):
            await self._telemetry.take(readings)

    async def _readings(
        self, connection: ConnectionRef, match: TopicMatch, message: Arrived, freshness: Freshness
    ) -> list[Reading]:
        if isinstance(message, Oversized):
            reason = f"the message is too large: it has {message.size_bytes} bytes"
            return await self._malformed(connection, match, message.publish, reason)
        try:
            rows, faults = rows_of(match, message.payload)
        except InvalidInput as error:
            return await self._malformed(connection, match, message, error.detail)
        alone = len(rows) == 1 and not faults
        out: list[Reading] = []
        for row in rows:
            try:
                key = _dedupe_key(connection.id, message, row.number)
                out += await self._reading(connection, message.topic, row, key, freshness)
            except PenstockError as error:
                if _passes(error) or alone:
                    raise
                faults.append(RowFault(row.number, row.payload, f"[{row.number}]: {error.detail}"))
        for fault in faults:
            out += await self._set_aside(connection, match, message, fault)
        await self._count(connection, out)
        self._activity.record_message(connection)
        return out

    async def _set_aside(self, connection: ConnectionRef, match: TopicMatch, publish: Publish, fault: RowFault) -> list[Reading]:
        """The quarantined form of an element that cannot be stored; empty if no device can be determined."""
        self._activity.record_error(connection, f"{publish.topic[:100]}: {fault.reason}")
        try:
            device = await self._find(connection, device_of(match, fault.text))
            if device is None:
                return []
            kept = self._telemetry.quarantine(device, to_malformed(publish, fault.reason, fault.text), Source.MQTT)
        except PenstockError as error:
            if _passes(error):
                raise
            return []
        self._faults.record_malformed(device, fault.reason)
        return [kept]

    async def _reading(
        self, connection: ConnectionRef, topic: str, row: Row, key: str | None, freshness: Freshness
    ) -> list[Reading]:
        device = await self._find(connection, row.device)
        if device is None and row.fault is not None:
            raise InvalidInput.field("", row.fault)
        if device is None and row.kind == KIND_STATUS:
            raise _unknown_device(row.device)
        if device is None:
            # The log does not detect repetitions of these, so a reused key would lose a reading.
            await self._keep(connection, row, None if freshness is Freshness.NEW else key)
            return []
        self._activity.record_route(device, Route(connection.id, row.device))
        if row.fault is not None:
            self._record_fault(connection, device, topic, row.fault)
            return [self._telemetry.quarantine(device, to_kept(topic, row.payload, row.fault), Source.MQTT)]
        return self._telemetry.receive(
            (NewReading(device, row.payload, row.time_us, row.kind, dedupe_key=key, source=Source.MQTT),)
        )

    async def _find(self, connection: ConnectionRef, name: str) -> DeviceRef | None:
        device = await self._devices.find(connection.org_id, name)
        if device is not None and connection.project_id not in (None, device.project_id):
            raise _unknown_device(name)
        return device

    async def _keep(self, connection: ConnectionRef, row: Row, key: str | None) -> None:
        """Store a reading of an unregistered device, which only an EUI can name."""
        try:
            eui = normalize_identifier(Identifier(kind=IdentifierKind.EUI, value=row.device)).value
        except InvalidInput:
            raise _unknown_device(row.device) from None
        values: dict[str, Any] = msgspec.json.decode(row.payload)
        message = NetworkMessage(
            network=Network.CUSTOM,
            kind=EventKind.UPLINK,
            eui=eui,
            time_us=row.time_us,
            dedupe_key=key,
            values=values,
            single=True,  # as for a device that is registered: what is a reading was decided by `rows_of`
        )
        await self._take_network(connection, message)

    async def _take_answer(self, connection: ConnectionRef, match: TopicMatch, publish: Publish) -> None:
        """Carry out a device's acknowledgement of a command. Repeating it has no effect.

        Raises:
            PenstockError: it names no device, a command that is not the device's, or one that ended with another outcome.
        """
        name = named_in(match, publish.payload)
        device = await self._find(connection, name)
        if device is None:
            raise _unknown_device(name)
        execution_id, acknowledgement = to_answer(publish.payload)
        await self._acknowledge(Actor(org_id=device.org_id, kind=ActorKind.DEVICE, id=device.id), execution_id, acknowledgement)

    async def _take_event(self, connection: ConnectionRef, match: TopicMatch, publish: Publish) -> list[Reading]:
        """Take a network server's message. One that cannot be read is quarantined under the device that it names.

        Raises:
            PenstockError: it names no device, or cannot be stored.
        """
        try:
            message = self._network_message(publish)
        except InvalidInput as error:
            return await self._malformed(connection, match, publish, error.detail)
        await self._take_network(connection, message)
        self._activity.record_message(connection)
        return []

    async def _take_network(self, connection: ConnectionRef, message: NetworkMessage) -> None:
        while True:
            try:
                await self._network.take(connection, message)
                return
            except BackfillPaced as paced:
                await asyncio.sleep(min(paced.facts["retry_after_s"], _LONGEST_PACE_S))
            except LogFull:
                await asyncio.sleep(_ROOM_S)

    def _network_message(self, publish: Publish) -> NetworkMessage:
        body = strict_json.decode(publish.payload)
        if type(body) is not dict:
            raise InvalidInput.field("", "the payload of a network server's event must be a JSON object")
        message = self._read(ConnectionType.MQTT, body, lorawan_event(publish.topic))
        if message.dedupe_key is None and message.time_us is not None and message.network is not Network.CUSTOM:
            # As in the ingest call for network servers: a message without an id is identified by its bytes, if it contains its
            # time.
            return msgspec.structs.replace(message, dedupe_key=f"body:{blake2b(publish.payload, digest_size=16).hexdigest()}")
        return message

    async def _malformed(self, connection: ConnectionRef, match: TopicMatch, publish: Publish, reason: str) -> list[Reading]:
        """Quarantine a message that could not be read, under the device that its topic or its payload names.

        Raises:
            InvalidInput: no device can be determined.
        """
        named = device_of_event if match.subscription.payload == "lorawan" else device_of
        device = await self._find(connection, named(match, publish.payload))
        if device is None:
            raise InvalidInput.field("", reason)
        kept = [self._telemetry.quarantine(device, to_malformed(publish, reason), Source.MQTT)]
        await self._count(connection, kept)
        self._record_fault(connection, device, publish.topic, reason)
        return kept

    def _record_fault(self, connection: ConnectionRef, device: DeviceRef, topic: str, reason: str) -> None:
        """Count a fault where the device's owner looks, and where the connection's owner does."""
        self._faults.record_malformed(device, reason)
        self._activity.record_error(connection, f"{topic[:100]}: {reason}")

    def _held_s(self, readings: list[list[Reading]]) -> float:
        before_us = self._lane.old_before_us()
        old: dict[DeviceId, int] = {}
        for some in readings:
            for reading in some:
                if reading.time_us < before_us and not reading.duplicate:
                    old[reading.device_id] = old.get(reading.device_id, 0) + 1
        return max((self._lane.charge(device_id, count) for device_id, count in old.items()), default=0.0)


def _unknown_device(name: str) -> InvalidInput:
    shown = "".join(char if char.isprintable() else "?" for char in name[:64])
    return InvalidInput.field("device_id", f"device {shown} was not found for this connection", "unknown")


def _dedupe_key(connection_id: ConnectionId, publish: Publish, number: int) -> str | None:
    if not publish.qos:
        return None
    return f"broker\n{connection_id}\n{publish.packet_id}\n{digest(publish).hex()}\n{number}"


def _mistaken_for_repeated(readings: list[list[Reading]], batch: list[tuple[Arrived, Freshness]]) -> list[Reading]:
    """Readings of new messages that the log took for repetitions, without the keys that it recognised."""
    found = [
        reading
        for some, (_, freshness) in zip(readings, batch, strict=False)
        for reading in some
        if reading.duplicate and freshness is Freshness.NEW
    ]
    for reading in found:
        reading.seq, reading.duplicate, reading.dedupe = Seq(0), False, None
    return found


def _passes(error: PenstockError) -> bool:
    """Whether the same message can be stored later."""
    return error.kind in (Kind.UNAVAILABLE, Kind.INTERNAL) or isinstance(error, MonthlyLimitExceeded | ConnectionPaused)
