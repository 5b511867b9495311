"""Delivers commands as LoRaWAN downlinks: passes them to network servers, and follows their reports.

Theory of operation. An execution is claimed as for every transport: it counts as sent before anything leaves. Then its bytes
are encoded, its downlink is recorded, and the server of the device's connection is asked to queue it. A downlink that certainly
did not reach the server waits again while the connection is paused. One that may have reached it remains sent, unless the
command is repeatable. Later the server reports on it through the connection, under the recorded id; reports that arrive during
the request are kept until the id is known.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Protocol

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.codecs.errors import CodecFailed, NoCodec
from penstock.core.codecs.ports import Downlink, DownlinkEncoder
from penstock.core.commands.errors import ExecutionNotFound
from penstock.core.commands.models import Execution, Transport
from penstock.core.commands.ports import NotConnected, Obstacle, Receipt, Undeliverable
from penstock.core.commands.queue import CommandQueue
from penstock.core.commands.store import HasExecutions
from penstock.core.connections.activity import ConnectionActivity
from penstock.core.connections.errors import ConnectionNotFound
from penstock.core.connections.intake import DeviceEventNoted
from penstock.core.connections.models import Connection, ConnectionRef, ConnectionStatus, Route
from penstock.core.connections.settings import CHIRPSTACK_COMMAND_TOPIC, ChirpStackMqtt, MqttSettings, Settings
from penstock.core.connections.store import HasConnections
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.history import TOPIC
from penstock.core.devices.models import Device, DeviceStatus, IdentifierKind
from penstock.core.devices.store import HasDevices
from penstock.core.downlinks.models import CORRELATION, DownlinkNote, OutgoingDownlink, item_id_of
from penstock.core.downlinks.payload import InvalidDownlink, fitting, raw_downlink, requested_port
from penstock.core.downlinks.ports import (
    Accepted,
    DownlinkSender,
    DownlinkSettings,
    NoSubscriber,
    NotAccepted,
    Outcome,
    Refused,
    SettingsOpener,
    Unconfirmed,
)
from penstock.core.downlinks.reach import DownlinkRouting
from penstock.core.downlinks.store import HasDownlinks
from penstock.core.downlinks.verdicts import REPORT_KINDS, is_confirmed, is_counted, name_in, verdict
from penstock.core.outbox import OutboxEntry
from penstock.core.uplinks.errors import CodecsBusy
from penstock.core.vault.errors import SecretsUnreadable
from penstock.kit.errors import Unavailable
from penstock.kit.ids import ConnectionId, DeviceId, ExecutionId, OrgId, Prefix, ProjectId, decode, encode

ENCODE_S = 2.0
MAX_EARLY = 16
_NO_ROUTE = "the device has not reported through a connection yet"
_DEVICE_PAUSED = "the device is paused"
_PAUSED = "the device's connection is paused"
_Delivery = Receipt | NotConnected | Undeliverable


class DownlinkTransaction(HasConnections, HasDevices, HasDownlinks, HasExecutions, Protocol):
    """The stores that determine the route of a command and record its outcome."""


class _Destination(msgspec.Struct, frozen=True):
    """The route of a downlink: the connection, and the device's id at the network server."""

    connection: Connection
    settings: DownlinkSettings
    eui: str
    project_id: ProjectId
    route: Route

    @property
    def broker_id(self) -> ConnectionId | None:
        """The connection to the broker that the downlink uses, if it uses one."""
        return decode(Prefix.CONNECTION, self.settings.connection_id) if isinstance(self.settings, ChirpStackMqtt) else None


class LorawanCommands:
    """Implements `CommandTransport`. `senders` are by the kind of settings."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[DownlinkTransaction],
        reach: DownlinkRouting,
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
        self._early: dict[DeviceId, list[tuple[Actor, DeviceEventNoted]]] = {}
        """Reports about devices while the request to their server is in progress."""
        self._by_broker: dict[ConnectionId, set[ConnectionId]] = {}
        """Connections whose downlinks use a broker, by the connection to the broker."""

    def reaches(self, device_id: DeviceId) -> bool:
        return self._reach.reaches(device_id)

    def broker_connected(self, connection_id: ConnectionId) -> None:
        """A broker is connected again: connections that use it are no longer paused."""
        for one in self._by_broker.pop(connection_id, ()):
            self._reach.mark_working(one)

    async def deliver(self, execution: Execution) -> _Delivery:
        self._early.setdefault(execution.device_id, [])
        try:
            return await self._deliver(execution)
        finally:
            for device, noted in self._early.pop(execution.device_id, []):
                await self._on_report(device, noted)

    async def find_obstacle(self, execution: Execution) -> Obstacle | None:
        """What prevents a downlink to a device that reports through a network server."""
        if execution.transport not in (Transport.ANY, Transport.LORAWAN):
            return None
        found = await self._find_destination(execution)
        if not isinstance(found, _Destination):
            return _obstacle(execution.transport, found)
        made = await self._downlink(execution)
        if isinstance(made, Downlink):
            request = _request_of(found, execution, made)
            reason = await self._senders[type(found.settings)].find_obstacle(found.settings, request)
            return None if reason is None else Obstacle(reason=reason, final=True)
        return Obstacle(reason=made.reason, final=True) if isinstance(made, Undeliverable) else None

    async def _deliver(self, execution: Execution) -> _Delivery:
        destination = await self._find_destination(execution)
        # It may have changed since it was looked up.
        self._reach.reload(execution.device_id)
        if not isinstance(destination, _Destination):
            return destination
        self._reach.update(execution.device_id, destination.connection.id)
        downlink = await self._downlink(execution)
        if not isinstance(downlink, Downlink):
            return downlink
        request, broker_id = _request_of(destination, execution, downlink), destination.broker_id
        note = DownlinkNote(
            execution_id=execution.id,
            device_id=execution.device_id,
            connection_id=destination.connection.id,
            name=request.correlation if broker_id is None else request.item_id,
            accepted=False,
            broker_id=broker_id,
        )
        if broker_id is not None:
            self._by_broker.setdefault(broker_id, set()).add(destination.connection.id)
        # Before the call: a report can arrive before the response, and after a crash it is found by this name.
        await self._put(execution.org_id, note)
        outcome = await self._senders[type(destination.settings)].send(destination.settings, request)
        return await self._settle(execution, destination.connection, note, outcome)

    async def _find_destination(self, execution: Execution) -> _Destination | _Delivery:
        """The route to the device's server."""
        async with self._database.snapshot(execution.org_id) as tx:
            device = await tx.devices.find(execution.device_id)
            route = await tx.connections.find_route(execution.device_id) or self._activity.route_of(execution.device_id)
        if device is None or route is None:
            return NotConnected(reason=_NO_ROUTE)
        if device.status is not DeviceStatus.ACTIVE:
            return NotConnected(reason=_DEVICE_PAUSED)
        try:
            connection, settings = await self._opener.open_settings(execution.org_id, route.connection_id)
        except ConnectionNotFound:
            return NotConnected(reason=_NO_ROUTE)
        except SecretsUnreadable as error:
            return Undeliverable(reason=error.detail)
        except Unavailable as error:
            return NotConnected(reason=error.detail)
        downlink = _settings_of(connection, settings)
        if downlink is None:
            return NotConnected(reason="the device's connection has no settings for downlinks")
        if connection.status is not ConnectionStatus.ACTIVE:
            return NotConnected(reason=_PAUSED)
        if connection.project_id not in (None, device.project_id):
            return NotConnected(reason="the connection does not reach the device's project")
        eui = _eui(device)
        if eui is None:
            return Undeliverable(reason="the device has no EUI")
        return _Destination(connection, downlink, eui, device.project_id, route)

    async def _downlink(self, execution: Execution) -> Downlink | _Delivery:
        made = raw_downlink(execution.parameters)
        if made is None:
            port = requested_port(execution.parameters)
            try:
                async with asyncio.timeout(ENCODE_S):
                    made = await self._encoder.encode(execution.org_id, execution.device_id, execution.parameters, port)
            except (NoCodec, CodecFailed, DeviceNotFound) as error:
                return Undeliverable(reason=error.detail)
            except (CodecsBusy, TimeoutError):
                # Nothing has left and the command is valid, so it waits again instead of failing.
                return NotConnected(reason="too many payloads are waiting to be encoded")
            made = fitting(made)
        return Undeliverable(reason=made.reason) if isinstance(made, InvalidDownlink) else made

    async def _settle(self, execution: Execution, connection: Connection, note: DownlinkNote, outcome: Outcome) -> _Delivery:
        match outcome:
            case Accepted(name=name):
                self._reach.mark_working(connection.id)
                await self._put(execution.org_id, msgspec.structs.replace(note, name=name or note.name, accepted=True))
                return Receipt()
            case Refused(reason=reason):
                self._show_error(connection, reason)
                return Undeliverable(reason=reason)
            case NotAccepted(reason=reason) | Unconfirmed(reason=reason) | NoSubscriber(reason=reason):
                self._reach.mark_failed(connection.id, outcome.wait_us if isinstance(outcome, NotAccepted) else 0)
                self._show_error(connection, reason)
                again = not isinstance(outcome, Unconfirmed) or execution.repeatable
                return NotConnected(reason=reason) if again else Receipt()

    async def _put(self, org_id: OrgId, note: DownlinkNote) -> None:
        async with self._database.transaction(org_id) as tx:
            await tx.downlinks.put(note)

    def _show_error(self, connection: Connection, reason: str) -> None:
        ref = ConnectionRef(connection.id, connection.org_id, connection.project_id, connection.type, connection.status)
        self._activity.record_error(ref, f"downlink: {reason}")

    async def on_event(self, entry: OutboxEntry) -> None:
        """Process a network server's report about a device. Idempotent."""
        if entry.topic != TOPIC:
            return
        noted = msgspec.json.decode(entry.body, type=DeviceEventNoted)
        if noted.kind in REPORT_KINDS and name_in(noted.details) is not None and noted.connection_id is not None:
            await self._on_report(Actor(org_id=entry.org_id, kind=ActorKind.DEVICE, id=noted.device_id), noted)

    async def _on_report(self, device: Actor, noted: DeviceEventNoted) -> None:
        name, connection_id = name_in(noted.details), noted.connection_id
        if name is None or connection_id is None:
            return
        async with self._database.snapshot(device.org_id) as tx:
            found = await tx.downlinks.find(device.device_id, connection_id, name)
        if found is None and is_counted(name):
            found = await self._count(device, connection_id, name)
        async with self._database.snapshot(device.org_id) as tx:
            execution = None if found is None else await tx.executions.find(found)
        if execution is None:
            early = self._early.get(device.device_id)
            if early is not None and len(early) < MAX_EARLY:
                early.append((device, noted))
            return
        report = verdict(noted.kind, noted.details, execution.verification)
        if report is not None:
            with contextlib.suppress(ExecutionNotFound):  # its device was deleted in the meantime
                await self._queue.report(
                    device, execution.id, report.reason, arrived=report.arrived, acknowledged=report.acknowledged
                )

    async def _count(self, device: Actor, connection_id: ConnectionId, name: str) -> ExecutionId | None:
        """Assign the first frame that ChirpStack 3 reports to the oldest downlink at its broker, as the report has no id."""
        async with self._database.transaction(device.org_id) as tx:
            note = await tx.downlinks.first_uncounted(device.device_id, connection_id)
            if note is None:
                return None
            await tx.downlinks.put(msgspec.structs.replace(note, name=name))
            return note.execution_id


def _obstacle(transport: Transport, found: _Delivery) -> Obstacle | None:
    """What the lack of a destination means for a command. Over `any`, the device may still connect or poll."""
    only_lorawan = transport is Transport.LORAWAN
    match found:
        case Undeliverable(reason=reason):
            return Obstacle(reason=reason, final=True)
        case NotConnected(reason=reason) if reason in (_NO_ROUTE, _DEVICE_PAUSED):
            return Obstacle(reason=reason, final=False) if only_lorawan else None
        case NotConnected(reason=reason):
            return Obstacle(reason=reason, final=only_lorawan and reason != _PAUSED)
    return None


def _request_of(destination: _Destination, execution: Execution, downlink: Downlink) -> OutgoingDownlink:
    correlation = f"{CORRELATION}{encode(Prefix.EXECUTION, execution.id)}"
    return OutgoingDownlink(
        org_id=execution.org_id,
        project_id=destination.project_id,
        correlation=correlation,
        item_id=item_id_of(correlation),
        eui=destination.eui,
        device_name=destination.route.device_name,
        application_id=destination.route.application_id,
        f_port=downlink.f_port,
        payload=downlink.payload,
        confirmed=is_confirmed(execution.verification),
        expires_us=execution.expires_us,
    )


def _settings_of(connection: Connection, settings: Settings) -> DownlinkSettings | None:
    """The downlink settings of a connection; if they refer to ChirpStack's own broker, those of its command topic."""
    if isinstance(settings, MqttSettings):
        if settings.command_payload != "chirpstack":
            return None
        topic = settings.command_topic or CHIRPSTACK_COMMAND_TOPIC
        return ChirpStackMqtt(connection_id=encode(Prefix.CONNECTION, connection.id), topic=topic)
    downlink: DownlinkSettings | None = getattr(settings, "downlink", None)
    return downlink


def _eui(device: Device) -> str | None:
    return next((one.value for one in device.identifiers if one.kind is IdentifierKind.EUI), None)
