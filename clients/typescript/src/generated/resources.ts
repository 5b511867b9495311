// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import type { Transport } from "../transport.js";
import { AddressesResource } from "./resources/addresses.js";
import { AgentsResource } from "./resources/agents.js";
import { AlertEventsResource } from "./resources/alert-events.js";
import { AlertsResource } from "./resources/alerts.js";
import { AuditResource } from "./resources/audit.js";
import { AuthResource } from "./resources/auth.js";
import { BillingResource } from "./resources/billing.js";
import { ChatChannelsResource } from "./resources/chat-channels.js";
import { CommandsResource } from "./resources/commands.js";
import { ConnectionsResource } from "./resources/connections.js";
import { CustomersResource } from "./resources/customers.js";
import { DashboardFoldersResource } from "./resources/dashboard-folders.js";
import { DashboardSharesResource } from "./resources/dashboard-shares.js";
import { DashboardsResource } from "./resources/dashboards.js";
import { DeviceCommandsResource } from "./resources/device-commands.js";
import { DeviceProfilesResource } from "./resources/device-profiles.js";
import { DeviceQueueResource } from "./resources/device-queue.js";
import { DevicesResource } from "./resources/devices.js";
import { EventTypesResource } from "./resources/event-types.js";
import { ExecutionsResource } from "./resources/executions.js";
import { ExpressionsResource } from "./resources/expressions.js";
import { GroupsResource } from "./resources/groups.js";
import { ImportsResource } from "./resources/imports.js";
import { InvitationsResource } from "./resources/invitations.js";
import { InvoiceHoldsResource } from "./resources/invoice-holds.js";
import { InvoiceRunsResource } from "./resources/invoice-runs.js";
import { InvoicesResource } from "./resources/invoices.js";
import { KeysResource } from "./resources/keys.js";
import { MaintenanceResource } from "./resources/maintenance.js";
import { MembersResource } from "./resources/members.js";
import { MessagesResource } from "./resources/messages.js";
import { MeterAlarmsResource } from "./resources/meter-alarms.js";
import { MetersResource } from "./resources/meters.js";
import { OrganizationResource } from "./resources/organization.js";
import { PlacementsResource } from "./resources/placements.js";
import { ProfileResource } from "./resources/profile.js";
import { ProjectsResource } from "./resources/projects.js";
import { RedecodesResource } from "./resources/redecodes.js";
import { RehearsalsResource } from "./resources/rehearsals.js";
import { RuleRunsResource } from "./resources/rule-runs.js";
import { RulesResource } from "./resources/rules.js";
import { SearchResource } from "./resources/search.js";
import { SecretsResource } from "./resources/secrets.js";
import { SeedRequestsResource } from "./resources/seed-requests.js";
import { SensorTemplatesResource } from "./resources/sensor-templates.js";
import { SensorsResource } from "./resources/sensors.js";
import { SharedDashboardsResource } from "./resources/shared-dashboards.js";
import { SmsAccountsResource } from "./resources/sms-accounts.js";
import { StreamsResource } from "./resources/streams.js";
import { SystemResource } from "./resources/system.js";
import { TariffsResource } from "./resources/tariffs.js";
import { TelemetryResource } from "./resources/telemetry.js";
import { TokensResource } from "./resources/tokens.js";
import { UnregisteredDevicesResource } from "./resources/unregistered-devices.js";
import { UsageResource } from "./resources/usage.js";
import { VaultResource } from "./resources/vault.js";
import { WebhookMessagesResource } from "./resources/webhook-messages.js";
import { WebhooksResource } from "./resources/webhooks.js";
import { WidgetsResource } from "./resources/widgets.js";

export * from "./resources/addresses.js";
export * from "./resources/agents.js";
export * from "./resources/alert-events.js";
export * from "./resources/alerts.js";
export * from "./resources/audit.js";
export * from "./resources/auth.js";
export * from "./resources/billing.js";
export * from "./resources/chat-channels.js";
export * from "./resources/commands.js";
export * from "./resources/connections.js";
export * from "./resources/customers.js";
export * from "./resources/dashboard-folders.js";
export * from "./resources/dashboard-shares.js";
export * from "./resources/dashboards.js";
export * from "./resources/device-commands.js";
export * from "./resources/device-profiles.js";
export * from "./resources/device-queue.js";
export * from "./resources/devices.js";
export * from "./resources/event-types.js";
export * from "./resources/executions.js";
export * from "./resources/expressions.js";
export * from "./resources/groups.js";
export * from "./resources/imports.js";
export * from "./resources/invitations.js";
export * from "./resources/invoice-holds.js";
export * from "./resources/invoice-runs.js";
export * from "./resources/invoices.js";
export * from "./resources/keys.js";
export * from "./resources/maintenance.js";
export * from "./resources/members.js";
export * from "./resources/messages.js";
export * from "./resources/meter-alarms.js";
export * from "./resources/meters.js";
export * from "./resources/organization.js";
export * from "./resources/placements.js";
export * from "./resources/profile.js";
export * from "./resources/projects.js";
export * from "./resources/redecodes.js";
export * from "./resources/rehearsals.js";
export * from "./resources/rule-runs.js";
export * from "./resources/rules.js";
export * from "./resources/search.js";
export * from "./resources/secrets.js";
export * from "./resources/seed-requests.js";
export * from "./resources/sensor-templates.js";
export * from "./resources/sensors.js";
export * from "./resources/shared-dashboards.js";
export * from "./resources/sms-accounts.js";
export * from "./resources/streams.js";
export * from "./resources/system.js";
export * from "./resources/tariffs.js";
export * from "./resources/telemetry.js";
export * from "./resources/tokens.js";
export * from "./resources/unregistered-devices.js";
export * from "./resources/usage.js";
export * from "./resources/vault.js";
export * from "./resources/webhook-messages.js";
export * from "./resources/webhooks.js";
export * from "./resources/widgets.js";

/** The resources of the API. */
export class Resources {
  /**
   * Phone numbers and mail aliases that receive messages, who can use them, the messages, and accounts at providers.
   */
  readonly addresses: AddressesResource;
  /** penstock-agent on a device: pair codes, the paired agent, and unpairing. */
  readonly agents: AgentsResource;
  /** Conditions that are monitored on devices, their events, and the actions when an alert is raised. */
  readonly alertEvents: AlertEventsResource;
  /** Conditions that are monitored on devices, their events, and the actions when an alert is raised. */
  readonly alerts: AlertsResource;
  /** Who changed what, and from where; hash-chained, so that tampering is detected. */
  readonly audit: AuditResource;
  /** Exchange e-mail, password and code for tokens; reset a password; accept an invitation. */
  readonly auth: AuthResource;
  /** The cost of the month to date, and the statements of completed months. */
  readonly billing: BillingResource;
  /** Chat channels that alerts and rules post to, and quiet hours. */
  readonly chatChannels: ChatChannelsResource;
  /** The commands that devices support, and their executions. */
  readonly commands: CommandsResource;
  /** Readings from external servers: LoRaWAN network servers, brokers, your own HTTP server. */
  readonly connections: ConnectionsResource;
  /** The customers and residents an organisation measures for, and devices that report before they are registered. */
  readonly customers: CustomersResource;
  /** Dashboards of widgets, their folders, data and images, and links that show them without a credential. */
  readonly dashboardFolders: DashboardFoldersResource;
  /** Dashboards of widgets, their folders, data and images, and links that show them without a credential. */
  readonly dashboardShares: DashboardSharesResource;
  /** Dashboards of widgets, their folders, data and images, and links that show them without a credential. */
  readonly dashboards: DashboardsResource;
  /** The commands that devices support, and their executions. */
  readonly deviceCommands: DeviceCommandsResource;
  /** The settings shared by devices of one model: expected interval, sensors, and codec. */
  readonly deviceProfiles: DeviceProfilesResource;
  /** The commands that devices support, and their executions. */
  readonly deviceQueue: DeviceQueueResource;
  /** Things that send readings or receive commands: identifiers, labels, location, access tokens, pause and resume. */
  readonly devices: DevicesResource;
  /** The commands that devices support, and their executions. */
  readonly eventTypes: EventTypesResource;
  /** The commands that devices support, and their executions. */
  readonly executions: ExecutionsResource;
  /** Previews of conditions and templates. */
  readonly expressions: ExpressionsResource;
  /** Sets of members of the organisation. */
  readonly groups: GroupsResource;
  /** Devices, registers, residents and placements from CSV files, checked by a dry run. */
  readonly imports: ImportsResource;
  /** Invitations by e-mail, and their status. */
  readonly invitations: InvitationsResource;
  /** What customers and residents owe: previews, closing of periods, invoices, credit notes, payments. */
  readonly invoiceHolds: InvoiceHoldsResource;
  /** What customers and residents owe: previews, closing of periods, invoices, credit notes, payments. */
  readonly invoiceRuns: InvoiceRunsResource;
  /** What customers and residents owe: previews, closing of periods, invoices, credit notes, payments. */
  readonly invoices: InvoicesResource;
  /** API keys: scopes, restrictions, rotation and revocation. */
  readonly keys: KeysResource;
  /** Conditions that are monitored on devices, their events, and the actions when an alert is raised. */
  readonly maintenance: MaintenanceResource;
  /** The users of the organisation, their roles and sessions; off-boarding. */
  readonly members: MembersResource;
  /**
   * Phone numbers and mail aliases that receive messages, who can use them, the messages, and accounts at providers.
   */
  readonly messages: MessagesResource;
  /** Alarms of meters, such as leaks, back-flow and low batteries, and their settings by device and profile. */
  readonly meterAlarms: MeterAlarmsResource;
  /** Devices that count: registers, values and their edits, consumption, balances, leak hints. */
  readonly meters: MetersResource;
  /** The caller, its organisation and the organisation's projects. */
  readonly organization: OrganizationResource;
  /** The customers and residents an organisation measures for, and devices that report before they are registered. */
  readonly placements: PlacementsResource;
  /** The signed-in user's own account: name, password, second factor, sessions. Not available to API keys. */
  readonly profile: ProfileResource;
  /** The caller, its organisation and the organisation's projects. */
  readonly projects: ProjectsResource;
  /** The settings shared by devices of one model: expected interval, sensors, and codec. */
  readonly redecodes: RedecodesResource;
  /** Automations: rules, their versions, runs and rehearsals, and hooks that trigger them. */
  readonly rehearsals: RehearsalsResource;
  /** Automations: rules, their versions, runs and rehearsals, and hooks that trigger them. */
  readonly ruleRuns: RuleRunsResource;
  /** Automations: rules, their versions, runs and rehearsals, and hooks that trigger them. */
  readonly rules: RulesResource;
  /** Things of all types by name, identifier or id, as far as the caller can read them. */
  readonly search: SearchResource;
  /** Values under a name that connections, chat channels and webhooks refer to, with their versions. */
  readonly secrets: SecretsResource;
  /** Seeds of one-time passwords that people and pipelines share, and their codes. */
  readonly seedRequests: SeedRequestsResource;
  /** The named values of a device, declared or discovered in its readings. */
  readonly sensorTemplates: SensorTemplatesResource;
  /** The named values of a device, declared or discovered in its readings. */
  readonly sensors: SensorsResource;
  /** Dashboards of widgets, their folders, data and images, and links that show them without a credential. */
  readonly sharedDashboards: SharedDashboardsResource;
  /**
   * Phone numbers and mail aliases that receive messages, who can use them, the messages, and accounts at providers.
   */
  readonly smsAccounts: SmsAccountsResource;
  /** Readings as they arrive, over Server-Sent Events and WebSocket. */
  readonly streams: StreamsResource;
  /** Health and metrics of the server, for its operator, and this documentation. */
  readonly system: SystemResource;
  /** Prices of consumption with the days on which they hold, assigned to customers and residents. */
  readonly tariffs: TariffsResource;
  /** Readings: ingestion, latest, history, aggregates, thinned series, exports. */
  readonly telemetry: TelemetryResource;
  /** Seeds of one-time passwords that people and pipelines share, and their codes. */
  readonly tokens: TokensResource;
  /** The customers and residents an organisation measures for, and devices that report before they are registered. */
  readonly unregisteredDevices: UnregisteredDevicesResource;
  /** Calls and stored readings by hour or day, and the remaining limits. */
  readonly usage: UsageResource;
  /** The keys that encrypt the secrets of the organisation. */
  readonly vault: VaultResource;
  /** Endpoints that receive events, their messages and delivery attempts, and replay. */
  readonly webhookMessages: WebhookMessagesResource;
  /** Endpoints that receive events, their messages and delivery attempts, and replay. */
  readonly webhooks: WebhooksResource;
  /** Dashboards of widgets, their folders, data and images, and links that show them without a credential. */
  readonly widgets: WidgetsResource;

  constructor(transport: Transport) {
    this.addresses = new AddressesResource(transport);
    this.agents = new AgentsResource(transport);
    this.alertEvents = new AlertEventsResource(transport);
    this.alerts = new AlertsResource(transport);
    this.audit = new AuditResource(transport);
    this.auth = new AuthResource(transport);
    this.billing = new BillingResource(transport);
    this.chatChannels = new ChatChannelsResource(transport);
    this.commands = new CommandsResource(transport);
    this.connections = new ConnectionsResource(transport);
    this.customers = new CustomersResource(transport);
    this.dashboardFolders = new DashboardFoldersResource(transport);
    this.dashboardShares = new DashboardSharesResource(transport);
    this.dashboards = new DashboardsResource(transport);
    this.deviceCommands = new DeviceCommandsResource(transport);
    this.deviceProfiles = new DeviceProfilesResource(transport);
    this.deviceQueue = new DeviceQueueResource(transport);
    this.devices = new DevicesResource(transport);
    this.eventTypes = new EventTypesResource(transport);
    this.executions = new ExecutionsResource(transport);
    this.expressions = new ExpressionsResource(transport);
    this.groups = new GroupsResource(transport);
    this.imports = new ImportsResource(transport);
    this.invitations = new InvitationsResource(transport);
    this.invoiceHolds = new InvoiceHoldsResource(transport);
    this.invoiceRuns = new InvoiceRunsResource(transport);
    this.invoices = new InvoicesResource(transport);
    this.keys = new KeysResource(transport);
    this.maintenance = new MaintenanceResource(transport);
    this.members = new MembersResource(transport);
    this.messages = new MessagesResource(transport);
    this.meterAlarms = new MeterAlarmsResource(transport);
    this.meters = new MetersResource(transport);
    this.organization = new OrganizationResource(transport);
    this.placements = new PlacementsResource(transport);
    this.profile = new ProfileResource(transport);
    this.projects = new ProjectsResource(transport);
    this.redecodes = new RedecodesResource(transport);
    this.rehearsals = new RehearsalsResource(transport);
    this.ruleRuns = new RuleRunsResource(transport);
    this.rules = new RulesResource(transport);
    this.search = new SearchResource(transport);
    this.secrets = new SecretsResource(transport);
    this.seedRequests = new SeedRequestsResource(transport);
    this.sensorTemplates = new SensorTemplatesResource(transport);
    this.sensors = new SensorsResource(transport);
    this.sharedDashboards = new SharedDashboardsResource(transport);
    this.smsAccounts = new SmsAccountsResource(transport);
    this.streams = new StreamsResource(transport);
    this.system = new SystemResource(transport);
    this.tariffs = new TariffsResource(transport);
    this.telemetry = new TelemetryResource(transport);
    this.tokens = new TokensResource(transport);
    this.unregisteredDevices = new UnregisteredDevicesResource(transport);
    this.usage = new UsageResource(transport);
    this.vault = new VaultResource(transport);
    this.webhookMessages = new WebhookMessagesResource(transport);
    this.webhooks = new WebhooksResource(transport);
    this.widgets = new WidgetsResource(transport);
  }
}
