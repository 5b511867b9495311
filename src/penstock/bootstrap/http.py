"""The HTTP application: every noun's operations, the hot paths in front, and the metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from penstock import __version__
from penstock.api.live.admission import StreamAdmission
from penstock.api.live.streams import Streams
from penstock.api.live.tickets import Tickets
from penstock.api.shared.admission import Admission
from penstock.api.shared.application import Application
from penstock.api.shared.cors import Cors
from penstock.api.shared.executor import Executor
from penstock.api.system.docs import DocsEndpoints
from penstock.api.system.health import HealthEndpoints
from penstock.api.system.metrics import Metrics
from penstock.bootstrap.dialect_endpoints import dialect_device_calls
from penstock.bootstrap.dialects import CHOICES, SURFACES
from penstock.bootstrap.part import Part
from penstock.bootstrap.parts import Parts
from penstock.bootstrap.services import Services
from penstock.ingress.agents.server import PATH as AGENT_PATH
from penstock.ingress.http.admission import Admission as IngressAdmission
from penstock.ingress.http.commands import DeviceCommands
from penstock.ingress.http.connections import ConnectionIngest
from penstock.ingress.http.intake import HttpIntake
from penstock.ingress.http.routes import App, HotRoutes
from penstock.ingress.http.telemetry import TelemetryIngest
from penstock.ingress.lorawan.protocol import read_message_of
from penstock.ingress.mqtt.websocket import PATH, MqttOverWebSocket
from penstock.kit.client import ClientAddress
from penstock.kit.http import BodyBudget
from penstock.kit.operation import Bound, operations_of
from penstock.settings import Settings

API_PREFIXES = tuple(rule.path_prefix for rule in SURFACES if rule.surface != "system")


def build_http(
    services: Services, parts: Parts, nouns: Sequence[Part], settings: Settings, tickets: Tickets
) -> tuple[HotRoutes | Cors, list[Bound]]:
    """The application and the table of its operations."""
    budget = BodyBudget(settings.http.max_bodies_bytes)
    clients = ClientAddress(settings.http.trusted_proxies)
    bound = [one for noun in nouns for endpoints in noun.endpoints for one in operations_of(endpoints)]
    admission = IngressAdmission(services.gate, clients, services.limits, services.calls, services.directory)
    intake = HttpIntake(services.telemetry, admission, services.lane)
    of_dialects = [call for one in dialect_device_calls(intake, budget) for call in operations_of(one)]
    telemetry = TelemetryIngest(services.telemetry, admission, services.lane, budget)
    connections = _connection_ingest(services, parts, admission, budget)
    cors = settings.http.cors
    streams = Streams(services.hub, StreamAdmission(services.gate, clients, services.limits, tickets, cors.origins))
    commands = DeviceCommands(parts.commands.queue, admission, budget)
    raw = of_dialects + [one for ours in (telemetry, streams, connections, commands) for one in operations_of(ours)]
    described: list[Bound] = []
    bound += operations_of(_health(services, nouns, settings))
    bound += operations_of(DocsEndpoints(lambda: _openapi(described)))
    described += [*bound, *raw]
    executor = Executor(Admission(services.gate, clients, services.limits, services.directory), SURFACES, budget, services.calls)
    exact = {one.operation.path: one.handle for one in of_dialects}
    app = HotRoutes(
        Application(executor, bound, raw), telemetry, connections, device_calls=exact, sockets=_sockets(parts, clients, settings)
    )
    return (Cors(app, cors, API_PREFIXES) if cors.origins else app), described


def _connection_ingest(services: Services, parts: Parts, admission: IngressAdmission, budget: BodyBudget) -> ConnectionIngest:
    connections = parts.connections
    return ConnectionIngest(
        intake=connections.intake,
        directory=connections.directory,
        activity=connections.activity,
        telemetry=services.telemetry,
        admission=admission,
        gate=services.gate,
        budget=budget,
        read=read_message_of,
    )


def _sockets(parts: Parts, clients: ClientAddress, settings: Settings) -> dict[str, App]:
    """WebSockets of devices, by path."""
    sockets: dict[str, App] = {PATH: MqttOverWebSocket(parts.mqtt, clients)} if settings.mqtt.enabled else {}
    return sockets | ({AGENT_PATH: parts.agents} if settings.agents.enabled else {})


def _openapi(described: list[Bound]) -> dict[str, Any]:
    from penstock.api.shared.openapi import openapi_document  # here, because few servers are asked for the document

    operations = [bound.operation for bound in described]
    return openapi_document(operations, version=__version__, server="/", rules=SURFACES, choices=CHOICES)


def _health(services: Services, nouns: Sequence[Part], settings: Settings) -> HealthEndpoints:
    log = services.log
    return HealthEndpoints(
        __version__,
        settings.log.dangerous_durability,
        {"reading_log": lambda: "the disk failed; restart the server" if log.failed else None},
        Metrics(figure for noun in nouns for figure in noun.figures),
    )
