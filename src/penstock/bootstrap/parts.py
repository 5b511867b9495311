"""What stands over the services: commands, and the doors of devices that stay connected or report through others."""

from __future__ import annotations

import msgspec

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap.agents import build_agents, build_pairing
from penstock.bootstrap.brokers import Brokers, build_brokers
from penstock.bootstrap.commands import Commands, build_commands
from penstock.bootstrap.connections import Connections, build_connections
from penstock.bootstrap.meters import Meters, build_meters
from penstock.bootstrap.mqtt import build_mqtt
from penstock.bootstrap.services import Services
from penstock.core.agents.service import AgentService
from penstock.ingress.agents.server import AgentServer
from penstock.ingress.mqtt.server import MqttServer
from penstock.settings import Settings


class Parts(msgspec.Struct, kw_only=True):
    """The parts of a server that workers and the HTTP application are built over."""

    commands: Commands
    mqtt: MqttServer
    pairing: AgentService
    agents: AgentServer
    meters: Meters
    connections: Connections
    brokers: Brokers


def build_parts(services: Services, data_dir: DataDir, settings: Settings) -> Parts:
    """The parts over the services, not yet listening."""
    commands = build_commands(services, settings)
    pairing = build_pairing(services, data_dir, settings)
    meters = build_meters(services, settings)
    connections = build_connections(services, data_dir, settings, meters.uplinks)
    return Parts(
        commands=commands,
        mqtt=build_mqtt(services, settings, commands),
        pairing=pairing,
        agents=build_agents(services, settings, pairing, commands),
        meters=meters,
        connections=connections,
        brokers=build_brokers(services, settings, connections),
    )
