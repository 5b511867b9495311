"""Builds the services for downlinks: a sender per type of network server, and the dispatcher."""

from __future__ import annotations

import msgspec

from penstock.adapters.downlinks.chirpstack import ChirpStackSender
from penstock.adapters.downlinks.chirpstack_mqtt import ChirpStackMqttSender
from penstock.adapters.downlinks.chirpstack_v3 import ChirpStackRestSender
from penstock.adapters.downlinks.things_stack import ThingsStackSender
from penstock.bootstrap.brokers import Brokers
from penstock.bootstrap.codecs import CodecParts
from penstock.bootstrap.commands import Commands
from penstock.bootstrap.connections import Connections
from penstock.bootstrap.outbound import Outbound
from penstock.bootstrap.part import Part
from penstock.bootstrap.reach import build_reach
from penstock.bootstrap.services import Services
from penstock.core.commands.models import Transport
from penstock.core.connections.settings import ChirpStackApi, ChirpStackMqtt, ChirpStackRest, ThingsStackDownlink
from penstock.kit.ids import ConnectionId
from penstock.settings import Settings
from penstock.workers.commands import CommandDispatcher
from penstock.workers.downlink_routes import DownlinkRoutes
from penstock.workers.downlinks import LorawanCommands


class Downlinks(msgspec.Struct, kw_only=True):
    """The services for downlinks. `transport` also processes the reports of network servers."""

    transport: LorawanCommands
    dispatcher: CommandDispatcher
    routes: DownlinkRoutes

    @property
    def part(self) -> Part:
        """Loops and watcher for downlinks."""
        return Part(
            loops={"downlinks": self.dispatcher.run, "downlink_routes": self.routes.run},
            watchers=(self.transport.on_event,),
        )


def build_downlinks(
    services: Services,
    settings: Settings,
    commands: Commands,
    connections: Connections,
    codecs: CodecParts,
    outbound: Outbound,
    brokers: Brokers,
) -> Downlinks:
    """Build the services for downlinks. Their loops are not running yet."""
    reach, asked = build_reach(services, settings, connections)
    transport = LorawanCommands(
        database=services.database,
        reach=reach,
        opener=connections.service,
        encoder=codecs.codecs,
        senders={
            ChirpStackApi: ChirpStackSender(outbound.policy, outbound.resolver, settings.outbound.ca_file),
            ChirpStackRest: ChirpStackRestSender(outbound.http, services.clock),
            ChirpStackMqtt: ChirpStackMqttSender(connections.service, brokers.clients),
            ThingsStackDownlink: ThingsStackSender(outbound.http, services.clock),
        },
        activity=connections.activity,
        queue=commands.queue,
    )
    # A separate dispatcher, so that a slow network server occupies none of the lanes of connected devices.
    dispatcher = CommandDispatcher(services.database, commands.queue)
    dispatcher.register(Transport.LORAWAN, transport)
    commands.on_wake.append(dispatcher.wake)
    commands.finders.append(transport)
    routes = DownlinkRoutes(
        database=services.database,
        reach=reach,
        wake=dispatcher.wake,
        asked=asked,
        interval_s=settings.downlinks.look_interval_s,
        of=lambda tx: tx.downlinks,
        doubt=commands.queue.mark_unconfirmed,
    )

    def broker_connected(connection_id: ConnectionId) -> None:
        transport.broker_connected(connection_id)
        routes.run_soon()

    brokers.on_connected.append(broker_connected)
    return Downlinks(transport=transport, dispatcher=dispatcher, routes=routes)
