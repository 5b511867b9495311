"""Transactions of the control database: the stores of one organisation, and those that see all organisations.

A store is created when it is first read: a use case uses a few of them, and every transaction would pay for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from penstock.adapters.storage.sqlite.agents import SqliteAgents, SqliteSystemAgents
from penstock.adapters.storage.sqlite.alerts import (
    SqliteAlerts,
    SqliteOccurrences,
    SqliteSnoozes,
    SqliteSystemAlerts,
    SqliteSystemSnoozes,
)
from penstock.adapters.storage.sqlite.audit import SqliteAudit, SqliteAuditHeads
from penstock.adapters.storage.sqlite.backlog import SqliteBacklog
from penstock.adapters.storage.sqlite.billing import SqliteBills
from penstock.adapters.storage.sqlite.commands import SqliteDefinitions, SqliteExecutions, SqliteSystemExecutions
from penstock.adapters.storage.sqlite.connection import Session
from penstock.adapters.storage.sqlite.connections import SqliteConnections, SqliteSystemConnections
from penstock.adapters.storage.sqlite.connectivity import SqliteConnectivity, SqliteSystemConnectivity
from penstock.adapters.storage.sqlite.customers import SqliteCustomers, SqlitePlacements, SqliteResidents
from penstock.adapters.storage.sqlite.dashboards import (
    SqliteDashboards,
    SqliteDashboardShares,
    SqliteSystemDashboardShares,
    SqliteWidgets,
)
from penstock.adapters.storage.sqlite.device_events import SqliteDeviceEvents, SqliteSystemDeviceEvents
from penstock.adapters.storage.sqlite.devices import SqliteDevices, SqliteSensors
from penstock.adapters.storage.sqlite.documents import SqliteInvoiceMails, SqliteLogo
from penstock.adapters.storage.sqlite.downlinks import DOWNLINKS, PUBLICATIONS, SqliteDownlinks, SqliteSystemDownlinkStore
from penstock.adapters.storage.sqlite.encrypted import encrypted_rows, key_uses
from penstock.adapters.storage.sqlite.event_types import SqliteEventTypes
from penstock.adapters.storage.sqlite.events import SqliteIdempotency, SqliteOutbox, SqliteSystemOutbox
from penstock.adapters.storage.sqlite.expressions import SqliteErrorCounts, SqliteSystemErrorCounts
from penstock.adapters.storage.sqlite.grants import (
    SqliteGrants,
    SqliteSeedRequests,
    SqliteSystemGrants,
    SqliteSystemSeedRequests,
)
from penstock.adapters.storage.sqlite.imports import SqliteImports, SqliteSystemImports
from penstock.adapters.storage.sqlite.inboxes import SqliteInboxAddresses, SqliteInboxMessages, SqliteSystemInboxes
from penstock.adapters.storage.sqlite.invoices import SqliteInvoices, SqliteRechecks
from penstock.adapters.storage.sqlite.invoicing import SqliteInvoiceRuns, SqliteInvoicing, SqliteSystemInvoices
from penstock.adapters.storage.sqlite.licenses import SqliteLicenses
from penstock.adapters.storage.sqlite.meter_alarms import SqliteMeterAlarms, SqliteSystemMeterAlarms
from penstock.adapters.storage.sqlite.meters import SqliteConsumptionChanges, SqliteEdits, SqliteFormerMeters, SqliteMeters
from penstock.adapters.storage.sqlite.notifications import SqliteChannels, SqliteNotices, SqliteQuietHours, SqliteSystemNotices
from penstock.adapters.storage.sqlite.people import (
    SqliteGroups,
    SqliteInvitations,
    SqliteMail,
    SqliteMembers,
    SqliteSessions,
    SqliteSigningKeys,
    SqliteSystemInvitations,
    SqliteSystemMail,
    SqliteSystemSessions,
    SqliteUsers,
)
from penstock.adapters.storage.sqlite.preferences import SqlitePreferences
from penstock.adapters.storage.sqlite.profiles import SqliteCodecs, SqliteProfiles
from penstock.adapters.storage.sqlite.redecodes import SqliteRedecodes, SqliteSystemRedecodes
from penstock.adapters.storage.sqlite.rules import SqliteRules, SqliteRuns, SqliteSystemRules
from penstock.adapters.storage.sqlite.search import SqliteSearch
from penstock.adapters.storage.sqlite.sensor_templates import SqliteSensorTemplates
from penstock.adapters.storage.sqlite.sms_accounts import SqliteSmsAccounts, SqliteSmsParts, SqliteSystemSmsAccounts
from penstock.adapters.storage.sqlite.streams import SqliteSystemTickets, SqliteTickets
from penstock.adapters.storage.sqlite.tariffs import SqliteTariffs
from penstock.adapters.storage.sqlite.tenancy import (
    SqliteCredentials,
    SqliteKeys,
    SqliteOrganizations,
    SqliteProjects,
)
from penstock.adapters.storage.sqlite.tokens import SqliteTokens
from penstock.adapters.storage.sqlite.uplinks import SqliteUnregistered
from penstock.adapters.storage.sqlite.usage import SqliteLimitDays, SqliteUsage
from penstock.adapters.storage.sqlite.vault import SqliteOldSecrets, SqliteSecrets, SqliteSystemOldSecrets
from penstock.adapters.storage.sqlite.webhooks import (
    SqliteSystemWebhookEndpoints,
    SqliteWebhookEndpoints,
    SqliteWebhookMessages,
)
from penstock.core.vault.store import KeyUse
from penstock.kit.ids import OrgId
from penstock.kit.secret import Pepper

T_co = TypeVar("T_co", covariant=True)


class _Store(Generic[T_co]):
    """An attribute that is a store of the transaction's organisation."""

    def __init__(self, make: Callable[[Session, OrgId], T_co]) -> None:
        self._make = make

    def __get__(self, tx: SqliteTransaction, owner: type[SqliteTransaction]) -> T_co:
        return self._make(tx.session, tx.org_id)


class _SystemStore(Generic[T_co]):
    """An attribute that is a store that sees all organisations."""

    def __init__(self, make: Callable[[Session], T_co]) -> None:
        self._make = make

    def __get__(self, tx: SqliteSystemTransaction, owner: type[SqliteSystemTransaction]) -> T_co:
        return self._make(tx.session)


class SqliteTransaction:
    """The stores of one organisation in one session."""

    projects = _Store(SqliteProjects)
    keys = _Store(SqliteKeys)
    devices = _Store(SqliteDevices)
    sensors = _Store(SqliteSensors)
    connectivity = _Store(SqliteConnectivity)
    licenses = _Store(SqliteLicenses)
    event_types = _Store(SqliteEventTypes)
    outbox = _Store(SqliteOutbox)
    usage = _Store(SqliteUsage)
    audit = _Store(SqliteAudit)
    members = _Store(SqliteMembers)
    sessions = _Store(SqliteSessions)
    groups = _Store(SqliteGroups)
    invitations = _Store(SqliteInvitations)
    mail = _Store(SqliteMail)
    commands = _Store(SqliteDefinitions)
    executions = _Store(SqliteExecutions)
    customers = _Store(SqliteCustomers)
    residents = _Store(SqliteResidents)
    placements = _Store(SqlitePlacements)
    meters = _Store(SqliteMeters)
    edits = _Store(SqliteEdits)
    consumption_changes = _Store(SqliteConsumptionChanges)
    former_meters = _Store(SqliteFormerMeters)
    meter_alarms = _Store(SqliteMeterAlarms)
    bills = _Store(SqliteBills)
    logo = _Store(SqliteLogo)
    invoice_mails = _Store(SqliteInvoiceMails)
    tariffs = _Store(SqliteTariffs)
    invoices = _Store(SqliteInvoices)
    rechecks = _Store(SqliteRechecks)
    invoicing = _Store(SqliteInvoicing)
    invoice_runs = _Store(SqliteInvoiceRuns)
    unregistered = _Store(SqliteUnregistered)
    profiles = _Store(SqliteProfiles)
    codecs = _Store(SqliteCodecs)
    redecodes = _Store(SqliteRedecodes)
    imports = _Store(SqliteImports)
    agents = _Store(SqliteAgents)
    connections = _Store(SqliteConnections)
    device_events = _Store(SqliteDeviceEvents)
    alerts = _Store(SqliteAlerts)
    occurrences = _Store(SqliteOccurrences)
    snoozes = _Store(SqliteSnoozes)
    channels = _Store(SqliteChannels)
    notices = _Store(SqliteNotices)
    webhooks = _Store(SqliteWebhookEndpoints)
    webhook_messages = _Store(SqliteWebhookMessages)
    rules = _Store(SqliteRules)
    rule_runs = _Store(SqliteRuns)
    downlinks = _Store(SqliteDownlinks)
    evaluation_errors = _Store(SqliteErrorCounts)
    secrets = _Store(SqliteSecrets)
    grants = _Store(SqliteGrants)
    seed_requests = _Store(SqliteSeedRequests)
    tokens = _Store(SqliteTokens)
    encrypted = _Store(encrypted_rows)
    old_secrets = _Store(SqliteOldSecrets)
    sms_accounts = _Store(SqliteSmsAccounts)
    sms_parts = _Store(SqliteSmsParts)
    inbox_addresses = _Store(SqliteInboxAddresses)
    inbox_messages = _Store(SqliteInboxMessages)
    preferences = _Store(SqlitePreferences)
    search = _Store(SqliteSearch)
    sensor_templates = _Store(SqliteSensorTemplates)
    dashboards = _Store(SqliteDashboards)
    widgets = _Store(SqliteWidgets)
    dashboard_shares = _Store(SqliteDashboardShares)

    def __init__(self, session: Session, org_id: OrgId, pepper: Pepper) -> None:
        self.session = session
        self.org_id = org_id
        self._pepper = pepper

    @property
    def idempotency(self) -> SqliteIdempotency:
        return SqliteIdempotency(self.session, self.org_id, self._pepper)

    @property
    def tickets(self) -> SqliteTickets:
        return SqliteTickets(self.session, self.org_id, self._pepper)


class SqliteSystemTransaction:
    """The stores that belong to no single organisation, in one session."""

    organizations = _SystemStore(SqliteOrganizations)
    credentials = _SystemStore(SqliteCredentials)
    outbox = _SystemStore(SqliteSystemOutbox)
    limit_days = _SystemStore(SqliteLimitDays)
    audit_heads = _SystemStore(SqliteAuditHeads)
    users = _SystemStore(SqliteUsers)
    sessions = _SystemStore(SqliteSystemSessions)
    invitations = _SystemStore(SqliteSystemInvitations)
    signing_keys = _SystemStore(SqliteSigningKeys)
    mail = _SystemStore(SqliteSystemMail)
    executions = _SystemStore(SqliteSystemExecutions)
    connectivity = _SystemStore(SqliteSystemConnectivity)
    agents = _SystemStore(SqliteSystemAgents)
    connections = _SystemStore(SqliteSystemConnections)
    device_events = _SystemStore(SqliteSystemDeviceEvents)
    alerts = _SystemStore(SqliteSystemAlerts)
    snoozes = _SystemStore(SqliteSystemSnoozes)
    meter_alarms = _SystemStore(SqliteSystemMeterAlarms)
    evaluation_errors = _SystemStore(SqliteSystemErrorCounts)
    notices = _SystemStore(SqliteSystemNotices)
    quiet_hours = _SystemStore(SqliteQuietHours)
    webhooks = _SystemStore(SqliteSystemWebhookEndpoints)
    redecodes = _SystemStore(SqliteSystemRedecodes)
    imports = _SystemStore(SqliteSystemImports)
    rules = _SystemStore(SqliteSystemRules)
    downlinks = _SystemStore(lambda session: SqliteSystemDownlinkStore(session, DOWNLINKS))
    backlog = _SystemStore(SqliteBacklog)
    invoices = _SystemStore(SqliteSystemInvoices)
    grants = _SystemStore(SqliteSystemGrants)
    seed_requests = _SystemStore(SqliteSystemSeedRequests)
    old_secrets = _SystemStore(SqliteSystemOldSecrets)
    sms_accounts = _SystemStore(SqliteSystemSmsAccounts)
    inboxes = _SystemStore(SqliteSystemInboxes)
    dashboard_shares = _SystemStore(SqliteSystemDashboardShares)
    broker_commands = _SystemStore(lambda session: SqliteSystemDownlinkStore(session, PUBLICATIONS))

    def __init__(self, session: Session, pepper: Pepper) -> None:
        self.session = session
        self._pepper = pepper

    def for_organization(self, org_id: OrgId) -> SqliteTransaction:
        return SqliteTransaction(self.session, org_id, self._pepper)

    @property
    def tickets(self) -> SqliteSystemTickets:
        return SqliteSystemTickets(self.session, self._pepper)

    async def key_uses(self) -> Sequence[KeyUse]:
        return await key_uses(self.session)

    async def find_cursor(self, consumer: str) -> int | None:
        row = await self.session.one("find_consumer", {"name": consumer})
        return int(row["seq"]) if row else None

    async def cursor(self, consumer: str) -> int:
        return await self.find_cursor(consumer) or 0

    async def set_cursor(self, consumer: str, position: int) -> None:
        await self.session.run("set_consumer", {"name": consumer, "seq": position})
