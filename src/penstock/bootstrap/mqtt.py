"""Builds the MQTT endpoint, and listens for MQTT connections."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import AsyncIterator, Set
from contextlib import asynccontextmanager

import structlog

from penstock.adapters.frontdoor.server import CannotListen, listen, url_of
from penstock.api.system.metrics import Figure
from penstock.bootstrap.commands import Commands
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.commands.models import Transport
from penstock.core.commands.ports import Obstacle
from penstock.ingress.mqtt.config import MqttConfig
from penstock.ingress.mqtt.retained import Retained
from penstock.ingress.mqtt.server import MqttServer
from penstock.ingress.mqtt.websocket import PATH, MqttOverWebSocket
from penstock.settings import Settings, SettingsInvalid

REMEDY = "select another address with --mqtt HOST:PORT, or mqtt.host and mqtt.port in the settings"
TLS_REMEDY = "select another port with mqtt.tls_port in the settings"
REQUESTED = frozenset({"mqtt.enabled", "mqtt.host", "mqtt.port", "mqtt.tls_port", "mqtt.tls_certificate"})
"""An operator who sets one of these wants MQTT: without its port, the server does not start."""

_log = structlog.get_logger()


def build_mqtt(services: Services, settings: Settings, commands: Commands) -> MqttServer:
    """Build the endpoint, and register it as a transport for commands. It is not listening yet."""
    server = MqttServer(
        config=settings.mqtt,
        telemetry=services.telemetry,
        lane=services.lane,
        log=services.log,
        directory=services.directory,
        gate=services.gate,
        limits=services.limits,
        dispatch=commands.dispatcher,
        faults=services.faults,
        connectivity=services.connectivity,
        retained=Retained(
            settings.mqtt, services.telemetry, services.devices, commands.queue, last_announced=lambda: services.log.last_seq
        ),
        clock=services.clock,
    )
    services.links.add(server.presence)
    commands.dispatcher.register(Transport.MQTT, server.commands)
    services.on_foreign_change.append(server.organizations_changed)
    return server


def mqtt_part(services: Services, settings: Settings, server: MqttServer) -> Part:
    """WebSocket and figures for MQTT."""
    return Part(
        sockets={PATH: MqttOverWebSocket(server, services.clients)} if settings.mqtt.enabled else {},
        notices={"mqtt": lambda: server.unreachable},
        figures=(
            Figure("mqtt_connections", "MQTT connections that are open.", lambda: server.connections),
            Figure("mqtt_messages", "MQTT messages accepted.", lambda: server.messages, counts=True),
        ),
    )


def obstacle_of(server: MqttServer, config: MqttConfig) -> Obstacle | None:
    """What prevents commands over the endpoint for every device; None if nothing does."""
    if not config.enabled:
        return Obstacle(reason="MQTT is disabled on this server (mqtt.enabled)", final=True)
    if server.unreachable is not None:
        return Obstacle(reason="MQTT has no port on this server, and devices can connect only over WebSocket", final=False)
    return None


@asynccontextmanager
async def listening(server: MqttServer, config: MqttConfig, named: Set[str] = REQUESTED) -> AsyncIterator[list[str]]:
    """Listen at the addresses in the settings, and return them.

    `named` has the settings that the operator set. If these addresses are not among them and the default port is in use, MQTT has
    no port of its own, `server.unreachable` is the reason, and MQTT over WebSocket still works.

    Raises:
        CannotListen: an address is in use, unknown or not allowed.
        SettingsInvalid: the certificate or its key cannot be used.
    """
    if not config.enabled:
        yield []
        return
    plain, secure = _listen(server, config, requested=bool(REQUESTED & named)), []
    try:
        if config.tls_certificate:
            secure = listen(config.host, config.tls_port, TLS_REMEDY)
        try:
            await server.start(plain, secure)
        except (OSError, ssl.SSLError) as error:
            raise SettingsInvalid(source="mqtt.tls_certificate", reason=str(error)) from error
        bound_to = [("mqtt", bound) for bound in plain] + [("mqtts", bound) for bound in secure]
        yield [url_of(bound, scheme) for scheme, bound in bound_to]
    finally:
        # Also after a failed start, which can leave one of the two listeners open.
        await server.stop()
        for bound in [*plain, *secure]:
            bound.close()


def _listen(server: MqttServer, config: MqttConfig, *, requested: bool) -> list[socket.socket]:
    try:
        return listen(config.host, config.port, REMEDY)
    except CannotListen as error:
        if requested or error.errno != errno.EADDRINUSE:
            raise
        server.unreachable = f"MQTT is not available: {error}"
        _log.warning("mqtt_not_listening", address=error.address, reason=error.strerror, remedy=error.remedy)
        return []
