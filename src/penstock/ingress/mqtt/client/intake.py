"""Messages of one broker into the log, a batch at a time.

Theory of operation. A batch is what came while the batch before was on its way to the disk. Its readings are one append, which
the log commits together with those of others; when this returns, every message of the batch is on disk or will never be. The
former and the latter are acknowledged alike: what cannot be read, or is of nobody, would only come again. It is counted as an
error of the connection, and in the quarantine of its device where there is one. What cannot be stored *now* (no disk, the month's
readings used up) is `CannotStore`: it is not acknowledged, and the broker keeps it.

A message that may have been stored before (`Freshness`) carries a key by which the log knows it: connection, packet identifier,
topic and payload. One that is certainly new is stored though the log knows the key: identifiers come again.
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
from penstock.ingress.mqtt.client.translate import Heard, Row, Subscriptions, lorawan_event, named_in, rows_of
from penstock.ingress.mqtt.commands import to_answer
from penstock.ingress.mqtt.protocol.packets import Publish
from penstock.ingress.mqtt.translate import to_malformed
from penstock.kit import strict_json
from penstock.kit.errors import InvalidInput, Kind, PenstockError
from penstock.kit.ids import ConnectionId, DeviceId, ExecutionId, Seq

_ROOM_S = 0.02
_LONGEST_PACE_S = 5
ReadMessage = Callable[[ConnectionType, dict[str, Any], str | None], NetworkMessage]
Acknowledge = Callable[[Actor, ExecutionId, Acknowledgement], Awaitable[object]]
Arrived = Publish | Oversized


class CannotStore(Exception):
    """Messages from some place of the batch on are not stored now, and may be later. `taken` is how many were dealt with."""

    def __init__(self, error: PenstockError, taken: int) -> None:
        super().__init__(error.detail)
        self.error = error
        self.taken = taken


class MessageIntake:
    """Takes messages of all connections to brokers in.

    `read` makes a message of a network server's body, `acknowledge` carries out what a device says of a command.
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
        """Store what can be. The seconds for which the broker should be held back, for old readings.

        Raises:
            CannotStore.
        """
        each = (self._one(connection, subscriptions, message, freshness) for message, freshness in batch)
        # All outcomes are waited for: what was dealt with up to the first failure is stored and acknowledged, in order.
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
        try:
            await self._append([reading for some in readings for reading in some])
            await self._append(_taken_for_repeated(readings, batch))
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
        """The readings of a message, to be appended; what is no reading of a device is dealt with here.

        Raises:
            PenstockError: of a passing kind.
        """
        if freshness is Freshness.REPEATED:
            return []
        publish = message.publish if isinstance(message, Oversized) else message
        try:
            heard = subscriptions.hear(publish.topic)
            if heard.subscription.payload == "lorawan" and not isinstance(message, Oversized):
                await self._take_network(connection, self._network_message(publish))
                self._activity.record_message(connection)
                return []
            if heard.subscription.payload == "acknowledgement" and not isinstance(message, Oversized):
                await self._take_answer(connection, heard, publish)
                self._activity.record_message(connection)
                return []
            return await self._readings(connection, heard, message, freshness)
        except PenstockError as error:
            if _passes(error):
                raise
            self._activity.record_error(connection, f"{publish.topic[:100]}: {error.detail}")
            return []

    async def _count(self, connection: ConnectionRef, readings: list[Reading]) -> None:
        if readings and not self._telemetry.unlimited(connection.org_id):
            await self._telemetry.take(connection.org_id, len(readings))

    async def _readings(self, connection: ConnectionRef, heard: Heard, message: Arrived, freshness: Freshness) -> list[Reading]:
        if isinstance(message, Oversized):
            reason = f"the message has {message.size_bytes} bytes, which is too many"
            return await self._malformed(connection, heard, message.publish, InvalidInput.field("", reason))
        try:
            rows = rows_of(heard, message.payload)
        except InvalidInput as error:
            return await self._malformed(connection, heard, message, error)
        out: list[Reading] = []
        for number, row in enumerate(rows):
            try:
                out += await self._reading(connection, row, _dedupe_key(connection.id, message, number), freshness)
            except PenstockError as error:
                if _passes(error) or len(rows) == 1:
                    raise
                self._activity.record_error(connection, f"{message.topic[:100]}: [{number}]: {error.detail}")
        await self._count(connection, out)
        self._activity.record_message(connection)
        return out

    async def _reading(self, connection: ConnectionRef, row: Row, key: str | None, freshness: Freshness) -> list[Reading]:
        device = await self._find(connection, row.device)
        if device is None:
            # Of these no second copy is told by what the log knows, so a key that comes again would lose a reading.
            await self._keep(connection, row, None if freshness is Freshness.NEW else key)
            return []
        self._activity.record_route(device, Route(connection.id, row.device))
        return self._telemetry.receive((NewReading(device, row.payload, row.time_us, dedupe_key=key, source=Source.MQTT),))

    async def _find(self, connection: ConnectionRef, name: str) -> DeviceRef | None:
        device = await self._devices.find(connection.org_id, name)
        if device is not None and connection.project_id not in (None, device.project_id):
            raise _nobody(name)
        return device

    async def _keep(self, connection: ConnectionRef, row: Row, key: str | None) -> None:
        """Keep a reading of a device that is not registered, which only an EUI can be."""
        try:
            eui = normalize_identifier(Identifier(kind=IdentifierKind.EUI, value=row.device)).value
        except InvalidInput:
            raise _nobody(row.device) from None
        values: dict[str, Any] = msgspec.json.decode(row.payload)
        message = NetworkMessage(
            network=Network.CUSTOM, kind=EventKind.UPLINK, eui=eui, time_us=row.time_us, dedupe_key=key, values=values
        )
        await self._take_network(connection, message)

    async def _take_answer(self, connection: ConnectionRef, heard: Heard, publish: Publish) -> None:
        """Carry out what a device says of a command. Said again it changes nothing.

        Raises:
            PenstockError: it names no device, none of its commands, or one that has ended otherwise.
        """
        name = named_in(heard, publish.payload)
        device = await self._find(connection, name)
        if device is None:
            raise _nobody(name)
        execution_id, said = to_answer(publish.payload)
        await self._acknowledge(Actor(org_id=device.org_id, kind=ActorKind.DEVICE, id=device.id), execution_id, said)

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
            raise InvalidInput.field("", "the payload is no object, as a network server's events are")
        message = self._read(ConnectionType.MQTT, body, lorawan_event(publish.topic))
        if message.dedupe_key is None and message.time_us is not None and message.network is not Network.CUSTOM:
            # As at the door of network servers: what has no name, but tells its time, is known again by its bytes.
            return msgspec.structs.replace(message, dedupe_key=f"body:{blake2b(publish.payload, digest_size=16).hexdigest()}")
        return message

    async def _malformed(self, connection: ConnectionRef, heard: Heard, publish: Publish, error: InvalidInput) -> list[Reading]:
        """Keep what can be kept of a message that could not be read, with the device that its topic names.

        Raises:
            InvalidInput: the same again, when no device can be told.
        """
        device = await self._find(connection, heard.names.get("deviceId", ""))
        if device is None:
            raise error
        kept = [self._telemetry.quarantine(device, to_malformed(publish, error.detail), Source.MQTT)]
        await self._count(connection, kept)
        self._faults.record_malformed(device, error.detail)
        self._activity.record_error(connection, f"{publish.topic[:100]}: {error.detail}")
        return kept

    def _held_s(self, readings: list[list[Reading]]) -> float:
        before_us = self._lane.old_before_us()
        old: dict[DeviceId, int] = {}
        for some in readings:
            for reading in some:
                if reading.time_us < before_us and not reading.duplicate:
                    old[reading.device_id] = old.get(reading.device_id, 0) + 1
        return max((self._lane.charge(device_id, count) for device_id, count in old.items()), default=0.0)


def _nobody(name: str) -> InvalidInput:
    shown = "".join(char if char.isprintable() else "?" for char in name[:64])
    return InvalidInput.field("device_id", f"no device of this connection is known as {shown}", "unknown")


def _dedupe_key(connection_id: ConnectionId, publish: Publish, number: int) -> str | None:
    if not publish.qos:
        return None
    return f"broker\n{connection_id}\n{publish.packet_id}\n{digest(publish).hex()}\n{number}"


def _taken_for_repeated(readings: list[list[Reading]], batch: list[tuple[Arrived, Freshness]]) -> list[Reading]:
    """Readings of new messages that the log took for old ones, made such that it cannot know them."""
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
    """Whether the same message may be stored later."""
    return error.kind in (Kind.UNAVAILABLE, Kind.INTERNAL) or isinstance(error, MonthlyLimitExceeded | ConnectionPaused)
