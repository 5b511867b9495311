"""The HTTP application: every surface, the hot paths in front, and the metrics."""

from __future__ import annotations

from typing import Any

from prometheus_client import CollectorRegistry

from penstock import __version__
from penstock.api.live.admission import StreamAdmission
from penstock.api.live.streams import Streams, TicketEndpoints
from penstock.api.live.tickets import Tickets
from penstock.api.shared.admission import Admission
from penstock.api.shared.application import Application
from penstock.api.shared.cors import Cors
from penstock.api.shared.door import Door
from penstock.api.shared.openapi import openapi_document
from penstock.api.system.docs import DocsEndpoints
from penstock.api.system.health import HealthEndpoints
from penstock.api.system.jwks import JwksEndpoints
from penstock.api.system.metrics import Figure, build_registry
from penstock.api.v2.agents.routes import AgentEndpoints
from penstock.api.v2.alerts.event_routes import AlertEventEndpoints
from penstock.api.v2.alerts.routes import AlertEndpoints
from penstock.api.v2.audit.routes import AuditEndpoints
from penstock.api.v2.billing.routes import BillingEndpoints
from penstock.api.v2.codecs.routes import CodecEndpoints
from penstock.api.v2.commands.execution_routes import ExecutionEndpoints
from penstock.api.v2.commands.routes import CommandEndpoints
from penstock.api.v2.connections.routes import ConnectionEndpoints
from penstock.api.v2.customers.placement_routes import PlacementEndpoints
from penstock.api.v2.customers.resident_routes import ResidentEndpoints
from penstock.api.v2.customers.routes import CustomerEndpoints
from penstock.api.v2.devices.connectivity_routes import ConnectivityEndpoints
from penstock.api.v2.devices.event_routes import DeviceEventEndpoints
from penstock.api.v2.devices.routes import DeviceEndpoints
from penstock.api.v2.devices.sensor_routes import SensorEndpoints
from penstock.api.v2.event_types.routes import EventTypeEndpoints
from penstock.api.v2.keys.routes import KeyEndpoints
from penstock.api.v2.licenses.routes import LicenseEndpoints
from penstock.api.v2.meters.routes import MeterEndpoints
from penstock.api.v2.notifications.channel_routes import ChannelEndpoints
from penstock.api.v2.notifications.quiet_hours_routes import QuietHoursEndpoints
from penstock.api.v2.organization.routes import OrganizationEndpoints
from penstock.api.v2.people.group_routes import GroupEndpoints
from penstock.api.v2.people.invitation_routes import InvitationEndpoints
from penstock.api.v2.people.member_routes import MemberEndpoints
from penstock.api.v2.people.profile_routes import ProfileEndpoints
from penstock.api.v2.people.sign_in_routes import SignInEndpoints
from penstock.api.v2.profiles.routes import DeviceProfileEndpoints
from penstock.api.v2.rules.routes import RuleEndpoints, VersionEndpoints
from penstock.api.v2.rules.run_routes import HookEndpoints, RehearsalEndpoints, RunEndpoints
from penstock.api.v2.signup.routes import SignupEndpoints
from penstock.api.v2.telemetry.routes import TelemetryEndpoints
from penstock.api.v2.usage.routes import UsageEndpoints
from penstock.api.v2.webhooks.message_routes import WebhookMessageEndpoints
from penstock.api.v2.webhooks.routes import WebhookEndpoints
from penstock.bootstrap.dialect_endpoints import dialect_endpoints
from penstock.bootstrap.dialects import SURFACES
from penstock.bootstrap.meters import Meters
from penstock.bootstrap.parts import Parts
from penstock.bootstrap.rules import Rules
from penstock.bootstrap.services import Services
from penstock.bootstrap.workers import Workers
from penstock.ingress.agents.server import PATH as AGENT_PATH
from penstock.ingress.http.admission import Admission as IngressAdmission
from penstock.ingress.http.commands import DeviceCommands
from penstock.ingress.http.connections import ConnectionIngest
from penstock.ingress.http.routes import App, HotRoutes
from penstock.ingress.http.siliconwit import SiliconWitIngest
from penstock.ingress.http.telemetry import TelemetryIngest
from penstock.ingress.lorawan.protocol import read_message_of
from penstock.ingress.mqtt.websocket import PATH, MqttOverWebSocket
from penstock.kit.client import ClientAddress
from penstock.kit.http import BodyBudget
from penstock.kit.operation import Bound, operations_of
from penstock.settings import Settings

API_PREFIXES = tuple(rule.path_prefix for rule in SURFACES if rule.surface != "system")


def build_http(services: Services, parts: Parts, workers: Workers, settings: Settings) -> tuple[HotRoutes | Cors, list[Bound]]:
    """The application and the table of its operations."""
    budget = BodyBudget(settings.http.max_bodies_bytes)
    bound = _endpoints(services, parts, settings, _registry(services, parts, workers))
    bound += _of_parts(parts, services)
    bound += [one for endpoints in dialect_endpoints(services, parts, settings) for one in operations_of(endpoints)]
    clients = ClientAddress(settings.http.trusted_proxies)
    admission = IngressAdmission(services.gate, clients, services.limits, services.calls, services.directory)
    siliconwit = SiliconWitIngest(services.telemetry, admission, services.lane, budget)
    telemetry = TelemetryIngest(services.telemetry, admission, services.lane, budget)
    tickets = Tickets(services.clock, settings.streams.ticket_s)
    bound += operations_of(TicketEndpoints(tickets))
    cors = settings.http.cors
    streams = Streams(services.hub, StreamAdmission(services.gate, clients, services.limits, tickets, cors.origins))
    raw = [*operations_of(siliconwit), *operations_of(telemetry), *operations_of(streams)]
    connections = _connection_ingest(services, parts, admission, budget)
    raw += operations_of(connections)
    raw += operations_of(DeviceCommands(parts.commands.queue, admission, budget))
    described: list[Bound] = []
    bound += operations_of(DocsEndpoints(lambda: _openapi(described)))
    described += [*bound, *raw]
    door = Door(Admission(services.gate, clients, services.limits, services.directory), SURFACES, budget, services.calls)
    sockets = _sockets(parts, clients, settings)
    app = HotRoutes(Application(door, bound, raw), siliconwit, telemetry, connections, sockets)
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
    known = {rule.surface for rule in SURFACES}  # a device's call may belong to a dialect that was deleted
    operations = [bound.operation for bound in described if bound.operation.surface in known]
    return openapi_document(operations, version=__version__, server="/", rules=SURFACES)


def _endpoints(services: Services, parts: Parts, settings: Settings, registry: CollectorRegistry) -> list[Bound]:
    log, people = services.log, services.people
    endpoints = (
        DeviceEndpoints(services.devices, services.latest, services.clock),
        SensorEndpoints(services.sensors),
        ConnectivityEndpoints(services.connectivity_history),
        TelemetryEndpoints(services.telemetry, services.sensors, services.clock),
        OrganizationEndpoints(services.tenancy, services.plans),
        KeyEndpoints(services.keys, services.clock),
        SignInEndpoints(people.sign_in, people.sessions, people.passwords, people.invitations),
        ProfileEndpoints(people.profile, people.passwords, people.second_factor, people.sessions),
        MemberEndpoints(people.members, people.sessions, services.plans),
        GroupEndpoints(people.groups),
        InvitationEndpoints(people.invitations, services.clock),
        JwksEndpoints(people.signing_keys),
        AuditEndpoints(services.audit),
        UsageEndpoints(services.usage, services.limits, services.monthly, services.plans, services.clock),
        LicenseEndpoints(services.licenses),
        EventTypeEndpoints(services.event_types),
        HealthEndpoints(
            __version__,
            settings.log.dangerous_durability,
            {"reading_log": lambda: "the disk failed; restart the server" if log.failed else None},
            registry,
        ),
    )
    visitors = () if services.signup is None else (SignupEndpoints(services.signup),)
    return [bound for one in (*endpoints, *visitors) for bound in operations_of(one)]


def _of_parts(parts: Parts, services: Services) -> list[Bound]:
    """Commands, agents, connections, alerts and webhooks."""
    commands = parts.commands
    endpoints = (
        CommandEndpoints(commands.definitions, commands.executions),
        ExecutionEndpoints(commands.executions),
        AgentEndpoints(parts.pairing),
        ConnectionEndpoints(parts.connections.service, parts.connections.links),
        DeviceEventEndpoints(parts.connections.events),
        DeviceProfileEndpoints(parts.codecs.profiles),
        CodecEndpoints(parts.codecs.versions, parts.codecs.codecs),
        AlertEndpoints(parts.alerts.definitions, parts.alerts.occurrences),
        AlertEventEndpoints(parts.alerts.occurrences),
        ChannelEndpoints(parts.notifications.channels),
        QuietHoursEndpoints(parts.notifications.quiet_hours),
        WebhookEndpoints(parts.webhooks.endpoints, parts.webhooks.messages),
        WebhookMessageEndpoints(parts.webhooks.messages),
        *_of_rules(parts.rules),
    )
    return [bound for one in endpoints for bound in operations_of(one)] + _of_meters(parts.meters, services)


def _of_rules(rules: Rules) -> tuple[object, ...]:
    """Rules, what they did and would have done, and their hooks."""
    return (
        RuleEndpoints(rules.rules, rules.versions),
        VersionEndpoints(rules.versions),
        RunEndpoints(rules.runs),
        RehearsalEndpoints(rules.rehearsals),
        HookEndpoints(rules.versions),
    )


def _of_meters(meters: Meters, services: Services) -> list[Bound]:
    """Meters, their customers, and the bill."""
    endpoints = (
        CustomerEndpoints(meters.customers, meters.placements, meters.uplinks),
        PlacementEndpoints(meters.placements),
        BillingEndpoints(meters.billing),
        MeterEndpoints(meters.meters, services.clock),
        ResidentEndpoints(meters.customers, services.people.invitations, meters.residence, services.clock),
    )
    return [bound for one in endpoints for bound in operations_of(one)]


def _registry(services: Services, parts: Parts, workers: Workers) -> CollectorRegistry:
    log, files, observer = services.log, services.files, workers.observer
    dispatcher, mqtt, agents, sandbox = parts.commands.dispatcher, parts.mqtt, parts.agents, parts.codecs.pool
    alerts = parts.alerts.worker
    delivery, sources = parts.webhooks.delivery, parts.webhooks.sources
    return build_registry(
        [
            Figure("log_commits", "Commits of the reading log.", lambda: log.commits, counts=True),
            Figure("log_readings", "Readings in the log since it began.", lambda: log.last_seq, counts=True),
            Figure("log_refused", "Appends refused because the queue was full.", lambda: log.refused, counts=True),
            Figure("log_queued_readings", "Readings waiting for the disk.", lambda: log.queued_readings),
            Figure("log_failed", "1 when the disk failed and the log accepts nothing.", lambda: log.failed),
            Figure("log_segments", "Segment files.", lambda: len(files.all())),
            Figure("stream_readers", "Live streams that are open.", lambda: services.hub.readers),
            Figure("commands_handed_over", "Commands that left by a connection.", lambda: dispatcher.handed_over, counts=True),
            Figure("commands_backlog_devices", "Devices whose commands wait for a lane.", lambda: dispatcher.backlog),
            Figure("mqtt_connections", "MQTT connections that are open.", lambda: mqtt.connections),
            Figure("mqtt_messages", "MQTT messages taken in.", lambda: mqtt.messages, counts=True),
            Figure("agent_connections", "Agents that are connected.", lambda: agents.connections),
            Figure("codec_calls", "Calls of codecs that ended.", lambda: sandbox.calls, counts=True),
            Figure("codec_overruns", "Calls of codecs that took too long or too much.", lambda: sandbox.overruns, counts=True),
            Figure("codec_waiting", "Calls of codecs that wait.", lambda: sandbox.waiting),
            Figure("alerts_lag_readings", "Readings not yet looked at for alerts.", lambda: alerts.lag),
            Figure("webhooks_delivered", "Webhook messages delivered.", lambda: delivery.delivered, counts=True),
            Figure("webhooks_failed", "Attempts to deliver a webhook message that failed.", lambda: delivery.failed, counts=True),
            Figure("webhooks_lanes", "Webhook endpoints with messages to send.", lambda: delivery.lanes),
            Figure("webhooks_lag_readings", "Readings not yet looked at for webhooks.", lambda: sources.lag),
            Figure("rules_lag_readings", "Readings that rules have not looked at yet.", lambda: parts.rules.worker.lag),
            Figure("rule_runs", "Runs of rules that ended.", lambda: parts.rules.runner.done, counts=True),
            Figure("observer_lag_readings", "Readings not yet looked at for sensors and usage.", lambda: observer.lag),
        ]
    )
