"""A connection to a broker."""

from __future__ import annotations

from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.connections.models import (
    ConnectionType,
    CreatedConnection,
    NewConnection,
)
from penstock.core.connections.settings import MqttSettings, Subscription

BROKER = MqttSettings(host="broker", subscriptions=[Subscription(topic="{{deviceId}}")], username="u", password="p-1")


async def broker(server: Server, actor: Actor) -> CreatedConnection:
    wanted = NewConnection(name="broker", type=ConnectionType.MQTT, settings=BROKER)
    return await server.parts.connections.service.create(actor, wanted)
