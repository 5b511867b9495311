"""Builds the clients of external brokers: guarded connections, intake into the log, and publishing of commands."""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec

from penstock.bootstrap.commands import Commands
from penstock.bootstrap.connections import Connections
from penstock.bootstrap.mqtt import obstacle_of
from penstock.bootstrap.outbound import Outbound
from penstock.bootstrap.part import Part
from penstock.bootstrap.reach import build_reach
from penstock.bootstrap.services import Services
from penstock.ingress.lorawan.protocol import read_message_of
from penstock.ingress.mqtt.client.clients import MqttClients
from penstock.ingress.mqtt.client.devices import NamedDevices
from penstock.ingress.mqtt.client.intake import MessageIntake
from penstock.ingress.mqtt.client.link import LinkParts
from penstock.ingress.mqtt.server import MqttServer
from penstock.kit.ids import ConnectionId
from penstock.settings import Settings
from penstock.workers.broker_commands import BrokerCommands
from penstock.workers.downlink_routes import DownlinkRoutes


class Brokers(msgspec.Struct, kw_only=True):
    """The clients of external brokers, and the delivery of commands through them.

    The functions in `on_connected` are called with a connection's id when it can publish.
    """

    clients: MqttClients
    commands: BrokerCommands
    routes: DownlinkRoutes
    on_connected: list[Callable[[ConnectionId], None]]
    enabled: bool

    @property
    def part(self) -> Part:
        """Loops for brokers. Without `enabled` no broker is connected, but commands already published are still settled."""
        kept_up = {"mqtt_clients": self.clients.run} if self.enabled else {}
        return Part(
            loops={**kept_up, "broker_commands": self.commands.run, "broker_routes": self.routes.run},
        )


def build_brokers(
    services: Services, settings: Settings, connections: Connections, outbound: Outbound, commands: Commands, mqtt: MqttServer
) -> Brokers:
    """Build the clients. They are not connected yet."""
    intake = MessageIntake(
        telemetry=services.telemetry,
        lane=services.lane,
        devices=NamedDevices(services.directory),
        faults=services.faults,
        network=connections.intake,
        activity=connections.activity,
        read=read_message_of,
        acknowledge=commands.dispatcher.acknowledge,
    )
    on_connected: list[Callable[[ConnectionId], None]] = []

    def connected(connection_id: ConnectionId) -> None:
        for listener in on_connected:
            listener(connection_id)

    parts = LinkParts(
        config=settings.brokers,
        streams=outbound.streams,
        intake=intake,
        links=connections.links,
        activity=connections.activity,
        clock=services.clock,
        chance=random.random,
        on_connected=connected,
    )
    clients = MqttClients(
        parts=parts,
        database=services.database,
        service=connections.service,
        directory=connections.directory,
        gate=services.gate,
    )
    services.on_foreign_change.append(clients.organizations_changed)
    down, routes = _commands(services, settings, connections, commands, clients, mqtt)
    on_connected.append(lambda _: routes.run_soon())
    return Brokers(clients=clients, commands=down, routes=routes, on_connected=on_connected, enabled=settings.brokers.enabled)


def _commands(
    services: Services, settings: Settings, connections: Connections, commands: Commands, clients: MqttClients, mqtt: MqttServer
) -> tuple[BrokerCommands, DownlinkRoutes]:
    """Build the publisher of commands, and the worker that looks up the connection to each device."""
    reach, asked = build_reach(services, settings, connections)
    down = BrokerCommands(
        database=services.database,
        reach=reach,
        opener=connections.service,
        publisher=clients,
        activity=connections.activity,
        queue=commands.queue,
        own_endpoint=lambda: obstacle_of(mqtt, settings.mqtt),
    )
    commands.on_wake.append(down.wake)
    commands.finders.append(down)
    routes = DownlinkRoutes(
        database=services.database,
        reach=reach,
        wake=down.wake,
        asked=asked,
        interval_s=settings.downlinks.look_interval_s,
        of=lambda tx: tx.broker_commands,
        doubt=down.doubt,
    )
    return down, routes
