"""The door to stored state: a transaction is opened for an organisation, and there is no other way in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from penstock.core.agents.store import AgentLookup, AgentStore
from penstock.core.alerts.store import AlertStore, OccurrenceStore, SystemAlertStore
from penstock.core.audit.store import AuditHeads, AuditStore
from penstock.core.billing.store import BillStore
from penstock.core.codecs.store import CodecStore
from penstock.core.commands.store import DefinitionStore, ExecutionStore, SystemExecutionStore
from penstock.core.connections.store import ConnectionStore, SystemConnectionStore
from penstock.core.customers.store import CustomerStore, PlacementStore, ResidentStore
from penstock.core.devices.connectivity import ConnectivityStore, SystemConnectivityStore
from penstock.core.devices.history import DeviceEventStore, SystemDeviceEventStore
from penstock.core.devices.store import DeviceStore, SensorStore
from penstock.core.downlinks.store import DownlinkStore, SystemWayStore
from penstock.core.event_types.store import EventTypeStore
from penstock.core.idempotency import IdempotencyStore
from penstock.core.licenses.store import LicenseStore
from penstock.core.meters.store import MeterStore
from penstock.core.notifications.store import ChannelStore, NoticeStore, QuietStore, SystemNoticeStore
from penstock.core.outbox import OutboxQueue, OutboxStore
from penstock.core.people.store import (
    GroupStore,
    InvitationLookup,
    InvitationStore,
    MailOutbox,
    MailQueue,
    MemberStore,
    SessionLookup,
    SessionStore,
    SigningKeyStore,
    UserStore,
)
from penstock.core.profiles.store import ProfileStore
from penstock.core.rules.store import RuleStore, RunStore, SystemRuleStore
from penstock.core.tenancy.store import CredentialStore, KeyStore, OrganizationStore, ProjectStore
from penstock.core.uplinks.store import UnregisteredStore
from penstock.core.usage.store import LimitDays, UsageStore
from penstock.core.webhooks.store import EndpointStore, MessageStore, SystemEndpointStore


class Transaction(Protocol):
    """The stores of one organisation, inside one transaction. Leaving normally commits, leaving by error rolls back."""

    @property
    def projects(self) -> ProjectStore:
        """Projects."""

    @property
    def keys(self) -> KeyStore:
        """API keys."""

    @property
    def devices(self) -> DeviceStore:
        """Devices and their identifiers."""

    @property
    def sensors(self) -> SensorStore:
        """Sensors of devices."""

    @property
    def connectivity(self) -> ConnectivityStore:
        """Whether devices are online."""

    @property
    def licenses(self) -> LicenseStore:
        """Licences of projects."""

    @property
    def outbox(self) -> OutboxStore:
        """What happened."""

    @property
    def idempotency(self) -> IdempotencyStore:
        """Answers kept for repetitions."""

    @property
    def usage(self) -> UsageStore:
        """Counts per hour."""

    @property
    def audit(self) -> AuditStore:
        """The audit log."""

    @property
    def members(self) -> MemberStore:
        """Members, and what the organisation sets for them."""

    @property
    def sessions(self) -> SessionStore:
        """Sessions of people in the organisation."""

    @property
    def groups(self) -> GroupStore:
        """Groups of members."""

    @property
    def invitations(self) -> InvitationStore:
        """Invitations to join."""

    @property
    def mail(self) -> MailOutbox:
        """Mail to people."""

    @property
    def commands(self) -> DefinitionStore:
        """Definitions of commands."""

    @property
    def executions(self) -> ExecutionStore:
        """Executions of commands."""

    @property
    def event_types(self) -> EventTypeStore:
        """Event types of projects."""

    @property
    def customers(self) -> CustomerStore:
        """Customers."""

    @property
    def residents(self) -> ResidentStore:
        """Residents of customers."""

    @property
    def placements(self) -> PlacementStore:
        """Where devices belong, and what was said of them."""

    @property
    def meters(self) -> MeterStore:
        """What devices count."""

    @property
    def bills(self) -> BillStore:
        """Devices of months, and statements."""

    @property
    def unregistered(self) -> UnregisteredStore:
        """Devices that report before they are registered."""

    @property
    def profiles(self) -> ProfileStore:
        """Device profiles."""

    @property
    def codecs(self) -> CodecStore:
        """Versions of profiles' codecs."""

    @property
    def agents(self) -> AgentStore:
        """Pair codes and pairings of devices with agents."""

    @property
    def connections(self) -> ConnectionStore:
        """Connections to network servers and brokers."""

    @property
    def device_events(self) -> DeviceEventStore:
        """What was told of devices."""

    @property
    def alerts(self) -> AlertStore:
        """Definitions of alerts."""

    @property
    def occurrences(self) -> OccurrenceStore:
        """Occurrences of alerts."""

    @property
    def channels(self) -> ChannelStore:
        """Chat channels."""

    @property
    def notices(self) -> NoticeStore:
        """Mails that wait."""

    @property
    def webhooks(self) -> EndpointStore:
        """Webhook endpoints."""

    @property
    def webhook_messages(self) -> MessageStore:
        """Messages to webhook endpoints, and what came of them."""

    @property
    def rules(self) -> RuleStore:
        """Rules and their versions."""

    @property
    def rule_runs(self) -> RunStore:
        """Runs of rules."""

    @property
    def downlinks(self) -> DownlinkStore:
        """Which downlinks executions became."""


class SystemTransaction(Protocol):
    """What cannot belong to one organisation: the organisations, credential look-ups, the queue of events, cursors."""

    @property
    def organizations(self) -> OrganizationStore:
        """The organisations themselves."""

    @property
    def credentials(self) -> CredentialStore:
        """Look-ups by credential."""

    @property
    def outbox(self) -> OutboxQueue:
        """Events of every organisation."""

    @property
    def limit_days(self) -> LimitDays:
        """What is used of daily limits."""

    @property
    def users(self) -> UserStore:
        """Users, and what proves them."""

    @property
    def sessions(self) -> SessionLookup:
        """Sessions by what a caller shows."""

    @property
    def invitations(self) -> InvitationLookup:
        """Invitations by what a caller shows."""

    @property
    def signing_keys(self) -> SigningKeyStore:
        """The keys that sign people's tokens."""

    @property
    def mail(self) -> MailQueue:
        """Mail that waits to be sent."""

    @property
    def audit_heads(self) -> AuditHeads:
        """The heads of the audit logs' chains."""

    @property
    def executions(self) -> SystemExecutionStore:
        """Executions of commands, for workers."""

    @property
    def connectivity(self) -> SystemConnectivityStore:
        """Whether devices are online, for workers."""

    @property
    def agents(self) -> AgentLookup:
        """Pair codes by what an agent shows, and the keys that sign agents' tokens."""

    @property
    def connections(self) -> SystemConnectionStore:
        """Connections by what a network server shows."""

    @property
    def device_events(self) -> SystemDeviceEventStore:
        """What was told of devices, for workers."""

    @property
    def alerts(self) -> SystemAlertStore:
        """Alerts of every organisation, for workers."""

    @property
    def notices(self) -> SystemNoticeStore:
        """Mails that wait, for the worker."""

    @property
    def quiet_hours(self) -> QuietStore:
        """Quiet hours of people."""

    @property
    def webhooks(self) -> SystemEndpointStore:
        """Webhook endpoints, for workers."""

    @property
    def rules(self) -> SystemRuleStore:
        """Rules and runs, for workers."""

    @property
    def downlinks(self) -> SystemWayStore:
        """Which devices downlinks reach, for workers."""

    @property
    def broker_commands(self) -> SystemWayStore:
        """Which devices commands reach by others' brokers, for workers."""

    def of(self, org_id: int) -> Transaction:
        """The stores of one organisation inside this same transaction."""

    async def cursor(self, consumer: str) -> int:
        """How far a consumer of the reading log has come: the last sequence number it dealt with, 0 at first."""

    async def set_cursor(self, consumer: str, seq: int) -> None:
        """Remember how far a consumer has come, together with what it did."""


class Database(Protocol):
    """Where state lives."""

    def transaction(self, org_id: int) -> AbstractAsyncContextManager[Transaction]:
        """Read and write the state of one organisation. One writer at a time."""

    def snapshot(self, org_id: int) -> AbstractAsyncContextManager[Transaction]:
        """Read the state of one organisation as it was at one moment. Never waits for a writer."""

    def system(self) -> AbstractAsyncContextManager[SystemTransaction]:
        """Read and write across organisations: for start-up, sign-in and workers only."""

    def system_snapshot(self) -> AbstractAsyncContextManager[SystemTransaction]:
        """Read across organisations."""

    def on_events(self, listener: Callable[[], None]) -> None:
        """Call a function, that must not wait, after each commit that added to the outbox."""
