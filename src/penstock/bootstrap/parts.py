"""Builds the services of each noun from the shared ones: those that its part of a server or another noun needs."""

from __future__ import annotations

import msgspec

from penstock.adapters.documents.typesetting import Typesetter
from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap.agents import build_agents, build_pairing
from penstock.bootstrap.alerts import Alerts, build_alerts
from penstock.bootstrap.billing import Billing, build_billing
from penstock.bootstrap.brokers import Brokers, build_brokers
from penstock.bootstrap.codecs import CodecParts, build_codecs
from penstock.bootstrap.commands import Commands, build_commands
from penstock.bootstrap.connections import Connections, build_connections
from penstock.bootstrap.customers import Customers, build_customers
from penstock.bootstrap.dashboards import build_dashboards
from penstock.bootstrap.documents import Documents, build_documents
from penstock.bootstrap.downlinks import Downlinks, build_downlinks
from penstock.bootstrap.event_types import build_event_types
from penstock.bootstrap.grants import Grants, build_grants
from penstock.bootstrap.imports import Imports, build_imports
from penstock.bootstrap.inbox_mail import InboxMail, build_inbox_mail
from penstock.bootstrap.inboxes import Inboxes, build_inboxes
from penstock.bootstrap.invoices import Invoices, build_invoices
from penstock.bootstrap.licenses import build_licenses
from penstock.bootstrap.meter_alarms import MeterAlarms, build_meter_alarms
from penstock.bootstrap.meters import Meters, build_meters
from penstock.bootstrap.mqtt import build_mqtt
from penstock.bootstrap.notifications import Notifications, build_notifications
from penstock.bootstrap.outbound import Outbound, build_outbound
from penstock.bootstrap.part import Part
from penstock.bootstrap.profiles import build_profiles
from penstock.bootstrap.redecodes import Redecodes, build_redecodes
from penstock.bootstrap.rules import Rules, build_rules
from penstock.bootstrap.secrets import build_secrets
from penstock.bootstrap.services import Services
from penstock.bootstrap.signup import build_setup
from penstock.bootstrap.sms import SmsLinks, build_sms_accounts, build_sms_links
from penstock.bootstrap.subscriptions import build_subscriptions, forgetting
from penstock.bootstrap.telemetry import Telemetry, build_telemetry
from penstock.bootstrap.tenancy import build_keys, build_tenancy
from penstock.bootstrap.tokens import Tokens, build_tokens
from penstock.bootstrap.uplinks import build_uplinks
from penstock.bootstrap.vault import VaultParts, build_vault_keys
from penstock.bootstrap.webhooks import Webhooks, build_webhooks
from penstock.core.agents.service import AgentService
from penstock.core.audit.service import AuditService
from penstock.core.event_types.service import EventTypeService
from penstock.core.licenses.service import LicenseService
from penstock.core.profiles.service import ProfileService
from penstock.core.signup.setup import SetupService
from penstock.core.subscriptions.service import SubscriptionService
from penstock.core.tenancy.keys import KeyService
from penstock.core.tenancy.service import TenancyService
from penstock.core.uplinks.service import UplinkService
from penstock.core.usage.service import UsageService
from penstock.core.vault.secrets import SecretService
from penstock.ingress.agents.server import AgentServer
from penstock.ingress.mqtt.server import MqttServer
from penstock.settings import Settings


class Parts(msgspec.Struct, kw_only=True):
    """The parts of a server from which the workers and the HTTP application are built."""

    outbound: Outbound
    tenancy: TenancyService
    setup: SetupService
    keys: KeyService
    subscriptions: SubscriptionService
    audit: AuditService
    usage: UsageService
    licenses: LicenseService
    event_types: EventTypeService
    telemetry: Telemetry
    commands: Commands
    inboxes: Inboxes
    inbox_mail: InboxMail
    notifications: Notifications
    alerts: Alerts
    mqtt: MqttServer
    pairing: AgentService
    agents: AgentServer
    profiles: ProfileService
    codecs: CodecParts
    redecodes: Redecodes
    uplinks: UplinkService
    customers: Customers
    dashboards: Part
    billing: Billing
    documents: Documents
    meters: Meters
    meter_alarms: MeterAlarms
    invoices: Invoices
    imports: Imports
    grants: Grants
    connections: Connections
    tokens: Tokens
    secrets: SecretService
    webhooks: Webhooks
    vault: VaultParts
    rules: Rules
    brokers: Brokers
    downlinks: Downlinks
    sms: SmsLinks


def build_parts(services: Services, data_dir: DataDir, settings: Settings) -> Parts:
    """Build the parts, each after those it uses. Nothing is listening yet."""
    outbound, typesetter = build_outbound(settings), Typesetter()
    commands = build_commands(services, settings)
    sms_accounts = build_sms_accounts(services, settings, outbound)
    inboxes = build_inboxes(services, settings, sms_accounts.providers)
    notifications = build_notifications(services, settings, outbound, inboxes)
    pairing = build_pairing(services, data_dir, settings)
    codecs = build_codecs(services, settings)
    customers = build_customers(services, settings)
    uplinks = build_uplinks(services, settings, codecs, customers)
    webhooks = build_webhooks(services, settings, outbound, inboxes)
    connections = build_connections(services, data_dir, settings, uplinks)
    mqtt = build_mqtt(services, settings, commands)
    meters = build_meters(services)
    grants = build_grants(services, settings)
    invoices = build_invoices(services, settings, meters.usage)
    brokers = build_brokers(services, settings, connections, outbound, commands, mqtt)
    tenancy = build_tenancy(services.database, data_dir, services.clock)
    return Parts(
        outbound=outbound,
        tenancy=tenancy,
        setup=build_setup(services, settings, tenancy),
        keys=build_keys(services.database, data_dir, services.plans, services.clock, services.authenticator.drop),
        subscriptions=build_subscriptions(services.database, settings, services.plans, services.settled, forgetting(services)),
        audit=AuditService(services.database),
        usage=UsageService(services.database, services.clock),
        licenses=build_licenses(services),
        event_types=build_event_types(services),
        telemetry=build_telemetry(services, data_dir, settings),
        commands=commands,
        inboxes=inboxes,
        inbox_mail=build_inbox_mail(services, settings, inboxes.intake),
        notifications=notifications,
        alerts=build_alerts(services, settings, commands, notifications),
        mqtt=mqtt,
        pairing=pairing,
        agents=build_agents(services, settings, pairing, commands),
        profiles=build_profiles(services),
        codecs=codecs,
        redecodes=build_redecodes(services, settings, codecs, connections.activity),
        uplinks=uplinks,
        customers=customers,
        dashboards=build_dashboards(services, data_dir, settings, typesetter),
        billing=build_billing(services, settings, typesetter),
        documents=build_documents(services, typesetter, invoices.service),
        meters=meters,
        meter_alarms=build_meter_alarms(services, settings),
        invoices=invoices,
        imports=build_imports(services, customers, meters),
        grants=grants,
        connections=connections,
        secrets=build_secrets(services, connections, sms_accounts),
        brokers=brokers,
        tokens=build_tokens(services, settings, grants.access),
        webhooks=webhooks,
        vault=build_vault_keys(services.vault, settings.vault, services.database, services.trail, services.plans, services.clock),
        rules=build_rules(services, data_dir, settings, commands, outbound, notifications),
        downlinks=build_downlinks(services, settings, commands, connections, codecs, outbound, brokers),
        sms=build_sms_links(services, settings, outbound, sms_accounts, inboxes),
    )
