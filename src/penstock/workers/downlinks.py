"""Commands on their way as LoRaWAN downlinks: handed to network servers, and followed by what these tell.

Theory of operation. An execution is claimed like for every transport: it counts as sent before anything leaves. Then its bytes
are made, which downlink it becomes is written down, and the server of the device's connection is asked to put it into its queue.
What certainly did not get there waits again while the connection rests. What may have got there stays sent, unless doing it twice
does no harm. Later the server tells of it through the connection, by the name that was written down; what it tells while it is
still being asked is kept until the name is known.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.codecs.errors import CodecFailed, CodecsBusy, NoCodec
from penstock.core.codecs.ports import Downlink, DownlinkEncoder
from penstock.core.commands.errors import ExecutionNotFound
from penstock.core.commands.models import Execution
from penstock.core.commands.ports import NotConnected, Receipt, Undeliverable
from penstock.core.commands.queue import CommandQueue
from penstock.core.connections.activity import ConnectionActivity
from penstock.core.connections.errors import ConnectionNotFound
from penstock.core.connections.intake import DeviceEventNoted
from penstock.core.connections.models import Connection, ConnectionRef, ConnectionStatus, Route
from penstock.core.connections.settings import ChirpStackMqtt
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.history import TOPIC
from penstock.core.devices.models import Device, DeviceStatus, IdentifierKind
from penstock.core.downlinks.models import CORRELATION, DownlinkNote, OutgoingDownlink
from penstock.core.downlinks.payload import Unfit, asked_port, fitting, raw_downlink
from penstock.core.downlinks.ports import (
    Accepted,
    DownlinkSender,
    DownlinkSettings,
    InDoubt,
    NotTaken,
    Outcome,
    Refused,
    SettingsOpener,
)
from penstock.core.downlinks.reach import Reach
from penstock.core.downlinks.verdicts import TOLD_BY, is_confirmed, name_in, verdict
from penstock.core.outbox import OutboxEntry
from penstock.core.ports import Database
from penstock.kit.ids import Prefix, encode

ENCODE_S = 2.0
MAX_EARLY = 16
_Handed = Receipt | NotConnected | Undeliverable


class _Way(msgspec.Struct, frozen=True):
    """By whom a downlink goes, and how its server calls the device."""

    connection: Connection
    settings: DownlinkSettings
    eui: str
    route: Route


class LorawanCommands:
    """Implements `CommandTransport`. `senders` are by the kind of settings."""

    def __init__(
        self,
        *,
        database: Database,
        reach: Reach,
        opener: SettingsOpener,
        encoder: DownlinkEncoder,
        senders: Mapping[type[DownlinkSettings], DownlinkSender],
        activity: ConnectionActivity,
        queue: CommandQueue,
    ) -> None:
        self._database = database
        self._reach = reach
        self._opener = opener
        self._encoder = encoder
        self._senders = senders
        self._activity = activity
        self._queue = queue
        self._early: dict[int, list[tuple[Actor, DeviceEventNoted]]] = {}
        """What was told of devices whose server is being asked just now."""

    def reaches(self, device_id: int) -> bool:
        return self._reach.reaches(device_id)

    async def deliver(self, execution: Execution) -> _Handed:
        self._early.setdefault(execution.device_id, [])
        try:
            return await self._deliver(execution)
        finally:
            for device, noted in self._early.pop(execution.device_id, []):
                await self._hear(device, noted)

    async def _deliver(self, execution: Execution) -> _Handed:
        way = await self._way(execution)
        if not isinstance(way, _Way):
            return way
        downlink = await self._downlink(execution)
        if not isinstance(downlink, Downlink):
            return downlink
        correlation = f"{CORRELATION}{encode(Prefix.EXECUTION, execution.id)}"
        note = DownlinkNote(
            execution_id=execution.id,
            device_id=execution.device_id,
            connection_id=way.connection.id,
            name=correlation,
            accepted=False,
        )
        await self._put(execution.org_id, note)
        wanted = OutgoingDownlink(
            correlation=correlation,
            eui=way.eui,
            device_name=way.route.device_name,
            f_port=downlink.f_port,
            payload=downlink.payload,
            confirmed=is_confirmed(execution.verification),
            expires_us=execution.expires_us,
        )
        outcome = await self._senders[type(way.settings)].send(way.settings, wanted)
        return await self._settle(execution, way.connection, note, outcome)

    async def _way(self, execution: Execution) -> _Way | _Handed:
        """How to the device's server; what reaches the device may have changed since it was looked up."""
        async with self._database.snapshot(execution.org_id) as tx:
            device = await tx.devices.find(execution.device_id)
            route = await tx.connections.find_route(execution.device_id)
        self._reach.forget_device(execution.device_id)
        if device is None or route is None or device.status is not DeviceStatus.ACTIVE:
            return NotConnected(reason="the device reports through no connection")
        try:
            connection, settings = await self._opener.open_settings(execution.org_id, route.connection_id)
        except ConnectionNotFound:
            return NotConnected(reason="the device reports through no connection")
        except ValueError:
            return Undeliverable(reason="the connection's secrets were sealed by another server")
        downlink = getattr(settings, "downlink", None)
        if downlink is None or connection.status is not ConnectionStatus.ACTIVE:
            return NotConnected(reason="the connection is paused, or has no settings for downlinks")
        if connection.project_id not in (None, device.project_id):
            return NotConnected(reason="the connection does not reach the device's project")
        if isinstance(downlink, ChirpStackMqtt):
            return Undeliverable(reason="commands to ChirpStack go by its API; by a command topic they cannot be sent")
        eui = _eui(device)
        if eui is None:
            return Undeliverable(reason="the device has no EUI")
        self._reach.learn(execution.device_id, connection.id)
        return _Way(connection, downlink, eui, route)

    async def _downlink(self, execution: Execution) -> Downlink | _Handed:
        made = raw_downlink(execution.parameters)
        if made is None:
            port = asked_port(execution.parameters)
            try:
                async with asyncio.timeout(ENCODE_S):
                    made = await self._encoder.encode(execution.org_id, execution.device_id, execution.parameters, port)
            except (NoCodec, CodecFailed, DeviceNotFound) as error:
                return Undeliverable(reason=error.detail)
            except (CodecsBusy, TimeoutError):
                return NotConnected(reason="too many payloads wait for their codecs")
            made = fitting(made)
        return Undeliverable(reason=made.reason) if isinstance(made, Unfit) else made

    async def _settle(self, execution: Execution, connection: Connection, note: DownlinkNote, outcome: Outcome) -> _Handed:
        match outcome:
            case Accepted(name=name):
                self._reach.works(connection.id)
                await self._put(execution.org_id, msgspec.structs.replace(note, name=name or note.name, accepted=True))
                return Receipt()
            case Refused(reason=reason):
                self._tell(connection, reason)
                return Undeliverable(reason=reason)
            case NotTaken(reason=reason) | InDoubt(reason=reason):
                self._reach.trouble(connection.id)
                self._tell(connection, reason)
                again = isinstance(outcome, NotTaken) or execution.repeatable
                return NotConnected(reason=reason) if again else Receipt()

    async def _put(self, org_id: int, note: DownlinkNote) -> None:
        async with self._database.transaction(org_id) as tx:
            await tx.downlinks.put(note)

    def _tell(self, connection: Connection, reason: str) -> None:
        ref = ConnectionRef(connection.id, connection.org_id, connection.project_id, connection.type, connection.status)
        self._activity.note_error(ref, f"downlink: {reason}")

    async def on_event(self, entry: OutboxEntry) -> None:
        """Hear what a network server told of a device. Idempotent."""
        if entry.topic != TOPIC:
            return
        noted = msgspec.json.decode(entry.body, type=DeviceEventNoted)
        if noted.kind in TOLD_BY and name_in(noted.details) is not None and noted.connection_id is not None:
            await self._hear(Actor(org_id=entry.org_id, kind=ActorKind.DEVICE, id=noted.device_id), noted)

    async def _hear(self, device: Actor, noted: DeviceEventNoted) -> None:
        name, connection_id = name_in(noted.details), noted.connection_id
        async with self._database.snapshot(device.org_id) as tx:
            found = await tx.downlinks.find(device.id, connection_id or 0, name or "")
            execution = None if found is None else await tx.executions.find(found)
        if execution is None:
            early = self._early.get(device.id)
            if early is not None and len(early) < MAX_EARLY:
                early.append((device, noted))
            return
        said = verdict(noted.kind, noted.details, execution.verification)
        if said is not None:
            with contextlib.suppress(ExecutionNotFound):  # its device was deleted meanwhile
                await self._queue.report(device, execution.id, said.reason, arrived=said.arrived, acknowledged=said.acknowledged)


def _eui(device: Device) -> str | None:
    return next((one.value for one in device.identifiers if one.kind is IdentifierKind.EUI), None)
