"""Commands to devices at external brokers: published to the command topic of the connection through which a device reports.

Theory of operation. Before an execution is published, `Execution.leaving` is written, and no one else dispatches or cancels it
in the meantime. It counts as sent when the broker has confirmed it, and not before. An execution that certainly did not reach
the broker waits again unchanged, while its connection, or a device without subscribers, is paused. If a confirmation can no
longer arrive, or the server was killed before it did, the outcome is unknown: the execution then counts as sent with a reason,
and is published again only if it is repeatable. A broker reports nothing about devices, so its confirmation is the last
information, unless the device itself acknowledges on another topic.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Protocol

import msgspec
import structlog

from penstock.core.actor import Actor, ActorKind
from penstock.core.commands.errors import ExecutionNotFound
from penstock.core.commands.models import Execution, Transport
from penstock.core.commands.ports import Obstacle
from penstock.core.commands.queue import CommandQueue
from penstock.core.commands.store import HasSystemExecutions
from penstock.core.connections.activity import ConnectionActivity
from penstock.core.connections.errors import ConnectionNotFound
from penstock.core.connections.models import Connection, ConnectionRef, ConnectionStatus, Route
from penstock.core.connections.publishing import publication_of
from penstock.core.connections.settings import MqttSettings
from penstock.core.connections.store import HasConnections
from penstock.core.database import Database
from penstock.core.devices.models import Device, DeviceStatus, IdentifierKind
from penstock.core.devices.store import HasDevices
from penstock.core.downlinks.ports import (
    Accepted,
    BrokerPublisher,
    NoSubscriber,
    NotAccepted,
    Outcome,
    Refused,
    SettingsOpener,
    Unconfirmed,
)
from penstock.core.downlinks.reach import DownlinkRouting
from penstock.core.vault.errors import SecretsUnreadable
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, ExecutionId, OrgId, Prefix, encode
from penstock.workers.lanes import DeviceLanes

CONFIRMED = "the broker has it"
_TRANSPORT = Transport.MQTT
_NAMED_BY = (IdentifierKind.EXTERNAL, IdentifierKind.SERIAL, IdentifierKind.MAC, IdentifierKind.EUI)
"""The kinds of identifiers used for a device that has not reported its name."""
_log = structlog.get_logger()


class BrokerTransaction(HasConnections, HasDevices, Protocol):
    """The stores that determine a command's topic."""


class _Destination(msgspec.Struct, frozen=True):
    connection: Connection
    settings: MqttSettings
    device: Device
    route: Route


class BrokerCommands:
    """The worker."""

    def __init__(
        self,
        *,
        database: Database[BrokerTransaction, HasSystemExecutions],
        reach: DownlinkRouting,
        opener: SettingsOpener,
        publisher: BrokerPublisher,
        activity: ConnectionActivity,
        queue: CommandQueue,
        own_endpoint: Callable[[], Obstacle | None] = lambda: None,
    ) -> None:
        self._own_endpoint = own_endpoint
        self._database = database
        self._reach = reach
        self._opener = opener
        self._publisher = publisher
        self._activity = activity
        self._queue = queue
        self._lanes = DeviceLanes(self._serve)
        self._open: dict[DeviceId, tuple[Execution, Outcome]] = {}
        """Unsettled executions by device, with the outcome if it could not be stored."""
        self.run = self._lanes.run

    def wake(self, device_id: DeviceId) -> None:
        """Wake the device's lane: a command may be waiting for it."""
        connection_id = self._reach.connection_of(device_id)
        # An unsettled execution is settled even while its broker is not connected.
        if device_id in self._open or (connection_id is not None and self._publisher.is_connected(connection_id)):
            self._lanes.wake(device_id)

    async def find_obstacle(self, execution: Execution) -> Obstacle | None:
        """What is missing at the connection of a device that reports through a broker.

        The device may have an account at Penstock's own endpoint too, so most of it is a reason to wait.
        """
        if execution.transport not in (Transport.ANY, Transport.MQTT):
            return None
        async with self._database.snapshot(execution.org_id) as tx:
            found = await tx.devices.find(execution.device_id)
            route = await tx.connections.find_route(execution.device_id) or self._activity.route_of(execution.device_id)
        opened = None if route is None else await self._open_broker(execution.org_id, route)
        if found is None or route is None or opened is None:
            return self._own_endpoint() if execution.transport is Transport.MQTT else None
        connection, settings = opened
        waits = _waits(connection, settings, found)
        if waits is not None:
            return Obstacle(reason=f"the connection {connection.name} {waits}", final=False)
        try:
            publication_of(settings, execution, _name_of(_Destination(connection, settings, found, route)), route.application_id)
        except InvalidInput as error:
            return Obstacle(reason=error.detail, final=True)
        return None

    async def _open_broker(self, org_id: OrgId, route: Route) -> tuple[Connection, MqttSettings] | None:
        """The connection to a broker through which a device reports."""
        try:
            connection, settings = await self._opener.open_settings(org_id, route.connection_id)
        except (ConnectionNotFound, SecretsUnreadable):
            return None
        return (connection, settings) if isinstance(settings, MqttSettings) and settings.command_payload != "chirpstack" else None

    async def doubt(self, device: Actor, execution_id: ExecutionId) -> None:
        """Settle an execution that was being published when the server stopped."""
        reason = "the server stopped before the broker confirmed the message; the outcome is unknown"
        await self._queue.mark_leaving_unconfirmed(device, execution_id, _TRANSPORT, reason)

    async def _serve(self, device_id: DeviceId) -> None:
        async with self._database.system_snapshot() as tx:
            org_id = await tx.executions.organization_of(device_id)
        if org_id is None:
            self._open.pop(device_id, None)
            return
        device = Actor(org_id=org_id, kind=ActorKind.DEVICE, id=device_id)
        if device_id in self._open:
            await self._settle(device)
        while await self._publish_next(device):
            pass

    async def _publish_next(self, device: Actor) -> bool:
        """Publish the first command in a device's queue. Returns whether there may be more."""
        destination = await self._find_destination(device)
        if destination is None:
            return False
        execution = await self._queue.begin(device, _TRANSPORT)
        if execution is None:
            return False
        # If this task is cancelled while it publishes, the next one finds the execution here and settles it.
        self._open[device.device_id] = (
            execution,
            Unconfirmed("the server was interrupted before the broker confirmed the message"),
        )
        outcome = await self._publish(destination, execution)
        # Until it is stored: if the database fails now, the outcome must not be lost, nor the message be published again.
        self._open[device.device_id] = execution, outcome
        await self._settle(device)
        self._note(destination.connection, device.device_id, outcome)
        # After any other outcome the connection or the device is paused, or the outcome is unknown.
        return isinstance(outcome, Accepted | Refused)

    async def _find_destination(self, device: Actor) -> _Destination | None:
        """The route to the device's broker; it may have changed since it was looked up."""
        async with self._database.snapshot(device.org_id) as tx:
            found = await tx.devices.find(device.device_id)
            route = await tx.connections.find_route(device.device_id)
        self._reach.reload(device.device_id)
        if found is None or route is None or found.status is not DeviceStatus.ACTIVE:
            return None
        try:
            connection, settings = await self._opener.open_settings(device.org_id, route.connection_id)
        except (ConnectionNotFound, SecretsUnreadable):
            return None
        # Commands for the devices of a ChirpStack are downlinks, which `downlinks.py` delivers.
        if not isinstance(settings, MqttSettings) or settings.command_topic is None or settings.command_payload == "chirpstack":
            return None
        if connection.status is not ConnectionStatus.ACTIVE or connection.project_id not in (None, found.project_id):
            return None
        self._reach.update(device.device_id, connection.id)
        return _Destination(connection, settings, found, route) if self._publisher.is_connected(connection.id) else None

    async def _publish(self, destination: _Destination, execution: Execution) -> Outcome:
        try:
            message = publication_of(destination.settings, execution, _name_of(destination), destination.route.application_id)
        except InvalidInput as error:
            return Refused(error.detail)
        return await self._publisher.publish(destination.connection.id, message)

    async def _settle(self, device: Actor) -> None:
        """Store the outcome of the unsettled execution."""
        execution, outcome = self._open[device.device_id]
        with contextlib.suppress(ExecutionNotFound):  # its device was deleted in the meantime
            match outcome:
                case Accepted():
                    await self._queue.mark_dispatched(device, execution.id, _TRANSPORT, CONFIRMED)
                case Refused(reason=reason):
                    await self._queue.refuse_leaving(device, execution.id, reason)
                case NotAccepted(reason=reason) | NoSubscriber(reason=reason):
                    await self._queue.put_back(device, execution.id, reason)
                case Unconfirmed(reason=reason):
                    await self._queue.mark_leaving_unconfirmed(
                        device, execution.id, _TRANSPORT, f"{reason}; the outcome is unknown"
                    )
        del self._open[device.device_id]

    def _note(self, connection: Connection, device_id: DeviceId, outcome: Outcome) -> None:
        """Pause the connection or the device if necessary, and record the error on the connection."""
        if isinstance(outcome, Accepted):
            self._reach.mark_working(connection.id)
            self._reach.mark_working(device_id)
            return
        if isinstance(outcome, NoSubscriber):
            self._reach.mark_failed(device_id)
        # A refusal concerns this command alone: the connection still works for others.
        elif not isinstance(outcome, Refused):
            self._reach.mark_failed(connection.id)
        ref = ConnectionRef(connection.id, connection.org_id, connection.project_id, connection.type, connection.status)
        self._activity.record_error(ref, f"command: {outcome.reason}")
        _log.info("command_not_published", device=encode(Prefix.DEVICE, device_id), reason=outcome.reason)


def _waits(connection: Connection, settings: MqttSettings, device: Device) -> str | None:
    """What a connection lacks, so that nothing is published for a device."""
    if settings.command_topic is None:
        return "has no command_topic"
    if connection.status is not ConnectionStatus.ACTIVE:
        return "is paused"
    return None if connection.project_id in (None, device.project_id) else "does not reach the device's project"


def _name_of(destination: _Destination) -> str | None:
    """A device's name at its broker: the name it last reported, else an identifier."""
    if destination.route.device_name is not None:
        return destination.route.device_name
    by_kind = {one.kind: one.value for one in destination.device.identifiers}
    return next((by_kind[kind] for kind in _NAMED_BY if kind in by_kind), None)
