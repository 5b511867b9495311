"""Connections to other brokers, put together: the guarded way out, the way into the log, and the loop that keeps the links."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from penstock.bootstrap.connections import Connections
from penstock.bootstrap.outbound import Outbound
from penstock.bootstrap.services import Services
from penstock.ingress.lorawan.protocol import read_message_of
from penstock.ingress.mqtt.client.clients import MqttClients
from penstock.ingress.mqtt.client.devices import NamedDevices
from penstock.ingress.mqtt.client.intake import MessageIntake
from penstock.ingress.mqtt.client.link import LinkParts
from penstock.settings import Settings


class Brokers(msgspec.Struct, kw_only=True):
    """The clients of other brokers, if the server is to have any."""

    clients: MqttClients
    enabled: bool

    @property
    def loops(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What the supervisor runs, by name."""
        return {"mqtt_clients": self.clients.run} if self.enabled else {}


def build_brokers(services: Services, settings: Settings, connections: Connections, outbound: Outbound) -> Brokers:
    """The clients over the services, not yet connected."""
    intake = MessageIntake(
        telemetry=services.telemetry,
        lane=services.lane,
        devices=NamedDevices(services.directory),
        faults=services.faults,
        network=connections.intake,
        activity=connections.activity,
        read=read_message_of,
    )
    parts = LinkParts(
        config=settings.brokers,
        streams=outbound.streams,
        intake=intake,
        links=connections.links,
        activity=connections.activity,
        clock=services.clock,
    )
    clients = MqttClients(
        parts=parts,
        database=services.database,
        service=connections.service,
        directory=connections.directory,
        gate=services.gate,
    )
    return Brokers(clients=clients, enabled=settings.brokers.enabled)
