"""Transactions of the control database: the stores of one organisation, and those that see all organisations.

A store is created when it is first read: a use case uses a few of them, and every transaction would pay for all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from penstock.adapters.storage.sqlite.agents import SqliteAgents
from penstock.adapters.storage.sqlite.alerts import SqliteAlerts, SqliteOccurrences
from penstock.adapters.storage.sqlite.audit import SqliteAudit
from penstock.adapters.storage.sqlite.billing import SqliteBills
from penstock.adapters.storage.sqlite.commands import SqliteDefinitions, SqliteExecutions
from penstock.adapters.storage.sqlite.connection import Session
from penstock.adapters.storage.sqlite.connections import SqliteConnections
from penstock.adapters.storage.sqlite.connectivity import SqliteConnectivity
from penstock.adapters.storage.sqlite.customers import SqliteCustomers, SqlitePlacements, SqliteResidents
from penstock.adapters.storage.sqlite.device_events import SqliteDeviceEvents
from penstock.adapters.storage.sqlite.devices import SqliteDevices, SqliteSensors
from penstock.adapters.storage.sqlite.documents import SqliteInvoiceMails, SqliteLogo
from penstock.adapters.storage.sqlite.downlinks import SqliteDownlinks
from penstock.adapters.storage.sqlite.event_types import SqliteEventTypes
from penstock.adapters.storage.sqlite.events import SqliteOutbox
from penstock.adapters.storage.sqlite.expressions import SqliteErrorCounts
from penstock.adapters.storage.sqlite.imports import SqliteImports
from penstock.adapters.storage.sqlite.inboxes import SqliteSystemInboxes
from penstock.adapters.storage.sqlite.invoices import SqliteInvoices, SqliteRechecks
from penstock.adapters.storage.sqlite.invoicing import SqliteInvoiceRuns, SqliteInvoicing
from penstock.adapters.storage.sqlite.licenses import SqliteLicenses
from penstock.adapters.storage.sqlite.meter_alarms import SqliteMeterAlarms
from penstock.adapters.storage.sqlite.meters import SqliteConsumptionChanges, SqliteEdits, SqliteFormerMeters, SqliteMeters
from penstock.adapters.storage.sqlite.notifications import SqliteChannels, SqliteNotices
from penstock.adapters.storage.sqlite.people import (
    SqliteGroups,
    SqliteInvitations,
    SqliteMail,
    SqliteMembers,
    SqliteSessions,
)
from penstock.adapters.storage.sqlite.profiles import SqliteCodecs, SqliteProfiles
from penstock.adapters.storage.sqlite.redecodes import SqliteRedecodes
from penstock.adapters.storage.sqlite.rules import SqliteRules, SqliteRuns
from penstock.adapters.storage.sqlite.tariffs import SqliteTariffs
from penstock.adapters.storage.sqlite.tenancy import (
    SqliteKeys,
    SqliteProjects,
)
from penstock.adapters.storage.sqlite.uplinks import SqliteUnregistered
from penstock.adapters.storage.sqlite.usage import SqliteUsage
from penstock.adapters.storage.sqlite.vault import SqliteSecrets
from penstock.adapters.storage.sqlite.webhooks import (
    SqliteWebhookEndpoints,
    SqliteWebhookMessages,
)
from penstock.kit.ids import OrgId

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
    channels = _Store(SqliteChannels)
    notices = _Store(SqliteNotices)
    webhooks = _Store(SqliteWebhookEndpoints)
    webhook_messages = _Store(SqliteWebhookMessages)
    rules = _Store(SqliteRules)
    rule_runs = _Store(SqliteRuns)
    downlinks = _Store(SqliteDownlinks)
    evaluation_errors = _Store(SqliteErrorCounts)
    secrets = _Store(SqliteSecrets)
    inboxes = _SystemStore(SqliteSystemInboxes)
