"""The resources of a client. Each is imported when it is first used."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._transport import AsyncTransport, Transport
    from .addresses import Addresses, AsyncAddresses
    from .agents import Agents, AsyncAgents
    from .alert_events import AlertEvents, AsyncAlertEvents
    from .alerts import Alerts, AsyncAlerts
    from .audit import AsyncAudit, Audit
    from .auth import AsyncAuth, Auth
    from .billing import AsyncBilling, Billing
    from .chat_channels import AsyncChatChannels, ChatChannels
    from .commands import AsyncCommands, Commands
    from .connections import AsyncConnections, Connections
    from .customers import AsyncCustomers, Customers
    from .dashboard_folders import AsyncDashboardFolders, DashboardFolders
    from .dashboard_shares import AsyncDashboardShares, DashboardShares
    from .dashboards import AsyncDashboards, Dashboards
    from .device_commands import AsyncDeviceCommands, DeviceCommands
    from .device_profiles import AsyncDeviceProfiles, DeviceProfiles
    from .device_queue import AsyncDeviceQueue, DeviceQueue
    from .devices import AsyncDevices, Devices
    from .event_types import AsyncEventTypes, EventTypes
    from .executions import AsyncExecutions, Executions
    from .expressions import AsyncExpressions, Expressions
    from .groups import AsyncGroups, Groups
    from .imports import AsyncImports, Imports
    from .invitations import AsyncInvitations, Invitations
    from .invoice_holds import AsyncInvoiceHolds, InvoiceHolds
    from .invoice_runs import AsyncInvoiceRuns, InvoiceRuns
    from .invoices import AsyncInvoices, Invoices
    from .keys import AsyncKeys, Keys
    from .maintenance import AsyncMaintenance, Maintenance
    from .members import AsyncMembers, Members
    from .messages import AsyncMessages, Messages
    from .meter_alarms import AsyncMeterAlarms, MeterAlarms
    from .meters import AsyncMeters, Meters
    from .organization import AsyncOrganization, Organization
    from .placements import AsyncPlacements, Placements
    from .profile import AsyncProfile, Profile
    from .projects import AsyncProjects, Projects
    from .redecodes import AsyncRedecodes, Redecodes
    from .rehearsals import AsyncRehearsals, Rehearsals
    from .rule_runs import AsyncRuleRuns, RuleRuns
    from .rules import AsyncRules, Rules
    from .search import AsyncSearch, Search
    from .secrets import AsyncSecrets, Secrets
    from .seed_requests import AsyncSeedRequests, SeedRequests
    from .sensor_templates import AsyncSensorTemplates, SensorTemplates
    from .sensors import AsyncSensors, Sensors
    from .shared_dashboards import AsyncSharedDashboards, SharedDashboards
    from .sms_accounts import AsyncSmsAccounts, SmsAccounts
    from .streams import AsyncStreams, Streams
    from .system import AsyncSystem, System
    from .tariffs import AsyncTariffs, Tariffs
    from .telemetry import AsyncTelemetry, Telemetry
    from .tokens import AsyncTokens, Tokens
    from .unregistered_devices import AsyncUnregisteredDevices, UnregisteredDevices
    from .usage import AsyncUsage, Usage
    from .vault import AsyncVault, Vault
    from .webhook_messages import AsyncWebhookMessages, WebhookMessages
    from .webhooks import AsyncWebhooks, Webhooks
    from .widgets import AsyncWidgets, Widgets


class Resources:
    """The nouns of the API, as attributes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @cached_property
    def addresses(self) -> Addresses:
        """Phone numbers and mail aliases that receive messages, who can use them, the messages, and accounts at providers."""
        from .addresses import Addresses

        return Addresses(self._transport)

    @cached_property
    def agents(self) -> Agents:
        """penstock-agent on a device: pair codes, the paired agent, and unpairing."""
        from .agents import Agents

        return Agents(self._transport)

    @cached_property
    def alert_events(self) -> AlertEvents:
        """Conditions that are monitored on devices, their events, and the actions when an alert is raised."""
        from .alert_events import AlertEvents

        return AlertEvents(self._transport)

    @cached_property
    def alerts(self) -> Alerts:
        """Conditions that are monitored on devices, their events, and the actions when an alert is raised."""
        from .alerts import Alerts

        return Alerts(self._transport)

    @cached_property
    def audit(self) -> Audit:
        """Who changed what, and from where; hash-chained, so that tampering is detected."""
        from .audit import Audit

        return Audit(self._transport)

    @cached_property
    def auth(self) -> Auth:
        """Exchange e-mail, password and code for tokens; reset a password; accept an invitation."""
        from .auth import Auth

        return Auth(self._transport)

    @cached_property
    def billing(self) -> Billing:
        """The cost of the month to date, and the statements of completed months."""
        from .billing import Billing

        return Billing(self._transport)

    @cached_property
    def chat_channels(self) -> ChatChannels:
        """Chat channels that alerts and rules post to, and quiet hours."""
        from .chat_channels import ChatChannels

        return ChatChannels(self._transport)

    @cached_property
    def commands(self) -> Commands:
        """The commands that devices support, and their executions."""
        from .commands import Commands

        return Commands(self._transport)

    @cached_property
    def connections(self) -> Connections:
        """Readings from external servers: LoRaWAN network servers, brokers, your own HTTP server."""
        from .connections import Connections

        return Connections(self._transport)

    @cached_property
    def customers(self) -> Customers:
        """The customers and residents an organisation measures for, and devices that report before they are registered."""
        from .customers import Customers

        return Customers(self._transport)

    @cached_property
    def dashboard_folders(self) -> DashboardFolders:
        """Dashboards of widgets, their folders, data and images, and links that show them without a credential."""
        from .dashboard_folders import DashboardFolders

        return DashboardFolders(self._transport)

    @cached_property
    def dashboard_shares(self) -> DashboardShares:
        """Dashboards of widgets, their folders, data and images, and links that show them without a credential."""
        from .dashboard_shares import DashboardShares

        return DashboardShares(self._transport)

    @cached_property
    def dashboards(self) -> Dashboards:
        """Dashboards of widgets, their folders, data and images, and links that show them without a credential."""
        from .dashboards import Dashboards

        return Dashboards(self._transport)

    @cached_property
    def device_commands(self) -> DeviceCommands:
        """The commands that devices support, and their executions."""
        from .device_commands import DeviceCommands

        return DeviceCommands(self._transport)

    @cached_property
    def device_profiles(self) -> DeviceProfiles:
        """The settings shared by devices of one model: expected interval, sensors, and codec."""
        from .device_profiles import DeviceProfiles

        return DeviceProfiles(self._transport)

    @cached_property
    def device_queue(self) -> DeviceQueue:
        """The commands that devices support, and their executions."""
        from .device_queue import DeviceQueue

        return DeviceQueue(self._transport)

    @cached_property
    def devices(self) -> Devices:
        """Things that send readings or receive commands: identifiers, labels, location, access tokens, pause and resume."""
        from .devices import Devices

        return Devices(self._transport)

    @cached_property
    def event_types(self) -> EventTypes:
        """The commands that devices support, and their executions."""
        from .event_types import EventTypes

        return EventTypes(self._transport)

    @cached_property
    def executions(self) -> Executions:
        """The commands that devices support, and their executions."""
        from .executions import Executions

        return Executions(self._transport)

    @cached_property
    def expressions(self) -> Expressions:
        """Previews of conditions and templates."""
        from .expressions import Expressions

        return Expressions(self._transport)

    @cached_property
    def groups(self) -> Groups:
        """Sets of members of the organisation."""
        from .groups import Groups

        return Groups(self._transport)

    @cached_property
    def imports(self) -> Imports:
        """Devices, registers, residents and placements from CSV files, checked by a dry run."""
        from .imports import Imports

        return Imports(self._transport)

    @cached_property
    def invitations(self) -> Invitations:
        """Invitations by e-mail, and their status."""
        from .invitations import Invitations

        return Invitations(self._transport)

    @cached_property
    def invoice_holds(self) -> InvoiceHolds:
        """What customers and residents owe: previews, closing of periods, invoices, credit notes, payments."""
        from .invoice_holds import InvoiceHolds

        return InvoiceHolds(self._transport)

    @cached_property
    def invoice_runs(self) -> InvoiceRuns:
        """What customers and residents owe: previews, closing of periods, invoices, credit notes, payments."""
        from .invoice_runs import InvoiceRuns

        return InvoiceRuns(self._transport)

    @cached_property
    def invoices(self) -> Invoices:
        """What customers and residents owe: previews, closing of periods, invoices, credit notes, payments."""
        from .invoices import Invoices

        return Invoices(self._transport)

    @cached_property
    def keys(self) -> Keys:
        """API keys: scopes, restrictions, rotation and revocation."""
        from .keys import Keys

        return Keys(self._transport)

    @cached_property
    def maintenance(self) -> Maintenance:
        """Conditions that are monitored on devices, their events, and the actions when an alert is raised."""
        from .maintenance import Maintenance

        return Maintenance(self._transport)

    @cached_property
    def members(self) -> Members:
        """The users of the organisation, their roles and sessions; off-boarding."""
        from .members import Members

        return Members(self._transport)

    @cached_property
    def messages(self) -> Messages:
        """Phone numbers and mail aliases that receive messages, who can use them, the messages, and accounts at providers."""
        from .messages import Messages

        return Messages(self._transport)

    @cached_property
    def meter_alarms(self) -> MeterAlarms:
        """Alarms of meters, such as leaks, back-flow and low batteries, and their settings by device and profile."""
        from .meter_alarms import MeterAlarms

        return MeterAlarms(self._transport)

    @cached_property
    def meters(self) -> Meters:
        """Devices that count: registers, values and their edits, consumption, balances, leak hints."""
        from .meters import Meters

        return Meters(self._transport)

    @cached_property
    def organization(self) -> Organization:
        """The caller, its organisation and the organisation's projects."""
        from .organization import Organization

        return Organization(self._transport)

    @cached_property
    def placements(self) -> Placements:
        """The customers and residents an organisation measures for, and devices that report before they are registered."""
        from .placements import Placements

        return Placements(self._transport)

    @cached_property
    def profile(self) -> Profile:
        """The signed-in user's own account: name, password, second factor, sessions. Not available to API keys."""
        from .profile import Profile

        return Profile(self._transport)

    @cached_property
    def projects(self) -> Projects:
        """The caller, its organisation and the organisation's projects."""
        from .projects import Projects

        return Projects(self._transport)

    @cached_property
    def redecodes(self) -> Redecodes:
        """The settings shared by devices of one model: expected interval, sensors, and codec."""
        from .redecodes import Redecodes

        return Redecodes(self._transport)

    @cached_property
    def rehearsals(self) -> Rehearsals:
        """Automations: rules, their versions, runs and rehearsals, and hooks that trigger them."""
        from .rehearsals import Rehearsals

        return Rehearsals(self._transport)

    @cached_property
    def rule_runs(self) -> RuleRuns:
        """Automations: rules, their versions, runs and rehearsals, and hooks that trigger them."""
        from .rule_runs import RuleRuns

        return RuleRuns(self._transport)

    @cached_property
    def rules(self) -> Rules:
        """Automations: rules, their versions, runs and rehearsals, and hooks that trigger them."""
        from .rules import Rules

        return Rules(self._transport)

    @cached_property
    def search(self) -> Search:
        """Things of all types by name, identifier or id, as far as the caller can read them."""
        from .search import Search

        return Search(self._transport)

    @cached_property
    def secrets(self) -> Secrets:
        """Values under a name that connections, chat channels and webhooks refer to, with their versions."""
        from .secrets import Secrets

        return Secrets(self._transport)

    @cached_property
    def seed_requests(self) -> SeedRequests:
        """Seeds of one-time passwords that people and pipelines share, and their codes."""
        from .seed_requests import SeedRequests

        return SeedRequests(self._transport)

    @cached_property
    def sensor_templates(self) -> SensorTemplates:
        """The named values of a device, declared or discovered in its readings."""
        from .sensor_templates import SensorTemplates

        return SensorTemplates(self._transport)

    @cached_property
    def sensors(self) -> Sensors:
        """The named values of a device, declared or discovered in its readings."""
        from .sensors import Sensors

        return Sensors(self._transport)

    @cached_property
    def shared_dashboards(self) -> SharedDashboards:
        """Dashboards of widgets, their folders, data and images, and links that show them without a credential."""
        from .shared_dashboards import SharedDashboards

        return SharedDashboards(self._transport)

    @cached_property
    def sms_accounts(self) -> SmsAccounts:
        """Phone numbers and mail aliases that receive messages, who can use them, the messages, and accounts at providers."""
        from .sms_accounts import SmsAccounts

        return SmsAccounts(self._transport)

    @cached_property
    def streams(self) -> Streams:
        """Readings as they arrive, over Server-Sent Events and WebSocket."""
        from .streams import Streams

        return Streams(self._transport)

    @cached_property
    def system(self) -> System:
        """Health and metrics of the server, for its operator, and this documentation."""
        from .system import System

        return System(self._transport)

    @cached_property
    def tariffs(self) -> Tariffs:
        """Prices of consumption with the days on which they hold, assigned to customers and residents."""
        from .tariffs import Tariffs

        return Tariffs(self._transport)

    @cached_property
    def telemetry(self) -> Telemetry:
        """Readings: ingestion, latest, history, aggregates, thinned series, exports."""
        from .telemetry import Telemetry

        return Telemetry(self._transport)

    @cached_property
    def tokens(self) -> Tokens:
        """Seeds of one-time passwords that people and pipelines share, and their codes."""
        from .tokens import Tokens

        return Tokens(self._transport)

    @cached_property
    def unregistered_devices(self) -> UnregisteredDevices:
        """The customers and residents an organisation measures for, and devices that report before they are registered."""
        from .unregistered_devices import UnregisteredDevices

        return UnregisteredDevices(self._transport)

    @cached_property
    def usage(self) -> Usage:
        """Calls and stored readings by hour or day, and the remaining limits."""
        from .usage import Usage

        return Usage(self._transport)

    @cached_property
    def vault(self) -> Vault:
        """The keys that encrypt the secrets of the organisation."""
        from .vault import Vault

        return Vault(self._transport)

    @cached_property
    def webhook_messages(self) -> WebhookMessages:
        """Endpoints that receive events, their messages and delivery attempts, and replay."""
        from .webhook_messages import WebhookMessages

        return WebhookMessages(self._transport)

    @cached_property
    def webhooks(self) -> Webhooks:
        """Endpoints that receive events, their messages and delivery attempts, and replay."""
        from .webhooks import Webhooks

        return Webhooks(self._transport)

    @cached_property
    def widgets(self) -> Widgets:
        """Dashboards of widgets, their folders, data and images, and links that show them without a credential."""
        from .widgets import Widgets

        return Widgets(self._transport)


class AsyncResources:
    """The nouns of the API, as attributes."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @cached_property
    def addresses(self) -> AsyncAddresses:
        """Phone numbers and mail aliases that receive messages, who can use them, the messages, and accounts at providers."""
        from .addresses import AsyncAddresses

        return AsyncAddresses(self._transport)

    @cached_property
    def agents(self) -> AsyncAgents:
        """penstock-agent on a device: pair codes, the paired agent, and unpairing."""
        from .agents import AsyncAgents

        return AsyncAgents(self._transport)

    @cached_property
    def alert_events(self) -> AsyncAlertEvents:
        """Conditions that are monitored on devices, their events, and the actions when an alert is raised."""
        from .alert_events import AsyncAlertEvents

        return AsyncAlertEvents(self._transport)

    @cached_property
    def alerts(self) -> AsyncAlerts:
        """Conditions that are monitored on devices, their events, and the actions when an alert is raised."""
        from .alerts import AsyncAlerts

        return AsyncAlerts(self._transport)

    @cached_property
    def audit(self) -> AsyncAudit:
        """Who changed what, and from where; hash-chained, so that tampering is detected."""
        from .audit import AsyncAudit

        return AsyncAudit(self._transport)

    @cached_property
    def auth(self) -> AsyncAuth:
        """Exchange e-mail, password and code for tokens; reset a password; accept an invitation."""
        from .auth import AsyncAuth

        return AsyncAuth(self._transport)

    @cached_property
    def billing(self) -> AsyncBilling:
        """The cost of the month to date, and the statements of completed months."""
        from .billing import AsyncBilling

        return AsyncBilling(self._transport)

    @cached_property
    def chat_channels(self) -> AsyncChatChannels:
        """Chat channels that alerts and rules post to, and quiet hours."""
        from .chat_channels import AsyncChatChannels

        return AsyncChatChannels(self._transport)

    @cached_property
    def commands(self) -> AsyncCommands:
        """The commands that devices support, and their executions."""
        from .commands import AsyncCommands

        return AsyncCommands(self._transport)

    @cached_property
    def connections(self) -> AsyncConnections:
        """Readings from external servers: LoRaWAN network servers, brokers, your own HTTP server."""
        from .connections import AsyncConnections

        return AsyncConnections(self._transport)

    @cached_property
    def customers(self) -> AsyncCustomers:
        """The customers and residents an organisation measures for, and devices that report before they are registered."""
        from .customers import AsyncCustomers

        return AsyncCustomers(self._transport)

    @cached_property
    def dashboard_folders(self) -> AsyncDashboardFolders:
        """Dashboards of widgets, their folders, data and images, and links that show them without a credential."""
        from .dashboard_folders import AsyncDashboardFolders

        return AsyncDashboardFolders(self._transport)

    @cached_property
    def dashboard_shares(self) -> AsyncDashboardShares:
        """Dashboards of widgets, their folders, data and images, and links that show them without a credential."""
        from .dashboard_shares import AsyncDashboardShares

        return AsyncDashboardShares(self._transport)

    @cached_property
    def dashboards(self) -> AsyncDashboards:
        """Dashboards of widgets, their folders, data and images, and links that show them without a credential."""
        from .dashboards import AsyncDashboards

        return AsyncDashboards(self._transport)

    @cached_property
    def device_commands(self) -> AsyncDeviceCommands:
        """The commands that devices support, and their executions."""
        from .device_commands import AsyncDeviceCommands

        return AsyncDeviceCommands(self._transport)

    @cached_property
    def device_profiles(self) -> AsyncDeviceProfiles:
        """The settings shared by devices of one model: expected interval, sensors, and codec."""
        from .device_profiles import AsyncDeviceProfiles

        return AsyncDeviceProfiles(self._transport)

    @cached_property
    def device_queue(self) -> AsyncDeviceQueue:
        """The commands that devices support, and their executions."""
        from .device_queue import AsyncDeviceQueue

        return AsyncDeviceQueue(self._transport)

    @cached_property
    def devices(self) -> AsyncDevices:
        """Things that send readings or receive commands: identifiers, labels, location, access tokens, pause and resume."""
        from .devices import AsyncDevices

        return AsyncDevices(self._transport)

    @cached_property
    def event_types(self) -> AsyncEventTypes:
        """The commands that devices support, and their executions."""
        from .event_types import AsyncEventTypes

        return AsyncEventTypes(self._transport)

    @cached_property
    def executions(self) -> AsyncExecutions:
        """The commands that devices support, and their executions."""
        from .executions import AsyncExecutions

        return AsyncExecutions(self._transport)

    @cached_property
    def expressions(self) -> AsyncExpressions:
        """Previews of conditions and templates."""
        from .expressions import AsyncExpressions

        return AsyncExpressions(self._transport)

    @cached_property
    def groups(self) -> AsyncGroups:
        """Sets of members of the organisation."""
        from .groups import AsyncGroups

        return AsyncGroups(self._transport)

    @cached_property
    def imports(self) -> AsyncImports:
        """Devices, registers, residents and placements from CSV files, checked by a dry run."""
        from .imports import AsyncImports

        return AsyncImports(self._transport)

    @cached_property
    def invitations(self) -> AsyncInvitations:
        """Invitations by e-mail, and their status."""
        from .invitations import AsyncInvitations

        return AsyncInvitations(self._transport)

    @cached_property
    def invoice_holds(self) -> AsyncInvoiceHolds:
        """What customers and residents owe: previews, closing of periods, invoices, credit notes, payments."""
        from .invoice_holds import AsyncInvoiceHolds

        return AsyncInvoiceHolds(self._transport)

    @cached_property
    def invoice_runs(self) -> AsyncInvoiceRuns:
        """What customers and residents owe: previews, closing of periods, invoices, credit notes, payments."""
        from .invoice_runs import AsyncInvoiceRuns

        return AsyncInvoiceRuns(self._transport)

    @cached_property
    def invoices(self) -> AsyncInvoices:
        """What customers and residents owe: previews, closing of periods, invoices, credit notes, payments."""
        from .invoices import AsyncInvoices

        return AsyncInvoices(self._transport)

    @cached_property
    def keys(self) -> AsyncKeys:
        """API keys: scopes, restrictions, rotation and revocation."""
        from .keys import AsyncKeys

        return AsyncKeys(self._transport)

    @cached_property
    def maintenance(self) -> AsyncMaintenance:
        """Conditions that are monitored on devices, their events, and the actions when an alert is raised."""
        from .maintenance import AsyncMaintenance

        return AsyncMaintenance(self._transport)

    @cached_property
    def members(self) -> AsyncMembers:
        """The users of the organisation, their roles and sessions; off-boarding."""
        from .members import AsyncMembers

        return AsyncMembers(self._transport)

    @cached_property
    def messages(self) -> AsyncMessages:
        """Phone numbers and mail aliases that receive messages, who can use them, the messages, and accounts at providers."""
        from .messages import AsyncMessages

        return AsyncMessages(self._transport)

    @cached_property
    def meter_alarms(self) -> AsyncMeterAlarms:
        """Alarms of meters, such as leaks, back-flow and low batteries, and their settings by device and profile."""
        from .meter_alarms import AsyncMeterAlarms

        return AsyncMeterAlarms(self._transport)

    @cached_property
    def meters(self) -> AsyncMeters:
        """Devices that count: registers, values and their edits, consumption, balances, leak hints."""
        from .meters import AsyncMeters

        return AsyncMeters(self._transport)

    @cached_property
    def organization(self) -> AsyncOrganization:
        """The caller, its organisation and the organisation's projects."""
        from .organization import AsyncOrganization

        return AsyncOrganization(self._transport)

    @cached_property
    def placements(self) -> AsyncPlacements:
        """The customers and residents an organisation measures for, and devices that report before they are registered."""
        from .placements import AsyncPlacements

        return AsyncPlacements(self._transport)

    @cached_property
    def profile(self) -> AsyncProfile:
        """The signed-in user's own account: name, password, second factor, sessions. Not available to API keys."""
        from .profile import AsyncProfile

        return AsyncProfile(self._transport)

    @cached_property
    def projects(self) -> AsyncProjects:
        """The caller, its organisation and the organisation's projects."""
        from .projects import AsyncProjects

        return AsyncProjects(self._transport)

    @cached_property
    def redecodes(self) -> AsyncRedecodes:
        """The settings shared by devices of one model: expected interval, sensors, and codec."""
        from .redecodes import AsyncRedecodes

        return AsyncRedecodes(self._transport)

    @cached_property
    def rehearsals(self) -> AsyncRehearsals:
        """Automations: rules, their versions, runs and rehearsals, and hooks that trigger them."""
        from .rehearsals import AsyncRehearsals

        return AsyncRehearsals(self._transport)

    @cached_property
    def rule_runs(self) -> AsyncRuleRuns:
        """Automations: rules, their versions, runs and rehearsals, and hooks that trigger them."""
        from .rule_runs import AsyncRuleRuns

        return AsyncRuleRuns(self._transport)

    @cached_property
    def rules(self) -> AsyncRules:
        """Automations: rules, their versions, runs and rehearsals, and hooks that trigger them."""
        from .rules import AsyncRules

        return AsyncRules(self._transport)

    @cached_property
    def search(self) -> AsyncSearch:
        """Things of all types by name, identifier or id, as far as the caller can read them."""
        from .search import AsyncSearch

        return AsyncSearch(self._transport)

    @cached_property
    def secrets(self) -> AsyncSecrets:
        """Values under a name that connections, chat channels and webhooks refer to, with their versions."""
        from .secrets import AsyncSecrets

        return AsyncSecrets(self._transport)

    @cached_property
    def seed_requests(self) -> AsyncSeedRequests:
        """Seeds of one-time passwords that people and pipelines share, and their codes."""
        from .seed_requests import AsyncSeedRequests

        return AsyncSeedRequests(self._transport)

    @cached_property
    def sensor_templates(self) -> AsyncSensorTemplates:
        """The named values of a device, declared or discovered in its readings."""
        from .sensor_templates import AsyncSensorTemplates

        return AsyncSensorTemplates(self._transport)

    @cached_property
    def sensors(self) -> AsyncSensors:
        """The named values of a device, declared or discovered in its readings."""
        from .sensors import AsyncSensors

        return AsyncSensors(self._transport)

    @cached_property
    def shared_dashboards(self) -> AsyncSharedDashboards:
        """Dashboards of widgets, their folders, data and images, and links that show them without a credential."""
        from .shared_dashboards import AsyncSharedDashboards

        return AsyncSharedDashboards(self._transport)

    @cached_property
    def sms_accounts(self) -> AsyncSmsAccounts:
        """Phone numbers and mail aliases that receive messages, who can use them, the messages, and accounts at providers."""
        from .sms_accounts import AsyncSmsAccounts

        return AsyncSmsAccounts(self._transport)

    @cached_property
    def streams(self) -> AsyncStreams:
        """Readings as they arrive, over Server-Sent Events and WebSocket."""
        from .streams import AsyncStreams

        return AsyncStreams(self._transport)

    @cached_property
    def system(self) -> AsyncSystem:
        """Health and metrics of the server, for its operator, and this documentation."""
        from .system import AsyncSystem

        return AsyncSystem(self._transport)

    @cached_property
    def tariffs(self) -> AsyncTariffs:
        """Prices of consumption with the days on which they hold, assigned to customers and residents."""
        from .tariffs import AsyncTariffs

        return AsyncTariffs(self._transport)

    @cached_property
    def telemetry(self) -> AsyncTelemetry:
        """Readings: ingestion, latest, history, aggregates, thinned series, exports."""
        from .telemetry import AsyncTelemetry

        return AsyncTelemetry(self._transport)

    @cached_property
    def tokens(self) -> AsyncTokens:
        """Seeds of one-time passwords that people and pipelines share, and their codes."""
        from .tokens import AsyncTokens

        return AsyncTokens(self._transport)

    @cached_property
    def unregistered_devices(self) -> AsyncUnregisteredDevices:
        """The customers and residents an organisation measures for, and devices that report before they are registered."""
        from .unregistered_devices import AsyncUnregisteredDevices

        return AsyncUnregisteredDevices(self._transport)

    @cached_property
    def usage(self) -> AsyncUsage:
        """Calls and stored readings by hour or day, and the remaining limits."""
        from .usage import AsyncUsage

        return AsyncUsage(self._transport)

    @cached_property
    def vault(self) -> AsyncVault:
        """The keys that encrypt the secrets of the organisation."""
        from .vault import AsyncVault

        return AsyncVault(self._transport)

    @cached_property
    def webhook_messages(self) -> AsyncWebhookMessages:
        """Endpoints that receive events, their messages and delivery attempts, and replay."""
        from .webhook_messages import AsyncWebhookMessages

        return AsyncWebhookMessages(self._transport)

    @cached_property
    def webhooks(self) -> AsyncWebhooks:
        """Endpoints that receive events, their messages and delivery attempts, and replay."""
        from .webhooks import AsyncWebhooks

        return AsyncWebhooks(self._transport)

    @cached_property
    def widgets(self) -> AsyncWidgets:
        """Dashboards of widgets, their folders, data and images, and links that show them without a credential."""
        from .widgets import AsyncWidgets

        return AsyncWidgets(self._transport)
