"""The nouns of a server, in the order of the API reference. To add a noun, add a line here."""

from __future__ import annotations

from penstock.api.live.tickets import Tickets
from penstock.bootstrap.agents import agents_part
from penstock.bootstrap.audit import audit_part
from penstock.bootstrap.devices import devices_part
from penstock.bootstrap.dialect_endpoints import dialect_endpoints
from penstock.bootstrap.event_types import event_types_part
from penstock.bootstrap.licenses import licenses_part
from penstock.bootstrap.mqtt import mqtt_part
from penstock.bootstrap.part import Part
from penstock.bootstrap.parts import Parts
from penstock.bootstrap.services import Services
from penstock.bootstrap.streams import streams_part
from penstock.bootstrap.telemetry import Telemetry
from penstock.bootstrap.tenancy import tenancy_part
from penstock.bootstrap.usage import usage_part
from penstock.settings import Settings


def build_nouns(services: Services, parts: Parts, settings: Settings, telemetry: Telemetry, tickets: Tickets) -> list[Part]:
    """The parts of all nouns. The followers of an event are called in this order."""

    def forget_credentials() -> None:
        # Another process changed credentials. Which ones is unknown, so everything that was looked up is forgotten.
        services.authenticator.clear()
        services.people.authenticator.clear()
        services.plans.clear()
        parts.mqtt.organizations_changed()
        parts.agents.organizations_changed()
        parts.brokers.clients.organizations_changed()

    return [
        devices_part(services, settings),
        telemetry.part,
        tenancy_part(services, settings, forget_credentials),
        services.people.part(services.database, services.plans, services.clock),
        audit_part(services),
        usage_part(services, settings),
        licenses_part(services),
        event_types_part(services),
        parts.commands.part,
        agents_part(parts.pairing, parts.agents),
        mqtt_part(parts.mqtt),
        parts.connections.part,
        parts.codecs.part,
        parts.alerts.part,
        parts.notifications.part,
        parts.webhooks.part,
        parts.rules.part,
        parts.brokers.part,
        parts.downlinks.part,
        parts.meters.part(services, settings),
        streams_part(services, tickets),
        Part(endpoints=tuple(dialect_endpoints(services, parts, settings))),
    ]
