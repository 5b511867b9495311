"""Builds the parts of a server that use the shared services: commands, alerts, MQTT, agents, connections and more."""

from __future__ import annotations

import msgspec

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap.agents import build_agents, build_pairing
from penstock.bootstrap.alerts import Alerts, build_alerts
from penstock.bootstrap.brokers import Brokers, build_brokers
from penstock.bootstrap.codecs import CodecParts, build_codecs
from penstock.bootstrap.commands import Commands, build_commands
from penstock.bootstrap.connections import Connections, build_connections
from penstock.bootstrap.downlinks import Downlinks, build_downlinks
from penstock.bootstrap.meters import Meters, build_meters
from penstock.bootstrap.mqtt import build_mqtt
from penstock.bootstrap.notifications import Notifications, build_notifications
from penstock.bootstrap.outbound import Outbound, build_outbound
from penstock.bootstrap.rules import Rules, build_rules
from penstock.bootstrap.services import Services
from penstock.bootstrap.webhooks import Webhooks, build_webhooks
from penstock.core.agents.service import AgentService
from penstock.ingress.agents.server import AgentServer
from penstock.ingress.mqtt.server import MqttServer
from penstock.settings import Settings


class Parts(msgspec.Struct, kw_only=True):
    """The parts of a server from which the workers and the HTTP application are built."""

    outbound: Outbound
    commands: Commands
    notifications: Notifications
    alerts: Alerts
    mqtt: MqttServer
    pairing: AgentService
    agents: AgentServer
    codecs: CodecParts
    meters: Meters
    connections: Connections
    webhooks: Webhooks
    rules: Rules
    brokers: Brokers
    downlinks: Downlinks


def build_parts(services: Services, data_dir: DataDir, settings: Settings) -> Parts:
    """Build the parts, each after those it uses. Nothing is listening yet."""
    outbound = build_outbound(settings)
    commands = build_commands(services, settings)
    notifications = build_notifications(services, settings, outbound)
    pairing = build_pairing(services, data_dir, settings)
    codecs = build_codecs(services, settings)
    meters = build_meters(services, settings, codecs)
    webhooks = build_webhooks(services, settings, outbound)
    connections = build_connections(services, data_dir, settings, meters.uplinks)
    brokers = build_brokers(services, settings, connections, outbound, commands)
    return Parts(
        outbound=outbound,
        commands=commands,
        notifications=notifications,
        alerts=build_alerts(services, settings, commands, notifications),
        mqtt=build_mqtt(services, settings, commands),
        pairing=pairing,
        agents=build_agents(services, settings, pairing, commands),
        codecs=codecs,
        meters=meters,
        connections=connections,
        brokers=brokers,
        webhooks=webhooks,
        rules=build_rules(services, data_dir, settings, commands, outbound, notifications),
        downlinks=build_downlinks(services, settings, commands, connections, codecs, outbound, brokers),
    )
