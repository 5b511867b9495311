"""The nouns of a server, in the order of the API reference. To add a noun, add a line here."""

from __future__ import annotations

from penstock.adapters.storage.data_dir import DataDir
from penstock.api.system.access import OperatorGate
from penstock.bootstrap.agents import agents_part
from penstock.bootstrap.audit import audit_part
from penstock.bootstrap.devices import devices_part
from penstock.bootstrap.dialect_endpoints import dialects_part
from penstock.bootstrap.event_types import event_types_part
from penstock.bootstrap.expressions import expressions_part
from penstock.bootstrap.licenses import licenses_part
from penstock.bootstrap.mqtt import mqtt_part
from penstock.bootstrap.part import Part
from penstock.bootstrap.parts import Parts
from penstock.bootstrap.preferences import preferences_part
from penstock.bootstrap.profiles import profiles_part
from penstock.bootstrap.search import search_part
from penstock.bootstrap.secrets import secrets_part
from penstock.bootstrap.services import Services
from penstock.bootstrap.signup import signup_part
from penstock.bootstrap.streams import streams_part
from penstock.bootstrap.subscriptions import subscriptions_part
from penstock.bootstrap.system import operator_part, system_part
from penstock.bootstrap.tenancy import tenancy_part
from penstock.bootstrap.uplinks import uplinks_part
from penstock.bootstrap.usage import usage_part
from penstock.core.invoices.mailing import KIND
from penstock.settings import Settings


def build_nouns(services: Services, parts: Parts, data_dir: DataDir, settings: Settings, operators: OperatorGate) -> list[Part]:
    """The parts of all nouns. The followers of an event are called in this order."""
    nouns = [
        devices_part(services, settings),
        parts.telemetry.part,
        tenancy_part(services, parts.tenancy, parts.keys),
        signup_part(services, settings, parts.tenancy, parts.setup),
        subscriptions_part(parts.subscriptions, settings),
        services.people.part(services.database, services.plans, services.clock, services.settled, {KIND: parts.documents.mailer}),
        preferences_part(services),
        search_part(services, parts.tokens),
        audit_part(services, settings, parts.audit),
        usage_part(services, settings, parts.usage),
        licenses_part(parts.licenses),
        event_types_part(parts.event_types),
        parts.commands.part,
        agents_part(settings, parts.pairing, parts.agents),
        mqtt_part(services, settings, parts.mqtt),
        secrets_part(parts.secrets),
        parts.connections.part,
        profiles_part(parts.profiles),
        parts.codecs.part,
        parts.redecodes.part,
        parts.alerts.part,
        parts.dashboards,
        parts.notifications.part,
        parts.inboxes.part,
        parts.inbox_mail.part,
        parts.webhooks.part,
        parts.tokens.part,
        parts.vault.part,
        parts.rules.part,
        expressions_part(services),
        parts.brokers.part,
        parts.downlinks.part,
        uplinks_part(parts.uplinks),
        parts.customers.part(services, parts.uplinks),
        parts.billing.part,
        parts.documents.part,
        parts.meters.part(services),
        parts.meter_alarms.part,
        parts.invoices.part,
        parts.imports.part,
        parts.grants.part,
        parts.sms.part,
        streams_part(services, settings, parts.inboxes),
        dialects_part(services, parts, settings),
    ]
    return [
        *nouns,
        operator_part(services, data_dir, settings, nouns),
        system_part(services.followers, settings, nouns, operators),
    ]
