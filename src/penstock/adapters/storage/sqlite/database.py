"""The control database: one writer, several readers, and the one door to an organisation's state."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

from penstock.adapters.storage.sqlite.agents import SqliteAgents, SqliteSystemAgents
from penstock.adapters.storage.sqlite.alerts import SqliteAlerts, SqliteOccurrences, SqliteSystemAlerts
from penstock.adapters.storage.sqlite.audit import SqliteAudit, SqliteAuditHeads
from penstock.adapters.storage.sqlite.billing import SqliteBills
from penstock.adapters.storage.sqlite.commands import SqliteDefinitions, SqliteExecutions, SqliteSystemExecutions
from penstock.adapters.storage.sqlite.connection import Session, connect
from penstock.adapters.storage.sqlite.connections import SqliteConnections, SqliteSystemConnections
from penstock.adapters.storage.sqlite.connectivity import SqliteConnectivity, SqliteSystemConnectivity
from penstock.adapters.storage.sqlite.customers import SqliteCustomers, SqlitePlacements, SqliteResidents
from penstock.adapters.storage.sqlite.device_events import SqliteDeviceEvents, SqliteSystemDeviceEvents
from penstock.adapters.storage.sqlite.devices import SqliteDevices, SqliteSensors
from penstock.adapters.storage.sqlite.downlinks import DOWNLINKS, PUBLICATIONS, SqliteDownlinks, SqliteSystemWays
from penstock.adapters.storage.sqlite.event_types import SqliteEventTypes
from penstock.adapters.storage.sqlite.events import SqliteIdempotency, SqliteOutbox, SqliteSystemOutbox
from penstock.adapters.storage.sqlite.licenses import SqliteLicenses
from penstock.adapters.storage.sqlite.meters import SqliteMeters
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
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
from penstock.adapters.storage.sqlite.profiles import SqliteCodecs, SqliteProfiles
from penstock.adapters.storage.sqlite.rules import SqliteRules, SqliteRuns, SqliteSystemRules
from penstock.adapters.storage.sqlite.tenancy import (
    SqliteCredentials,
    SqliteKeys,
    SqliteOrganizations,
    SqliteProjects,
)
from penstock.adapters.storage.sqlite.uplinks import SqliteUnregistered
from penstock.adapters.storage.sqlite.usage import SqliteLimitDays, SqliteUsage
from penstock.adapters.storage.sqlite.webhooks import (
    SqliteSystemWebhookEndpoints,
    SqliteWebhookEndpoints,
    SqliteWebhookMessages,
)
from penstock.kit.secret import Pepper

READERS = 4


class SqliteTransaction:
    """The stores of one organisation on one session."""

    def __init__(self, session: Session, org_id: int, pepper: Pepper) -> None:
        self.projects = SqliteProjects(session, org_id)
        self.keys = SqliteKeys(session, org_id)
        self.devices = SqliteDevices(session, org_id)
        self.sensors = SqliteSensors(session, org_id)
        self.connectivity = SqliteConnectivity(session, org_id)
        self.licenses = SqliteLicenses(session, org_id)
        self.event_types = SqliteEventTypes(session, org_id)
        self.outbox = SqliteOutbox(session, org_id)
        self.idempotency = SqliteIdempotency(session, org_id, pepper)
        self.usage = SqliteUsage(session, org_id)
        self.audit = SqliteAudit(session, org_id)
        self.members = SqliteMembers(session, org_id)
        self.sessions = SqliteSessions(session, org_id)
        self.groups = SqliteGroups(session, org_id)
        self.invitations = SqliteInvitations(session, org_id)
        self.mail = SqliteMail(session, org_id)
        self.commands = SqliteDefinitions(session, org_id)
        self.executions = SqliteExecutions(session, org_id)
        self.customers = SqliteCustomers(session, org_id)
        self.residents = SqliteResidents(session, org_id)
        self.placements = SqlitePlacements(session, org_id)
        self.meters = SqliteMeters(session, org_id)
        self.bills = SqliteBills(session, org_id)
        self.unregistered = SqliteUnregistered(session, org_id)
        self.profiles = SqliteProfiles(session, org_id)
        self.codecs = SqliteCodecs(session, org_id)
        self.agents = SqliteAgents(session, org_id)
        self.connections = SqliteConnections(session, org_id)
        self.device_events = SqliteDeviceEvents(session, org_id)
        self.alerts = SqliteAlerts(session, org_id)
        self.occurrences = SqliteOccurrences(session, org_id)
        self.channels = SqliteChannels(session, org_id)
        self.notices = SqliteNotices(session, org_id)
        self.webhooks = SqliteWebhookEndpoints(session, org_id)
        self.webhook_messages = SqliteWebhookMessages(session, org_id)
        self.rules = SqliteRules(session, org_id)
        self.rule_runs = SqliteRuns(session, org_id)
        self.downlinks = SqliteDownlinks(session, org_id)


class SqliteSystemTransaction:
    """What belongs to no single organisation, on one session."""

    def __init__(self, session: Session, pepper: Pepper) -> None:
        self._session = session
        self._pepper = pepper
        self.organizations = SqliteOrganizations(session)
        self.credentials = SqliteCredentials(session)
        self.outbox = SqliteSystemOutbox(session)
        self.limit_days = SqliteLimitDays(session)
        self.audit_heads = SqliteAuditHeads(session)
        self.users = SqliteUsers(session)
        self.sessions = SqliteSystemSessions(session)
        self.invitations = SqliteSystemInvitations(session)
        self.signing_keys = SqliteSigningKeys(session)
        self.mail = SqliteSystemMail(session)
        self.executions = SqliteSystemExecutions(session)
        self.connectivity = SqliteSystemConnectivity(session)
        self.agents = SqliteSystemAgents(session)
        self.connections = SqliteSystemConnections(session)
        self.device_events = SqliteSystemDeviceEvents(session)
        self.alerts = SqliteSystemAlerts(session)
        self.notices = SqliteSystemNotices(session)
        self.quiet_hours = SqliteQuietHours(session)
        self.webhooks = SqliteSystemWebhookEndpoints(session)
        self.rules = SqliteSystemRules(session)
        self.downlinks = SqliteSystemWays(session, DOWNLINKS)
        self.broker_commands = SqliteSystemWays(session, PUBLICATIONS)

    def of(self, org_id: int) -> SqliteTransaction:
        return SqliteTransaction(self._session, org_id, self._pepper)

    async def cursor(self, consumer: str) -> int:
        row = await self._session.one("find_consumer", {"name": consumer})
        return int(row["seq"]) if row else 0

    async def set_cursor(self, consumer: str, seq: int) -> None:
        await self._session.run("set_consumer", {"name": consumer, "seq": seq})


class SqliteDatabase:
    """State in `penstock.db`. Opened after the schema was brought up to date."""

    def __init__(self, data_dir: Path, pepper: Pepper, synchronous: str = "FULL") -> None:
        path = data_dir / CONTROL_FILE
        self._pepper = pepper
        self._writer = Session(connect(path, synchronous=synchronous), ThreadPoolExecutor(1, "db-writer"))
        self._writing = asyncio.Lock()
        self._all_readers = [
            Session(connect(path, read_only=True), ThreadPoolExecutor(1, f"db-reader-{n}")) for n in range(READERS)
        ]
        self._listeners: list[Callable[[], None]] = []
        self._readers: asyncio.Queue[Session] = asyncio.Queue()
        for reader in self._all_readers:
            self._readers.put_nowait(reader)

    @asynccontextmanager
    async def transaction(self, org_id: int) -> AsyncIterator[SqliteTransaction]:
        async with self._write() as session:
            yield SqliteTransaction(session, org_id, self._pepper)

    @asynccontextmanager
    async def snapshot(self, org_id: int) -> AsyncIterator[SqliteTransaction]:
        async with self._read() as session:
            yield SqliteTransaction(session, org_id, self._pepper)

    @asynccontextmanager
    async def system(self) -> AsyncIterator[SqliteSystemTransaction]:
        async with self._write() as session:
            yield SqliteSystemTransaction(session, self._pepper)

    @asynccontextmanager
    async def system_snapshot(self) -> AsyncIterator[SqliteSystemTransaction]:
        async with self._read() as session:
            yield SqliteSystemTransaction(session, self._pepper)

    def on_events(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def close(self) -> None:
        """Let what runs end, then close every connection."""
        for session in (self._writer, *self._all_readers):
            session.close()

    @asynccontextmanager
    async def _write(self) -> AsyncIterator[Session]:
        async with self._writing:
            try:
                # A caller that is cancelled here leaves a BEGIN in the writer's thread: the rollback below follows it there.
                self._writer.told = False
                await self._writer.call(lambda c: c.execute("BEGIN IMMEDIATE"))
                yield self._writer
                # Shielded: a caller that goes away must not leave it open whether the commit happened.
                await asyncio.shield(self._writer.call(lambda c: c.execute("COMMIT")))
                for listener in self._listeners if self._writer.told else ():
                    listener()
            except BaseException:
                await asyncio.shield(self._writer.call(lambda c: c.in_transaction and c.execute("ROLLBACK")))
                raise

    @asynccontextmanager
    async def _read(self) -> AsyncIterator[Session]:
        session = await self._readers.get()
        try:
            await session.call(lambda c: c.execute("BEGIN"))
            yield session
        finally:
            try:
                await asyncio.shield(session.call(lambda c: c.in_transaction and c.execute("COMMIT")))
            finally:  # also when the caller is cancelled once more: a reader that is not given back is lost to everybody
                self._readers.put_nowait(session)
