// Generated from the OpenAPI document by `make clients`: change the generator, not this file.

/**
 * The token of an invitation, and the user's password: the current one, or a new one if the user has no account yet.
 */
export interface Accept {
  token: string;
  password: string;
  name?: string;
}

/**
 * An account at a provider of SMS.
 *
 * A secret in `settings` is returned only as `…_set`, and `…_secret` is the name of the secret that it refers to.
 * `inbound_path` and `status_path` are the paths that the provider calls; null if it does not call Penstock.
 */
export interface Account {
  id: string;
  name: string;
  kind: "log" | "twilio" | "smpp";
  settings: Record<string, unknown>;
  inbound_path: string | null;
  status_path: string | null;
  link: SmsAccountsLink;
  created_at: string;
  updated_at: string;
}

/** Whether the provider accepts the account's credentials, and its answer. */
export interface AccountCheck {
  ok: boolean;
  detail: string;
}

/** A change of an account: omitted fields are unchanged, also inside `settings`, where null clears a field. */
export interface AccountPatch {
  name?: string;
  settings?: Record<string, unknown>;
}

/** An acknowledgement, with an optional note for other users. */
export interface Acknowledge {
  note?: string | null;
}

/** An acknowledgement, with an optional note for other users. */
export interface AcknowledgeAlarm {
  note?: string | null;
}

/** The command's new state. */
export interface Acknowledged {
  id: string;
  state: "queued" | "sent" | "received" | "done" | "failed" | "expired" | "cancelled";
}

/**
 * The device's response to a command.
 *
 * `ok` true: done; false: failed, with the reason in `error`; omitted: received and in progress, optionally with
 * `progress`. `id` identifies the command if the path or topic does not.
 */
export interface AcknowledgementMessage {
  id?: string | null;
  ok?: boolean | null;
  /** Any JSON value. */
  result?: unknown;
  error?: string | null;
  /** Any JSON value. */
  progress?: unknown;
}

/** The result of an action. */
export interface ActionResult {
  type: string;
  ok: boolean;
  detail: string;
}

/**
 * When an alert can be raised: days (1 Monday to 7 Sunday) and local hours in a time zone.
 *
 * If the end is before the start, the span continues past midnight and belongs to the day on which it starts.
 */
export interface ActiveHours {
  time_zone: string;
  days?: number[];
  from?: string;
  to?: string;
}

/**
 * An address of the inbox.
 *
 * A number sends and receives through its SMS account; what it sends without one is only logged. Alerts and rules send
 * from the number that is `for_notifications`. A released address sends and receives nothing; its messages can still be
 * read.
 */
export interface Address {
  id: string;
  channel: "sms" | "mail";
  value: string;
  label: string;
  account_id: string | null;
  for_notifications: boolean;
  created_at: string;
  updated_at: string;
  released_at: string | null;
}

/** An address to take into use: a number in the form of E.164, or an alias for mails. */
export interface AddressCreate {
  channel?: "mail" | "sms";
  value: string;
  label?: string;
  account_id?: string | null;
  for_notifications?: boolean;
}

/** The right of a group, user or key to use an address. `subject_id` is its id. */
export interface AddressGrant {
  subject_kind: "group" | "user" | "key";
  subject_id: string;
  created_by: string;
  created_at: string;
}

/** Fields of an address to change. */
export interface AddressPatch {
  label?: string;
  account_id?: string | null;
  for_notifications?: boolean;
}

/** Buckets, with their range. `truncated`: the readings have more fields, which follow `next_fields_after`. */
export interface Aggregated {
  data: BucketOut[];
  bucket: string;
  timezone: string;
  query: Range;
  truncated: boolean;
  next_fields_after: string | null;
}

/** The settings of alarms by kind. What is omitted comes from the profile, or else from the defaults. */
export interface AlarmSettings {
  continuous_flow?: ContinuousFlow;
  burst?: Burst;
  back_flow?: BackFlow;
  frozen?: Frozen;
  low_battery?: LowBattery;
  tamper?: Tamper;
}

/**
 * An alert: the monitored devices, the condition, and the actions when it is raised.
 *
 * With `snoozed_until` it notifies no one until then, on any device; `snoozed_by` is who snoozed it.
 */
export interface Alert {
  id: string;
  name: string;
  description: string;
  target: Target;
  condition: ShownAlertCondition;
  severity: "info" | "warning" | "critical";
  enabled: boolean;
  for_s: number;
  max_gap_s: number | null;
  hysteresis: number;
  n_of_m: NOfM | null;
  active_hours: ActiveHours | null;
  cooldown_s: number;
  auto_clear_s: number | null;
  actions: AlertAction[];
  escalation: EscalationStep[];
  backfill: boolean;
  last_raised_at: string | null;
  snoozed_until: string | null;
  snoozed_by: string | null;
  evaluation_errors: EvaluationErrors;
  created_at: string;
  updated_at: string;
}

export type AlertAction = WebhookAction | EmailAction | CommandAction | SmsAction | ChatAction;

export type AlertCondition = Threshold | ValueChange | RateOfChange | NoData | Connectivity | Geofence | Expression;

/**
 * An alert to create.
 *
 * `for_s`: how long the condition must be true, in readings at most `max_gap_s` apart. `hysteresis`: how far a value
 * must return past the threshold before the alert is cleared. `cooldown_s`: the minimum time between two raises for one
 * device. `auto_clear_s`: the alert is cleared if the condition was not true for this long. `backfill`: whether
 * backfill is evaluated too.
 */
export interface AlertCreate {
  name: string;
  target: Target;
  condition: AlertCondition;
  description?: string;
  severity?: "critical" | "high" | "info" | "low" | "medium" | "warning";
  enabled?: boolean;
  for_s?: number;
  max_gap_s?: number | null;
  hysteresis?: number;
  n_of_m?: NOfM | null;
  active_hours?: ActiveHours | null;
  cooldown_s?: number;
  auto_clear_s?: number | null;
  actions?: AlertAction[];
  escalation?: EscalationStep[];
  backfill?: boolean;
}

/**
 * One time an alert was raised for a device, until it is cleared.
 *
 * `value`, `reading_id` and `time` belong to the reading that raised it. `raised_at` and `cleared_at` are the times of
 * the readings, `raised_received_at` and `cleared_received_at` when the server received them; without a reading both
 * are the same. `name` and `device_name` remain when the alert or the device is deleted. `suppressed` counts how often
 * it would have been raised since the previous event. `escalated_at` are the times of its escalation steps. `message`,
 * `rule_id` and `run_id` are set if a rule raised it; `suppressed` then counts the raises while it was already raised.
 * With `snoozed_until` the alert notifies no one until then, on this device or on every device.
 */
export interface AlertEvent {
  id: string;
  alert_id: string;
  device_id: string;
  device_name: string;
  name: string;
  severity: "info" | "warning" | "critical";
  state: "raised" | "acknowledged" | "cleared";
  value: number | boolean | string | null;
  reading_id: string | null;
  time: string;
  raised_at: string;
  raised_received_at: string;
  suppressed: number;
  escalated_at: string[];
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  note: string | null;
  cleared_at: string | null;
  cleared_received_at: string | null;
  cleared_by: string | null;
  clear_reason: "condition" | "quiet" | "manual" | "changed" | "alert_deleted" | "device_deleted" | null;
  clear_value: number | boolean | string | null;
  clear_reading_id: string | null;
  message: string;
  rule_id: string | null;
  run_id: string | null;
  snoozed_until: string | null;
}

/**
 * A change of an alert: omitted fields are unchanged, null clears a field.
 *
 * A change of the target, the condition, its timing, `enabled` or `backfill` clears the open alert events.
 */
export interface AlertPatch {
  name?: string;
  target?: Target;
  condition?: AlertCondition;
  description?: string;
  severity?: "critical" | "high" | "info" | "low" | "medium" | "warning";
  enabled?: boolean;
  for_s?: number;
  max_gap_s?: number | null;
  hysteresis?: number;
  n_of_m?: NOfM | null;
  active_hours?: ActiveHours | null;
  cooldown_s?: number;
  auto_clear_s?: number | null;
  actions?: AlertAction[];
  escalation?: EscalationStep[];
  backfill?: boolean;
}

/** An alert that is not stored, a device, and a range of event times: `from` and `to`, or a length such as `24h`. */
export interface AlertPreview {
  device_id: string;
  condition: AlertCondition;
  for_s?: number;
  max_gap_s?: number | null;
  hysteresis?: number;
  n_of_m?: NOfM | null;
  active_hours?: ActiveHours | null;
  cooldown_s?: number;
  auto_clear_s?: number | null;
  backfill?: boolean;
  from?: string | null;
  to?: string | null;
  range?: string | null;
}

/**
 * How often the alert would have been raised, and the first 500 `times`.
 *
 * `from` and `to` are the range within the plan's retention. `evaluated_to` is earlier than `to` if the range has more
 * than 10,000 readings, or ends in the future. `readings` counts the readings that were evaluated, or for
 * `connectivity` the changes; `suppressed` counts how often cooldown or active hours would have prevented the alert
 * from being raised.
 */
export interface AlertPreviewed {
  from: string;
  to: string;
  evaluated_to: string;
  readings: number;
  raised: number;
  suppressed: number;
  times: WouldBeRaised[];
  evaluation_errors: EvaluationErrors;
}

/** The device to test the actions with; by default the first that the alert names. */
export interface AlertTest {
  device_id?: string | null;
}

/** How many actions are executed as a test. */
export interface AlertTested {
  actions: number;
}

/**
 * The consumption of a bucket.
 *
 * `quality` is that of its least certain day: `measured`; `partial`, the first day of the meter; `interpolated`, in a
 * gap; `estimated`, after the last value; or `missing`. `not_measured` is the part without readings, and `method` how
 * that was computed (`mixed`: in several ways). `suspects` values were held out until a person decides about them.
 *
 * Units: consumption and not_measured in the `unit` next to the buckets.
 */
export interface Amount {
  start: string;
  end: string;
  /** An exact decimal. */
  consumption: number | null;
  /** An exact decimal. */
  not_measured: number;
  quality: "measured" | "partial" | "interpolated" | "estimated" | "missing";
  method: "linear" | "profile" | "usual_day" | "mixed" | null;
  missing_days: number;
  suspects: number;
}

/** A tariff from a day until another (not included); null: without a limit. */
export interface Assignment {
  tariff_id: string;
  tariff: string;
  currency: string;
  from: string | null;
  to: string | null;
}

/** A tariff from a day until another (not included); without them, always. */
export interface AssignmentWrite {
  tariff_id: string;
  from?: string | null;
  to?: string | null;
}

/** All tariffs of a customer or resident. */
export interface Assignments {
  tariffs: Assignment[];
}

/** All tariffs of a customer or resident, in the order of their days. */
export interface AssignmentsWrite {
  tariffs: AssignmentWrite[];
}

/** A file that was attached to a mail. Only its name, type and size in bytes are kept. */
export interface Attachment {
  name: string;
  content_type: string;
  size: number;
}

/** The head of the chain: its last sequence number and hash. */
export interface AuditHead {
  seq: number;
  hash: string;
  ts: string | null;
}

/** An audit entry. `hash` chains it to the previous one: see the guide on how to verify an export. */
export interface AuditRow {
  seq: number;
  ts: string;
  action: string;
  actor_kind: "key" | "user" | "device" | "system";
  actor_id: string;
  user: string;
  ip: string;
  target_type: string;
  target_id: string;
  target_name: string;
  outcome: "success" | "failure";
  details: Record<string, unknown>;
  prev_hash: string;
  hash: string;
}

/** A number that can be bought, and where it is. */
export interface AvailableNumber {
  value: string;
  locality: string | null;
  region: string | null;
  country: string | null;
}

/** More than `volume` flowed back within 24 hours, in m³. */
export interface BackFlow {
  enabled?: boolean | null;
  volume?: number | null;
}

/** A backup. `done` is the share of the work, from 0 to 1; `bytes` is null until the file is complete. */
export interface Backup {
  name: string;
  state: "running" | "complete" | "failed";
  created_at: string;
  bytes: number | null;
  done: number;
  error: string | null;
}

/**
 * One day: the consumption at the principal meters and at the leaves, and the difference.
 *
 * Only leaves measured on that day and the day before count; `leaves_estimated` is the usual consumption of the others.
 * `notable`: the difference is more than 15 % of the day's consumption.
 */
export interface BalanceDay {
  start: string;
  end: string;
  /** An exact decimal. */
  principal: number | null;
  /** An exact decimal. */
  leaves: number;
  /** An exact decimal. */
  unmetered: number | null;
  notable: boolean;
  leaves_measured: number;
  leaves_silent: number;
  /** An exact decimal. */
  leaves_estimated: number;
}

/** The days of a balance, in the base unit of the quantity. */
export interface BalanceDays {
  customer_id: string;
  kind: "volume" | "reverse_volume" | "energy" | "reverse_energy" | "heat" | "cooling" | "count";
  unit: string;
  timezone: string;
  data: BalanceDay[];
  query: Range;
}

/** The outcome of a batch. `seqs` has one entry per row, null if the row was rejected. */
export interface BatchStored {
  accepted: number;
  duplicates: number;
  quarantined: number;
  rejected: number;
  seqs: (number | null)[];
  errors: RowError[];
}

/**
 * The cost of a month to date.
 *
 * Units: costs are decimals with two digits in `currency`, as strings, so that no client rounds them.
 */
export interface BillSummary {
  tier: string;
  from: string;
  to: string;
  active_devices: number;
  included_devices: number;
  overage_devices: number;
  base_cost: string;
  overage_cost: string;
  total_cost: string;
  currency: string;
}

/** One bucket: by sensor, then by function. In a bucket without readings count is 0 and all else is null. */
export interface BucketOut {
  start: string;
  end: string;
  values: Record<string, Record<string, unknown>>;
}

/** What to do with alert events. `note` is for acknowledge and snooze; `until` or `for_s` for snooze. */
export interface BulkAct {
  action: "acknowledge" | "clear" | "snooze";
  event_ids: string[];
  note?: string | null;
  until?: string | null;
  for_s?: number | null;
}

/** The outcome for each alert event, in the order of the request. */
export interface BulkDone {
  done: number;
  failed: number;
  data: BulkOutcome[];
}

/** What happened to one alert event. `code` and `detail` are those of the error, null if it was done. */
export interface BulkOutcome {
  event_id: string;
  done: boolean;
  code: string | null;
  detail: string | null;
}

/** The flow was above `flow` at two readings in a row, in m³ per hour. */
export interface Burst {
  enabled?: boolean | null;
  flow?: number | null;
}

/** Numbers by severity. */
export interface BySeverity {
  critical: number;
  warning: number;
  info: number;
}

/** Why an invoice is cancelled. It appears on the credit note. */
export interface CancelWrite {
  reason: string;
}

/**
 * A chat channel. `target` is its address without the credential.
 *
 * `secret_references` are the names of the secrets that its fields refer to, by field. `failures` counts the messages
 * that were not accepted since the last success; `last_error` states why the last one failed.
 */
export interface Channel {
  id: string;
  name: string;
  kind: "slack" | "discord" | "telegram" | "teams";
  target: string;
  secret_references: Record<string, string>;
  last_sent_at: string | null;
  failures: number;
  last_error: string | null;
  last_error_at: string | null;
  created_at: string;
  updated_at: string;
}

/**
 * A chat channel to create.
 *
 * Slack, Discord and Teams have a `url` for incoming messages, Telegram a bot's `token` and a `chat`: a number, or the
 * name of a public channel.
 */
export interface ChannelCreate {
  name: string;
  kind: "discord" | "slack" | "teams" | "telegram";
  url?: string | null;
  token?: string | null;
  chat?: string | null;
}

/**
 * A change of a chat channel: omitted fields are unchanged. Its name and kind are fixed: alerts and rules refer to it.
 */
export interface ChannelPatch {
  url?: string;
  token?: string;
  chat?: string;
}

/** Whether the chat service accepted the message, and the reason if not. */
export interface ChannelTested {
  delivered: boolean;
  error: string | null;
}

/**
 * A sum per day or calendar month.
 *
 * Units: amount in the tariff's currency, without VAT; vat_rate in per cent.
 */
export interface Charge {
  name: string;
  amount: string;
  per: "day" | "month";
  vat_rate: string;
}

/**
 * A sum per day or calendar month.
 *
 * Units: amount in the tariff's currency, without VAT; vat_rate in per cent.
 */
export interface ChargeWrite {
  amount: number | string;
  per?: "day" | "month";
  name?: string;
  /** By default `0`. */
  vat_rate?: number | string;
}

/** Values over time. `bucket` is a length such as `15m`, or `auto`: chosen from the range. */
export interface ChartOptions {
  type: "chart";
  series: ChartSeries[];
  style?: "area" | "bar" | "line";
  bucket?: string;
  thresholds?: WidgetThreshold[];
}

/** A line of a chart. A source of several devices makes a line for each. */
export interface ChartSeries {
  source: DashboardsSource;
  field: string;
  function?: "avg" | "count" | "first" | "last" | "max" | "min" | "sum";
  label?: string;
  color?: string;
  axis?: "left" | "right";
}

/** A message in the chat channel with this name. `text` is a template. */
export interface ChatAction {
  type: "chat";
  channel: string;
  on_clear?: boolean;
  text?: string;
}

/** A check, with a line about its result. */
export interface Check {
  name: string;
  status: "ok" | "warn" | "fail";
  detail: string;
}

/** The settings of validation; null is the default. */
export interface Checks {
  /** An exact decimal. */
  max_flow: number | null;
  /** An exact decimal. */
  noise: number | null;
  frozen_after_s: number | null;
  estimation: "linear" | "profile";
}

/** The settings of validation; null is the default. `max_flow` and `noise` are in the register's unit (per hour). */
export interface ChecksSet {
  max_flow?: number | string | null;
  noise?: number | string | null;
  frozen_after_s?: number | null;
  estimation?: "linear" | "profile";
}

/** Downlinks over the gRPC API of ChirpStack 4: its address, and an API key of ChirpStack. */
export interface ChirpStackApi {
  by: "api";
  url: string;
  token?: string | null;
}

/**
 * A connection to create for ChirpStack 3 or 4. Without `project_id` it applies to every device of the organisation.
 */
export interface ChirpStackCreate {
  type: "chirpstack";
  name: string;
  project_id?: string | null;
  settings?: ChirpStackSettings;
}

export type ChirpStackDownlink = ChirpStackApi | ChirpStackRest | ChirpStackMqtt;

/** Downlinks over the command topic of ChirpStack 4 or 3, through another connection, which must be of type mqtt. */
export interface ChirpStackMqtt {
  by: "mqtt";
  connection_id: string;
  topic?: string;
}

/**
 * Downlinks over the REST API of ChirpStack 3: the address of its application server, and an API key of that server.
 */
export interface ChirpStackRest {
  by: "rest";
  url: string;
  token?: string | null;
}

/** ChirpStack 3 or 4 with its HTTP integration. */
export interface ChirpStackSettings {
  downlink?: ChirpStackDownlink | null;
}

/** Clears the alert with this name for the device that caused the run, or for the device in `device_id`. */
export interface ClearAlertAction {
  type: "clear_alert";
  name: string;
  device_id?: string;
}

/** A code, and for how many seconds it is valid. */
export interface Code {
  code: string;
  expires_in_s: number;
  period_s: number;
}

/** A note on why an old version is restored. */
export interface CodecRestore {
  note?: string;
}

/** A script to save as the next version of a codec. */
export interface CodecSave {
  script: string;
  note?: string;
}

/**
 * A version of a profile's codec. It never changes.
 *
 * `functions` are the functions that the script defines: decodeUplink, encodeDownlink, decodeDownlink, or Decode,
 * Encode (ChirpStack 3), Decoder, Encoder (The Things Network 2). `restored_from` is the number of the version that was
 * restored. `script` is null in lists.
 */
export interface CodecVersion {
  id: string;
  profile_id: string;
  number: number;
  functions: string[];
  note: string;
  author: string;
  restored_from: number | null;
  created_at: string;
  script?: string | null;
}

/** A command that a device, or every device of a type or a project, supports. */
export interface Command {
  id: string;
  device_id: string | null;
  device_type: string | null;
  project_id: string | null;
  name: string;
  description: string;
  parameters: Parameter[];
  transport: "any" | "http" | "mqtt" | "agent" | "lorawan";
  verification: "none" | "next_reading" | "acknowledgement";
  timeout_s: number;
  repeatable: boolean;
  created_at: string;
  updated_at: string;
}

/** A command for the alert's device, or for the device in `device_id`. */
export interface CommandAction {
  type: "command";
  definition_id: string;
  device_id?: string | null;
  parameters?: Record<string, unknown>;
  on_clear?: boolean;
}

/** A button that sends a command to a device. Who presses it sends the command with their own permissions. */
export interface CommandButtonOptions {
  type: "command_button";
  device_id: string;
  command_id: string;
  parameters?: Record<string, unknown>;
  label?: string;
  confirm?: boolean;
}

/** A command to create for one device, or for every device of a type or a project: set one of the three. */
export interface CommandCreate {
  name: string;
  description?: string;
  parameters?: Parameter[];
  transport?: "agent" | "any" | "http" | "lorawan" | "mqtt";
  verification?: "acknowledgement" | "next_reading" | "none";
  timeout_s?: number | null;
  repeatable?: boolean;
  device_id?: string | null;
  device_type?: string | null;
  project_id?: string | null;
}

/** A command for a device. `id` identifies it in the acknowledgement. */
export interface CommandMessage {
  id: string;
  name: string;
  parameters: Record<string, unknown>;
  created_at: string;
  expires_at: string;
}

/** A change of a command: omitted fields are unchanged, `parameters` is replaced as a whole. Executions keep theirs. */
export interface CommandPatch {
  name?: string;
  description?: string;
  parameters?: Parameter[];
  transport?: "agent" | "any" | "http" | "lorawan" | "mqtt";
  verification?: "acknowledgement" | "next_reading" | "none";
  timeout_s?: number;
  repeatable?: boolean;
}

/** The differences between two versions of a rule. `before_number` is null for the first version. */
export interface Comparison {
  before_number: number | null;
  after_number: number;
  differences: Difference[];
}

/** The token that the agent has stored. */
export interface Confirm {
  token: string;
}

/** A code of the factor that is being enrolled. */
export interface ConfirmCode {
  code: string;
}

/**
 * A connection.
 *
 * A secret in `settings` is returned only as `…_set`. `ingest_path` is the path to which the external server posts;
 * null if Penstock opens the connection. `link` is the state of a connection of type mqtt; null while it is paused, and
 * for other types. Counts and times of activity are updated within a second or two; `devices` is the number of devices
 * that last reported through this connection.
 */
export interface Connection {
  id: string;
  organization_id: string;
  project_id: string | null;
  name: string;
  type: "chirpstack" | "things_stack" | "lorawan_http" | "custom" | "mqtt";
  status: "active" | "paused";
  settings: Record<string, unknown>;
  secret_prefix: string;
  previous_secret_until: string | null;
  ingest_path: string | null;
  devices: number;
  messages: number;
  errors: number;
  last_message_at: string | null;
  last_error_at: string | null;
  last_error: string | null;
  link: Link | null;
  created_at: string;
  updated_at: string;
}

export type ConnectionCreate = ChirpStackCreate | ThingsStackCreate | LorawanHttpCreate | CustomCreate | MqttCreate;

/** A change of a connection: omitted fields are unchanged, also inside `settings`, where null clears a field. */
export interface ConnectionPatch {
  name?: string;
  project_id?: string | null;
  settings?: Record<string, unknown>;
}

/** The device went offline or came online; with `for_s`, it stayed so for this long. */
export interface Connectivity {
  type: "connectivity";
  state: "offline" | "online";
}

/**
 * A device came online or went offline.
 *
 * `reason` is connected, reading or seen when it came online; silent, reported, lost, last_will or cut when it went
 * offline.
 */
export interface ConnectivityChange {
  connectivity: "online" | "offline" | "never";
  reason: "connected" | "reading" | "seen" | "silent" | "reported" | "lost" | "last_will" | "cut";
  at: string;
}

/** When a device comes online or goes offline, or only one of the two (`states`). */
export interface ConnectivityTrigger {
  type: "connectivity";
  device_ids?: string[];
  device_type?: string;
  states?: ("offline" | "online")[];
}

/**
 * A type of connection.
 *
 * `direction` is `push` if the external server calls Penstock, and `pull` if Penstock connects to it.
 */
export interface Connector {
  type: "chirpstack" | "things_stack" | "lorawan_http" | "custom" | "mqtt";
  name: string;
  description: string;
  direction: string;
  settings?: string[];
}

/** The flow never stopped for `hours`, with at least hourly readings. */
export interface ContinuousFlow {
  enabled?: boolean | null;
  hours?: number | null;
}

/** A connection and its secret. Copy the secret now: it is not shown again. */
export interface CreatedConnection {
  connection: Connection;
  secret: string;
}

/** A device and its access token. Copy the token now: it is not shown again. */
export interface CreatedDevice {
  device: Device;
  access_token: string;
}

/** A key and its value. Copy the value now: it is not shown again. */
export interface CreatedKey {
  key: Key;
  value: string;
  warning?: string;
}

/** A new share link. `token`, and `url` with it, are only in this response. */
export interface CreatedShare {
  share: Share;
  token: string;
  url: string;
}

/** An endpoint and its secret. Copy the secret now: it is not shown again. Null if its messages are not signed. */
export interface CreatedWebhook {
  webhook: Webhook;
  secret: string | null;
}

/** A connection to create for your own server, which sends JSON. Without `project_id` it applies to every device. */
export interface CustomCreate {
  type: "custom";
  name: string;
  project_id?: string | null;
  settings?: CustomSettings;
}

/** JSON of any program: `dev_eui`, `timestamp`, and values next to them. It has no settings. */
export interface CustomSettings {
}

/** A customer: a building or community for which devices measure. */
export interface Customer {
  id: string;
  name: string;
  admin_email: string;
  tenant_name: string;
  timezone: string;
  created_at: string;
}

/** The total consumption of one kind at the meters of one role, in the base unit of its quantity. */
export interface CustomerConsumption {
  customer_id: string;
  role: "principal" | "leaf" | "intermediate";
  kind: "volume" | "reverse_volume" | "energy" | "reverse_energy" | "heat" | "cooling" | "count";
  unit: string;
  meters: number;
  bucket: string;
  timezone: string;
  data: Amount[];
  query: Range;
}

/**
 * A customer to create. `tenant_name` is the name that network servers use for it, unique in the organisation.
 *
 * `timezone` is an IANA name, such as Europe/Berlin.
 */
export interface CustomerCreate {
  name: string;
  admin_email: string;
  tenant_name: string;
  timezone?: string;
}

/** A change of a customer: omitted fields are unchanged. */
export interface CustomerPatch {
  name?: string | null;
  admin_email?: string | null;
  timezone?: string | null;
}

/** Counts of a device's connections that the server closed or rejected, although its token was valid. */
export interface Cuts {
  connections: number;
  last_at: string;
  last_reason: string;
}

/** A dashboard. With `project_id`, labels select devices of that project only. */
export interface Dashboard {
  id: string;
  name: string;
  description: string;
  folder_id: string | null;
  project_id: string | null;
  range: string | null;
  from: string | null;
  to: string | null;
  live: boolean;
  refresh_s: number | null;
  variables: Variable[];
  widget_count: number;
  created_at: string;
  updated_at: string;
}

/**
 * A dashboard to create. It is shown with `range`, such as `24h`, or with `from` and `to`.
 *
 * `live`: values follow as they are reported. `refresh_s`: it is read again after so many seconds.
 */
export interface DashboardCreate {
  name: string;
  description?: string;
  folder_id?: string | null;
  project_id?: string | null;
  range?: string | null;
  from?: string | null;
  to?: string | null;
  live?: boolean;
  refresh_s?: number | null;
  variables?: Variable[];
}

/**
 * What the widgets of a dashboard show, oldest widget first. Widgets that show no values, such as texts, are left out.
 */
export interface DashboardData {
  widgets: WidgetShown[];
}

/** A dashboard as a document. It has no images, and no share links. */
export interface DashboardDocument {
  format: "penstock-dashboard";
  version: 1;
  name: string;
  description?: string;
  range?: string | null;
  from?: string | null;
  to?: string | null;
  live?: boolean;
  refresh_s?: number | null;
  variables?: Variable[];
  widgets?: DocumentWidget[];
}

/** The name of the copy; without it, the name of the dashboard with `(copy)`. */
export interface DashboardDuplicate {
  name?: string | null;
}

/** A document to import, and where to. */
export interface DashboardImport {
  document: DashboardDocument;
  folder_id?: string | null;
  project_id?: string | null;
}

/** A change of a dashboard: omitted fields are unchanged. To show `from` and `to`, set `"range": null` with them. */
export interface DashboardPatch {
  name?: string;
  description?: string;
  folder_id?: string | null;
  project_id?: string | null;
  range?: string | null;
  from?: string | null;
  to?: string | null;
  live?: boolean;
  refresh_s?: number | null;
  variables?: Variable[];
}

/** The devices that a widget shows: one, several, that of a variable of the dashboard, or all with some labels. */
export interface DashboardsSource {
  device_id?: string | null;
  device_ids?: string[];
  variable?: string | null;
  labels?: Record<string, string>;
}

/** The range that is shown. */
export interface DataRange {
  from: string;
  to: string;
}

/** A rule's document: its trigger, its condition and its actions, in order. An empty condition is always true. */
export interface Definition {
  trigger: RuleTrigger;
  windows?: Window[];
  condition?: string;
  actions?: RuleAction[];
}

/**
 * A device. `status` is set by users; `connectivity` (online, offline, never) follows from its connections and
 * readings.
 *
 * `malformed` is null if every message could be parsed, `cuts` if the server has closed or rejected no connection.
 * `agent_version` and `macaddress` are what its agent reported at its last connection; empty without an agent.
 */
export interface Device {
  id: string;
  organization_id: string;
  project_id: string;
  name: string;
  type: string;
  description: string;
  status: "active" | "paused";
  connectivity: "online" | "offline" | "never";
  settings: Record<string, unknown>;
  labels: Record<string, string>;
  location: Location | null;
  identifiers: Identifier[];
  access_token_prefix: string;
  last_seen_at: string | null;
  expected_interval_s: number | null;
  profile_id: string | null;
  firmware_version: string;
  agent_version: string;
  macaddress: string;
  malformed: Malformed | null;
  cuts: Cuts | null;
  created_at: string;
  updated_at: string;
}

/**
 * A command to create for a device.
 *
 * `transport` selects how the command is delivered: `any` means over any connection of the device, or when it polls.
 * `verification` is the evidence that must follow the receipt within `timeout_s` before the execution is `done`.
 * `repeatable`: the command can be dispatched again if the device never confirmed its receipt, because it is safe to
 * execute twice.
 */
export interface DeviceCommandCreate {
  name: string;
  description?: string;
  parameters?: Parameter[];
  transport?: "agent" | "any" | "http" | "lorawan" | "mqtt";
  verification?: "acknowledgement" | "next_reading" | "none";
  timeout_s?: number | null;
  repeatable?: boolean;
}

/** The consumption of a register of a meter. */
export interface DeviceConsumption {
  device_id: string;
  register: string;
  kind: "volume" | "reverse_volume" | "energy" | "reverse_energy" | "heat" | "cooling" | "count";
  unit: string;
  bucket: string;
  timezone: string;
  data: Amount[];
  events: Event[];
  query: Range;
}

/** How often one device would have caused a run. */
export interface DeviceCount {
  device_id: string;
  occasions: number;
}

/** A device to create. Without `project_id` it is created in the default project. */
export interface DeviceCreate {
  name: string;
  type?: string;
  description?: string;
  project_id?: string | null;
  settings?: Record<string, unknown>;
  labels?: Record<string, string>;
  location?: Location | null;
  identifiers?: Identifier[];
  sensors?: SensorCreate[];
  expected_interval_s?: number | null;
  profile_id?: string | null;
  firmware_version?: string;
}

/**
 * A network server's report about a device.
 *
 * `kind` is join, status, ack, nack, txack, failed, queued, invalidated, location, service or log. `details` contains
 * its facts under Penstock's names: `device_address`, `battery_percent`, `margin_db`, `external_power`,
 * `queue_item_id`, `f_cnt_down`, `gateway_id`, `latitude`, `longitude`, `altitude_m`, `level`, `code`, `description`.
 */
export interface DeviceEventShown {
  id: string;
  kind: string;
  time: string;
  received_at: string;
  connection_id: string | null;
  details: Record<string, unknown>;
}

/** A change of a device: omitted fields are unchanged; null clears the location, the interval and the profile. */
export interface DevicePatch {
  name?: string;
  type?: string;
  description?: string;
  project_id?: string;
  settings?: Record<string, unknown>;
  labels?: Record<string, string>;
  location?: Location | null;
  identifiers?: Identifier[];
  expected_interval_s?: number | null;
  profile_id?: string | null;
  firmware_version?: string;
}

/**
 * The connection through which a device last reported, and its ids at the external server. All null if it never
 * reported.
 */
export interface DeviceRoute {
  connection_id?: string | null;
  device_name?: string | null;
  application_id?: string | null;
}

/** Devices to create, each as when it is created by itself. */
export interface DevicesCreate {
  items: DeviceCreate[];
}

/**
 * The outcome of creating many devices. `devices` has one entry per row, null if it was rejected: then it is in
 * `errors`.
 */
export interface DevicesCreated {
  created: number;
  rejected: number;
  devices: (CreatedDevice | null)[];
  errors: RejectedDevice[];
}

/** A value that differs; null on a side that has no value. */
export interface Difference {
  path: string;
  /** Any JSON value. */
  before: unknown;
  /** Any JSON value. */
  after: unknown;
}

/**
 * The disk with the data directory, in bytes.
 *
 * `bytes_per_day` is what was stored per day of the last two weeks, `days_left` the days until the disk is full at this
 * rate; null if it is not known yet, or if that is ten years away.
 */
export interface Disk {
  total_bytes: number;
  free_bytes: number;
  readings_bytes: number;
  control_bytes: number;
  bytes_per_day: number | null;
  days_left: number | null;
}

/** A widget in a document. */
export interface DocumentWidget {
  options: WidgetOptions;
  title?: string;
  x?: number | null;
  y?: number | null;
  w?: number;
  h?: number;
}

/**
 * An edit: who changed which value, how and why. `value` is in `unit`; of `confirm` it is the confirmed one.
 *
 * A withdrawn edit does not count.
 */
export interface Edit {
  id: string;
  register: string;
  kind: "add" | "void" | "correct" | "confirm";
  time: string;
  /** An exact decimal. */
  value: number | null;
  unit: string;
  reason: string;
  author: string;
  created_at: string;
  withdrawn_at: string | null;
  withdrawn_by: string | null;
  withdrawn_reason: string | null;
}

/**
 * An edit of the value at a time. `value`, for `add` and `correct`, is in the unit in which values are listed.
 *
 * `register` is the device's first one by default. `confirm` lets a suspect value count, `void` lets none count.
 */
export interface EditCreate {
  kind: "add" | "confirm" | "correct" | "void";
  time: string;
  reason: string;
  register?: string | null;
  value?: number | string | null;
}

/** For how many seconds the seed is granted. */
export interface Elevation {
  expires_in_s: number;
  reason?: string;
}

/** A mail to each of these addresses. `subject` and `text` are templates; the default mail is used without them. */
export interface EmailAction {
  type: "email";
  to: string[];
  on_clear?: boolean;
  subject?: string;
  text?: string;
}

/** How codes are generated. Few authenticator apps support anything but the default. */
export interface Enrol {
  algorithm?: "SHA1" | "SHA256" | "SHA512";
  digits?: 6 | 8;
}

/** A second factor to be confirmed: `uri` is the content of the QR code for the app, `secret` is for typing it in. */
export interface Enrolment {
  secret: string;
  uri: string;
  algorithm: string;
  digits: number;
  period: number;
}

/** Additional actions if the alert event is not acknowledged within this time. */
export interface EscalationStep {
  after_s: number;
  actions: AlertAction[];
}

/**
 * How many evaluations of the expressions failed since the last change, and why and when the last one did.
 *
 * A value that a reading does not contain is not a failure.
 */
export interface EvaluationErrors {
  count: number;
  last_error: string | null;
  last_at: string | null;
}

/**
 * A decrease of the counter: a replacement (`reset`) or a `rollover`. `detected`: inferred from its digits.
 *
 * Units: before and after in the register's unit.
 */
export interface Event {
  kind: "reset" | "rollover";
  time: string;
  /** An exact decimal. */
  before: number;
  /** An exact decimal. */
  after: number;
  detected: boolean;
}

/** At events with one of these `topics`, such as `alert.*`. */
export interface EventTrigger {
  type: "event";
  device_ids?: string[];
  device_type?: string;
  topics: string[];
}

/** A message that devices of a project send. `format` shows its structure. */
export interface EventType {
  id: string;
  project_id: string;
  name: string;
  description: string;
  fields: Parameter[];
  format: Record<string, Record<string, string>>;
  created_at: string;
  updated_at: string;
}

/** A change of an event type: omitted fields are unchanged, `fields` is replaced as a whole. */
export interface EventTypeChange {
  name?: string;
  description?: string;
  fields?: Parameter[];
}

/** An event type to create. Its fields are described like the parameters of commands. */
export interface EventTypeCreate {
  project_id: string;
  name: string;
  description?: string;
  fields?: Parameter[];
}

/**
 * The execution of a command on one device.
 *
 * `state` is queued, sent, received, done, failed, expired or cancelled, with its `reason`; `status` is the same for
 * people: Pending, Delivered, Confirmed, Soft warning or Failed. `progress`, `result` and `error` are what the device
 * reported.
 */
export interface Execution {
  id: string;
  device_id: string;
  definition_id: string;
  name: string;
  parameters: Record<string, unknown>;
  state: "queued" | "sent" | "received" | "done" | "failed" | "expired" | "cancelled";
  status: "Pending" | "Delivered" | "Confirmed" | "Soft warning" | "Failed";
  reason: string;
  transport: "any" | "http" | "mqtt" | "agent" | "lorawan";
  sent_by: string | null;
  verification: "none" | "next_reading" | "acknowledgement";
  repeatable: boolean;
  hand_outs: number;
  /** Any JSON value. */
  progress: unknown;
  /** Any JSON value. */
  result: unknown;
  error: string | null;
  created_by: string;
  created_at: string;
  expires_at: string;
  sent_at: string | null;
  received_at: string | null;
  finished_at: string | null;
}

/** The values of the parameters, and the seconds after which a waiting execution expires. */
export interface ExecutionCreate {
  parameters?: Record<string, unknown>;
  expires_in_s?: number | null;
}

/** An execution with its states, oldest first. */
export interface ExecutionWithHistory {
  id: string;
  device_id: string;
  definition_id: string;
  name: string;
  parameters: Record<string, unknown>;
  state: "queued" | "sent" | "received" | "done" | "failed" | "expired" | "cancelled";
  status: "Pending" | "Delivered" | "Confirmed" | "Soft warning" | "Failed";
  reason: string;
  transport: "any" | "http" | "mqtt" | "agent" | "lorawan";
  sent_by: string | null;
  verification: "none" | "next_reading" | "acknowledgement";
  repeatable: boolean;
  hand_outs: number;
  /** Any JSON value. */
  progress: unknown;
  /** Any JSON value. */
  result: unknown;
  error: string | null;
  created_by: string;
  created_at: string;
  expires_at: string;
  sent_at: string | null;
  received_at: string | null;
  finished_at: string | null;
  history: StateChange[];
}

/** An encrypted file of tokens. `content` is Base64. */
export interface ExportedTokenFile {
  format: "penstock-tokens";
  version: 1;
  kdf: ExportedTokenFileKdf;
  cipher: ExportedTokenFileCipher;
  content: string;
}

/** How the content of a file is encrypted. `nonce` is Base64. */
export interface ExportedTokenFileCipher {
  name: "AES-256-GCM";
  nonce: string;
}

/** How the key of a file is derived from the passphrase. `salt` is Base64. */
export interface ExportedTokenFileKdf {
  name: "argon2id";
  version: 19;
  memory_kib: number;
  iterations: number;
  lanes: number;
  salt: string;
}

/** CEL over `reading.values`, `reading.time`, `device.id`, `device.name`, `device.type` and `device.labels`. */
export interface Expression {
  type: "expression";
  expression: string;
}

/**
 * An expression or a template, what it is for, and the values of its variables.
 *
 * Exactly one of `expression` and `template` is required. The template of an alert is the text of a message.
 * `variables` are samples by name, such as `{"reading": {"values": {"t": 21.5}}}`; `reading_id` takes them from a
 * stored reading, `device_id` from the latest reading of a device. A sample replaces a stored value. `trigger` is that
 * of a rule, `topics` those of a webhook or of a rule's trigger `event`.
 */
export interface ExpressionsPreview {
  use: "alert" | "rule" | "webhook";
  expression?: string | null;
  template?: string | null;
  trigger?: "connectivity" | "event" | "hook" | "reading" | "schedule";
  topics?: string[] | null;
  variables?: Record<string, unknown>;
  reading_id?: string | null;
  device_id?: string | null;
}

/**
 * The value of an expression with its type, or the text of a template, and what went wrong.
 *
 * `is_condition` is whether the expression can be used as a condition: it evaluates to true or false, or its type
 * depends on the values. Times and durations are strings. `errors` are empty if everything could be evaluated.
 */
export interface ExpressionsPreviewed {
  /** Any JSON value. */
  value: unknown;
  type: string;
  is_condition: boolean;
  errors: PreviewError[];
}

/**
 * Why a row cannot be imported.
 *
 * `row` counts as a spreadsheet does, from the header as 1; `column` is null if the fault is of the row as a whole.
 */
export interface Fault {
  row: number;
  column: string | null;
  detail: string;
}

/** The commands that wait for the device, in the order in which they were requested. */
export interface Fetched {
  data: CommandMessage[];
}

/** The number of devices, of those that are paused, and of those that are online, offline or were never seen. */
export interface FleetSummary {
  total: number;
  paused: number;
  online: number;
  offline: number;
  never: number;
}

/** A folder of dashboards. `parent_id` is the folder that it is in; null at the top. */
export interface Folder {
  id: string;
  name: string;
  parent_id: string | null;
  created_at: string;
  updated_at: string;
}

/** A folder to create, in another one (`parent_id`) or at the top. Folders can be three deep. */
export interface FolderCreate {
  name: string;
  parent_id?: string | null;
}

/** A change of a folder: omitted fields are unchanged, `"parent_id": null` moves it to the top. */
export interface FolderPatch {
  name?: string;
  parent_id?: string | null;
}

/**
 * How far a background worker is behind: in rows if they can be counted, and for how long it has had unfinished work.
 */
export interface Follower {
  name: string;
  status: "ok" | "behind";
  rows: number | null;
  seconds: number;
  error: string | null;
}

/** The e-mail of the user who forgot the password. */
export interface Forgotten {
  email: string;
}

/** A counter that had moved has not moved for `days`. */
export interface Frozen {
  enabled?: boolean | null;
  days?: number | null;
}

/** The latest value of a field on a scale from `min` to `max`. */
export interface GaugeOptions {
  type: "gauge";
  source: DashboardsSource;
  field: string;
  min?: number;
  max?: number;
  label?: string;
  unit?: string;
  decimals?: number | null;
  thresholds?: WidgetThreshold[];
}

/**
 * The device's position relative to a circle (`center` and `radius_m`) or a polygon. Points are [latitude, longitude].
 */
export interface Geofence {
  type: "geofence";
  when: "enter" | "exit" | "outside";
  center?: number[] | null;
  radius_m?: number | null;
  polygon?: number[][];
  latitude_field?: string;
  longitude_field?: string;
}

/** A grant: who may use a token. `expires_at` is null if it does not end by itself. */
export interface Grant {
  id: string;
  token: string;
  token_id: string;
  subject: string;
  subject_name: string;
  permission: "code" | "seed";
  expires_at: string | null;
  reason: string;
  created_by: string;
  created_at: string;
}

/**
 * A grant to make. `subject` is the id of a group, user or key.
 *
 * `code` allows to get the codes of the token, `seed` its seed as well. The grant ends at `expires_at`, or after
 * `expires_in_s` seconds; without both it does not end by itself.
 */
export interface GrantCreate {
  subject: string;
  permission: "code" | "seed";
  expires_at?: string | null;
  expires_in_s?: number | null;
  reason?: string;
}

/** When a grant ends from now on: at `expires_at` (null: not by itself), or after `expires_in_s` seconds. */
export interface GrantPatch {
  expires_at?: string | null;
  expires_in_s?: number;
}

/** A set of members; `members` is their number. */
export interface Group {
  id: string;
  name: string;
  members: number;
  created_at: string;
}

/** A group's name, unique in the organisation. */
export interface GroupWrite {
  name: string;
}

/** A page of readings, with their range. */
export interface History {
  data: Reading[];
  next_cursor: string | null;
  query: Range;
}

/** A thing that was found. `id` is its id, of a token its name; `detail` is one line about it. */
export interface Hit {
  type: "device" | "dashboard" | "alert" | "rule" | "connection" | "customer" | "profile" | "webhook" | "token" | "person";
  id: string;
  name: string;
  detail: string;
}

/** The hits, the best first. */
export interface Hits {
  data: Hit[];
}

/** An account whose period could not be closed, and why. It goes away when the invoice is issued. */
export interface Hold {
  id: string;
  state: "held" | "released";
  customer_id: string;
  resident_id: string | null;
  period: string;
  code: string;
  reason: string;
  created_at: string;
  released_at: string | null;
  released_by: string;
}

/** A rule's hook. The secret is returned only here; callers send it as `X-Hook-Secret`. */
export interface Hook {
  hook_id: string;
  path: string;
  secret: string;
  warning?: string;
}

/** An accepted call. The rule is evaluated shortly afterwards. */
export interface HookCall {
  call_id: string;
}

/** When the rule's hook is called. */
export interface HookTrigger {
  type: "hook";
  device_ids?: string[];
  device_type?: string;
}

/** An external name of a device, unique per organisation and kind: eui, mac, serial or external. */
export interface Identifier {
  kind: "eui" | "external" | "mac" | "serial";
  value: string;
}

/** An image, such as a floor plan, with values. It is sent with `PUT /api/v2/widgets/{widget_id}/image`. */
export interface ImageOptions {
  type: "image";
  pins?: Pin[];
  alt?: string;
}

/** An image, PNG, JPEG or WebP, in base64. It can also be sent as it is, with its own media type. */
export interface ImageWrite {
  content: string;
}

/**
 * An import.
 *
 * `rows` is the number of rows, of which `done` were processed: `made` created something, `updated` changed something,
 * `unchanged` were so already, and `failed` have faults. In a dry run these are what would become of them. `valid` are
 * those of the processed rows that have no fault.
 */
export interface Import {
  id: string;
  kind: "devices" | "registers" | "residents" | "placements";
  dry_run: boolean;
  state: "queued" | "running" | "done" | "cancelled";
  rows: number;
  done: number;
  valid: number;
  made: number;
  updated: number;
  unchanged: number;
  failed: number;
  author: string;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

/** How many entries have each outcome. */
export interface ImportCounts {
  created: number;
  renamed: number;
  replaced: number;
  skipped: number;
  left_out: number;
}

/** A CSV file, in base64 if it is sent as JSON. */
export interface ImportFile {
  content: string;
}

/** The dashboard that was made, and the ids of the devices of the document that do not exist here. */
export interface ImportedDashboard {
  dashboard: Dashboard;
  missing_devices: string[];
}

/**
 * The outcome of an entry of a file, in a dry run the expected one.
 *
 * `position` counts from 1. `name` is that of the token; of an entry that was left out, what the file calls it.
 * `reason` says why it was skipped or left out.
 */
export interface ImportedToken {
  position: number;
  name: string;
  issuer: string;
  account: string;
  outcome: "created" | "renamed" | "replaced" | "skipped" | "left_out";
  reason: string;
}

/**
 * The outcome of a message: `stored`, `duplicate`, `quarantined`, `unregistered`, `event` or `skipped`.
 *
 * Of a message with several `readings`, `reading_id` is the newest; `duplicates` of them were stored before, and
 * `quarantined` are stored apart.
 */
export interface Ingested {
  status: "stored" | "duplicate" | "quarantined" | "unregistered" | "event" | "skipped";
  device_id?: string | null;
  reading_id?: string | null;
  readings?: number;
  duplicates?: number;
  quarantined?: number;
}

/** An invitation: pending, accepted, withdrawn or expired. */
export interface Invitation {
  id: string;
  email: string;
  role: "owner" | "admin" | "member" | "viewer" | "resident" | "customer_manager";
  status: "pending" | "accepted" | "withdrawn" | "expired";
  invited_by: string;
  created_at: string;
  sent_at: string;
  expires_at: string;
  accepted_at: string | null;
}

/** The e-mail to invite, and the role. */
export interface Invite {
  email: string;
  role?: "admin" | "member" | "owner" | "viewer";
}

/** An invoice or credit note. Apart from its state it never changes. */
export interface Invoice {
  id: string;
  number: string;
  kind: "invoice" | "credit_note";
  state: "open" | "paid" | "cancelled";
  customer_id: string;
  customer: string;
  resident_id: string | null;
  account: string;
  period: string;
  from: string;
  to: string;
  timezone: string;
  issued_at: string;
  issued_on: string;
  due_on: string | null;
  currency: string;
  net: string;
  vat: string;
  gross: string;
  paid_at: string | null;
  note: string;
  cancelled_at: string | null;
  cancelled_by: string | null;
  cancels: Reference | null;
  reason: string;
  locale: string;
  seller: Party;
  buyer: Party;
  lines: Line[];
  vat_sums: VatSum[];
  notes: Notes;
}

/** A mail that sends an invoice. `automatic`: because the invoice was issued. `error` is that of the last attempt. */
export interface InvoiceMail {
  to: string;
  state: "queued" | "sent" | "failed";
  automatic: boolean;
  created_at: string;
  sent_at: string | null;
  failed_at: string | null;
  attempts: number;
  error: string;
}

/** Where to send an invoice; to its buyer if nothing is given. */
export interface InvoiceSend {
  to?: string | null;
}

/** An invoice or credit note without its lines. `gross` is what is owed; `vat` is part of it. */
export interface InvoiceSummary {
  id: string;
  number: string;
  kind: "invoice" | "credit_note";
  state: "open" | "paid" | "cancelled";
  customer_id: string;
  customer: string;
  resident_id: string | null;
  account: string;
  period: string;
  from: string;
  to: string;
  timezone: string;
  issued_at: string;
  issued_on: string;
  due_on: string | null;
  currency: string;
  net: string;
  vat: string;
  gross: string;
  paid_at: string | null;
  note: string;
  cancelled_at: string | null;
  cancelled_by: string | null;
  cancels: Reference | null;
  reason: string;
}

/** The invoice that would be issued for a period now. */
export interface InvoicesPreview {
  customer_id: string;
  customer: string;
  resident_id: string | null;
  account: string;
  period: string;
  from: string;
  to: string;
  timezone: string;
  currency: string;
  net: string;
  vat: string;
  gross: string;
  locale: string;
  seller: Party;
  buyer: Party;
  lines: Line[];
  vat_sums: VatSum[];
  notes: Notes;
}

/** Why the period of an account was not closed. */
export interface InvoicesProblem {
  customer_id: string;
  resident_id: string | null;
  code: string;
  detail: string;
}

/**
 * The closing of a period for many accounts. `total` is null until they are counted.
 *
 * An account is `issued`, `failed` with a problem, or `skipped`, because it was invoiced before or there is nothing to
 * bill. Of the problems the first 100 are listed.
 */
export interface InvoicesRun {
  id: string;
  period: string;
  customer_ids: string[] | null;
  automatic: boolean;
  state: "running" | "done" | "cancelled";
  total: number | null;
  issued: number;
  failed: number;
  skipped: number;
  problems: InvoicesProblem[];
  created_at: string;
  created_by: string;
  finished_at: string | null;
}

/** How a customer is invoiced. `next_period` is closed automatically at `next_close_at`; null: none is. */
export interface Invoicing {
  target: "customer" | "residents" | "none";
  period: "month" | "quarter" | "year";
  due_days: number;
  number_prefix: string;
  locale: string;
  auto_close: boolean;
  close_after_days: number;
  hold_if_suspect: boolean;
  send_by_mail: boolean;
  next_period: string | null;
  next_close_at: string | null;
}

/**
 * How a customer is invoiced.
 *
 * `target` is who gets the invoices: the customer for all its meters, each resident for theirs, or no one. With
 * `auto_close` a period is closed `close_after_days` after its end. With `hold_if_suspect` an invoice waits if values
 * are suspect. With `send_by_mail` each invoice is mailed to its buyer as it is issued. `locale` is a language with a
 * country, such as de-AT.
 */
export interface InvoicingWrite {
  target: "customer" | "none" | "residents";
  period?: "month" | "quarter" | "year";
  due_days?: number;
  number_prefix?: string;
  locale?: string;
  auto_close?: boolean;
  close_after_days?: number;
  hold_if_suspect?: boolean;
  send_by_mail?: boolean;
}

/** What a unit of a kind of register costs, in the tariff's currency and without VAT; `vat_rate` is in per cent. */
export interface Item {
  kind: "volume" | "reverse_volume" | "energy" | "reverse_energy" | "heat" | "cooling" | "count";
  name: string;
  unit: string;
  tiers: Tier[];
  vat_rate: string;
}

/**
 * What a unit of a kind of register costs: `price`, or `tiers`. `name` is its text on invoices.
 *
 * Units: prices in the tariff's currency, without VAT; vat_rate in per cent.
 */
export interface ItemWrite {
  kind: "cooling" | "count" | "energy" | "heat" | "reverse_energy" | "reverse_volume" | "volume";
  unit: string;
  price?: number | string | null;
  tiers?: TierWrite[] | null;
  name?: string;
  /** By default `0`. */
  vat_rate?: number | string;
}

/** The new member and the organisation. */
export interface Joined {
  organization_id: string;
  user_id: string;
  email: string;
  role: "owner" | "admin" | "member" | "viewer" | "resident" | "customer_manager";
}

/**
 * An API key without its value. `expired` and `spent` follow from the dates; a rotated key names its successor.
 *
 * `root` is who answers for the key: the id of a user, or `operator` for the command line, and for a sign-up until its
 * owner has joined. Keys made by a key have its root, and a rotated key keeps it. `effective_scopes` are the scopes
 * that the root also has now: none if the user is suspended.
 */
export interface Key {
  id: string;
  name: string;
  prefix: string;
  style: string;
  status: "active" | "rotated" | "revoked" | "expired" | "spent";
  scopes: string[];
  effective_scopes: string[];
  allowed_cidrs: string[];
  single_use: "bind" | "spend" | null;
  used_from: string | null;
  calls_per_minute: number | null;
  project_id: string | null;
  created_at: string;
  created_by: string;
  root: string;
  expires_at: string | null;
  rotated_at: string | null;
  valid_until: string | null;
  replaced_by: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
  last_used_from: string;
}

/**
 * A key to create. All restrictions are optional; without scopes the key grants nothing.
 *
 * `single_use`: with `bind` the key works only from the address of its first call; with `spend` it works for one call
 * only. With `project_id` the key can access only that project. `style` determines only the format of the value. A key
 * that creates another one hands its own restrictions down: they apply if the field is omitted, and a wider one is
 * rejected.
 */
export interface KeyCreate {
  name: string;
  scopes?: string[];
  expires_at?: string | null;
  allowed_cidrs?: string[];
  single_use?: "bind" | "spend" | null;
  calls_per_minute?: number | null;
  project_id?: string | null;
  style?: "datakubo" | "iottly" | "kaito" | "kilo" | "penstock" | "siliconwit";
}

/** A key's new name. Nothing else of a key can be changed. */
export interface KeyPatch {
  name: string;
}

/** For how many seconds the old value remains valid: at most seven days. */
export interface KeyRotate {
  overlap_s?: number;
}

/** A version of the organisation's key. */
export interface KeyVersion {
  version: number;
  created_at: string;
}

/**
 * The organisation's key. The `current` version encrypts; it is 0 before the first secret, and after keys were
 * destroyed.
 *
 * `stale_values` are still under older versions, and are encrypted again in the background. Versions up to
 * `shredded_up_to` were destroyed. `master` is where the master key of the server is.
 */
export interface Keys {
  current: number;
  versions: KeyVersion[];
  stale_values: number;
  shredded_up_to: number | null;
  shredded_at: string | null;
  master: "env" | "file" | "transit";
}

/** A label of the device that caused the run, or of the device in `device_id`. `value` is a template. */
export interface LabelAction {
  type: "label";
  key: string;
  value: string;
  device_id?: string;
}

/** The latest value of a field. `unit` replaces that of the sensor. */
export interface LastValueOptions {
  type: "last_value";
  source: DashboardsSource;
  field: string;
  label?: string;
  unit?: string;
  decimals?: number | null;
  thresholds?: WidgetThreshold[];
}

/** The latest reading of a device; null if it has none. */
export interface Latest {
  data: Reading | null;
}

/** The latest readings of several devices, in the order of the request. Devices without one are left out. */
export interface LatestOfMany {
  data: Reading[];
}

/** The places of widgets. A widget that is not named stays where it is. */
export interface Layout {
  widgets: WidgetPlace[];
}

/**
 * Whether the flow never stops between 02:00 and 05:00.
 *
 * `nights` are the conclusive ones, of which the flow never stopped in `nights_flowing`. `least_per_hour` is the
 * smallest flow of those, in `unit` per hour.
 */
export interface LeakHint {
  device_id: string;
  register: string;
  suspected: boolean;
  nights: number;
  nights_flowing: number;
  /** An exact decimal. */
  least_per_hour: number | null;
  unit: string;
  timezone: string;
}

/** The leak hints of a customer's meters, by device. */
export interface LeakHints {
  data: LeakHint[];
  next_cursor: string | null;
}

/** A device slot. Its id, 32 hexadecimal digits, is not a credential. */
export interface License {
  id: string;
  project_id: string;
  status: "available" | "paired";
  device_id: string | null;
  created_at: string;
}

/** How many licences to add. */
export interface LicenseIssue {
  count?: number;
}

/** A limit and its remaining amount. `reset_s` is the time until all of it is available again. */
export interface LimitState {
  limit: string;
  scope: "account" | "key" | "group" | "address" | "device";
  count: number;
  window: "second" | "minute" | "day" | "month";
  remaining: number;
  reset_s: number;
}

/**
 * The plan and the caller's remaining limits. `readings` is null if the plan does not limit them.
 *
 * `plan_until` is when the plan ends; null if it has no end. After a change to a plan with shorter retention,
 * `retention_days` is that of the previous plan until the grace period ends.
 */
export interface Limits {
  plan: string;
  plan_until: string | null;
  trial: boolean;
  device_limit: number | null;
  key_limit: number | null;
  retention_days: number | null;
  monthly_readings: number | null;
  calls: LimitState[];
  readings: LimitState | null;
}

/**
 * One line: `quantity` of `unit` at `price` is `net`. `tier` counts from 1; null: there is only one price.
 *
 * A correction has the invoice that it `corrects`, what kind of line was wrong (`corrected`), and the `reason`: one or
 * several, separated by commas, of `edit`, `late readings`, `estimated values`, `placement`, `registers`,
 * `replacement`, `profile`, `redecode` and `invoice … was cancelled`.
 *
 * Units: price and net in the invoice's currency, without VAT; vat_rate in per cent.
 */
export interface Line {
  kind: "usage" | "standing" | "minimum" | "correction";
  text: string;
  from: string;
  to: string;
  quantity: string;
  unit: string;
  price: string;
  net: string;
  vat_rate: string;
  tier: number | null;
  meter: LineMeter | null;
  corrects: Reference | null;
  corrected: string | null;
  reason: string;
}

/**
 * The register of a line. `first` and `last` are the counter at the ends of the line's period, null if unknown.
 *
 * `estimated` is the part of the consumption that no readings in the period measured.
 *
 * Units: first, last and estimated in `unit`.
 */
export interface LineMeter {
  device_id: string;
  name: string;
  eui: string | null;
  serial: string | null;
  register: string;
  kind: "volume" | "reverse_volume" | "energy" | "reverse_energy" | "heat" | "cooling" | "count";
  unit: string;
  first: string | null;
  last: string | null;
  estimated: string;
  quality: "measured" | "partial" | "interpolated" | "estimated" | "missing";
}

/**
 * The state of a connection that Penstock opens: `connecting`, `connected`, `waiting` for the next attempt, or
 * `stopped`.
 *
 * `reason` states why the last attempt failed, or why there is none.
 */
export interface Link {
  state: "connecting" | "connected" | "waiting" | "stopped";
  since: string;
  reason: string | null;
  retry_at: string | null;
}

/** The token of a link that the server printed. */
export interface LinkToken {
  token: string;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Account {
  data: Account[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Address {
  data: Address[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_AddressGrant {
  data: AddressGrant[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Alert {
  data: Alert[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_AlertEvent {
  data: AlertEvent[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_AuditRow {
  data: AuditRow[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_AvailableNumber {
  data: AvailableNumber[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Backup {
  data: Backup[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Channel {
  data: Channel[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_CodecVersion {
  data: CodecVersion[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Command {
  data: Command[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Connection {
  data: Connection[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_ConnectivityChange {
  data: ConnectivityChange[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Connector {
  data: Connector[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Customer {
  data: Customer[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Dashboard {
  data: Dashboard[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Device {
  data: Device[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_DeviceEventShown {
  data: DeviceEventShown[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Edit {
  data: Edit[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_EventType {
  data: EventType[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Execution {
  data: Execution[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Fault {
  data: Fault[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Folder {
  data: Folder[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Grant {
  data: Grant[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Group {
  data: Group[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Hold {
  data: Hold[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Import {
  data: Import[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Invitation {
  data: Invitation[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_InvoiceMail {
  data: InvoiceMail[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_InvoiceSummary {
  data: InvoiceSummary[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_InvoicesRun {
  data: InvoicesRun[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Key {
  data: Key[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_License {
  data: License[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Member {
  data: Member[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Message {
  data: Message[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_MeterAlarm {
  data: MeterAlarm[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_MeterValues {
  data: MeterValues[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_OwnDevice {
  data: OwnDevice[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_OwnMeterAlarm {
  data: OwnMeterAlarm[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_PlacementPeriod {
  data: PlacementPeriod[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_ProfilesProfile {
  data: ProfilesProfile[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Project {
  data: Project[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Reading {
  data: Reading[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Redecode {
  data: Redecode[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Refused {
  data: Refused[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Request {
  data: Request[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Resident {
  data: Resident[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Rule {
  data: Rule[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Run {
  data: Run[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_ScopeInfo {
  data: ScopeInfo[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Secret {
  data: Secret[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_SecretUse {
  data: SecretUse[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_SecretVersion {
  data: SecretVersion[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Sensor {
  data: Sensor[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_SensorTemplate {
  data: SensorTemplate[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Session {
  data: Session[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Share {
  data: Share[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Statement {
  data: Statement[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Tariff {
  data: Tariff[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Token {
  data: Token[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Unregistered {
  data: Unregistered[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Usage {
  data: Usage[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Value {
  data: Value[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Version {
  data: Version[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_Webhook {
  data: Webhook[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_WebhookAttempt {
  data: WebhookAttempt[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_WebhookMessage {
  data: WebhookMessage[];
  next_cursor?: string | null;
}

/** A page of a list. `next_cursor` is null on the last page. */
export interface ListOf_WebhookTopic {
  data: WebhookTopic[];
  next_cursor?: string | null;
}

/** The location of a device: degrees (WGS 84) and metres above sea level. */
export interface Location {
  latitude: number;
  longitude: number;
  altitude_m?: number | null;
}

/** An account to create that only logs its SMS, for development. */
export interface LogCreate {
  kind: "log";
  name: string;
  settings?: LogSettings;
}

/** An account whose SMS are logged, without their texts, and count as sent. It has no settings. */
export interface LogSettings {
}

/**
 * The logo as it was stored: it was decoded and encoded again, and made smaller if it was larger than 1200 × 600.
 *
 * Units: pixels, bytes.
 */
export interface Logo {
  media_type: string;
  width: number;
  height: number;
  size_bytes: number;
}

/** An image, PNG or JPEG, in base64. It can also be sent as it is, with its own media type. */
export interface LogoWrite {
  content: string;
}

/**
 * A connection to create for any network server, whose format is detected.
 *
 * Without `project_id` it applies to every device of the organisation.
 */
export interface LorawanHttpCreate {
  type: "lorawan_http";
  name: string;
  project_id?: string | null;
  settings?: LorawanHttpSettings;
}

/** Any network server: the form of each body is detected automatically. It has no settings. */
export interface LorawanHttpSettings {
}

/** The battery is below `percent` or `volts`, whichever the device reports in one of `fields`. */
export interface LowBattery {
  enabled?: boolean | null;
  percent?: number | null;
  volts?: number | null;
  fields?: string[] | null;
}

/**
 * How a mail arrived.
 *
 * `peer` is the address of the server that delivered it. `spf` is whether the domain of `envelope_sender` (empty: none)
 * allows that address. `tls` is the version of TLS, null without. `tags` are what was between a `+` and the `@` of its
 * recipients.
 */
export interface MailNotes {
  peer: string;
  envelope_sender: string;
  spf: "none" | "pass" | "fail" | "softfail" | "neutral" | "temperror" | "permerror";
  tls: string | null;
  tags: string[];
  attachments: Attachment[];
}

/** The maintenance of a device. No alerts are raised for the device while it lasts. */
export interface Maintenance {
  device_id: string;
  active: boolean;
  until: string | null;
  reason: string;
  created_by: string | null;
  created_at: string | null;
}

/** The end of the maintenance; null: until it is ended manually. */
export interface MaintenanceSet {
  until?: string | null;
  reason?: string;
}

/**
 * Counts of a device's malformed messages and times, and of readings that were stored although something could not be
 * used.
 *
 * The former are quarantined: messages with the kind `malformed`, readings whose time is in the future with their own
 * kind. The latter are payloads from which the device's codec decoded no values, times older than the plan's retention,
 * times of a network server that are unreadable or in the future, and, once per device, fields that cannot be listed as
 * sensors.
 */
export interface Malformed {
  messages: number;
  last_at: string;
  last_reason: string;
}

/** Who is to manage a customer. */
export interface ManagerInvite {
  email: string;
}

/** Devices where they are, with their state; and the latest value of a field. */
export interface MapOptions {
  type: "map";
  source: DashboardsSource;
  field?: string | null;
}

/** The owner of a credential: a key, or a signed-in user. */
export interface Me {
  organization_id: string;
  organization_name: string;
  plan: string;
  key_id: string | null;
  user_id: string | null;
  scopes: string[];
}

/** A user in the organisation. `mfa` is whether they have a second factor. */
export interface Member {
  user_id: string;
  email: string;
  name: string;
  role: "owner" | "admin" | "member" | "viewer" | "resident" | "customer_manager";
  mfa: boolean;
  joined_at: string;
}

/** A user's membership in an organisation. */
export interface Membership {
  organization_id: string;
  organization_name: string;
  role: "owner" | "admin" | "member" | "viewer" | "resident" | "customer_manager";
  suspended: boolean;
  require_mfa: boolean;
  joined_at: string;
}

/**
 * A message.
 *
 * `number` is the value of its address. `body`, `subject`, `code` and `links` are stored encrypted; `body` is null once
 * the key of the organisation was destroyed. `code` and `links` were found in the text. `mail` is how a mail arrived;
 * null for SMS. `at` is when the message was received or queued, `error` why it failed. The state of one is `unknown`
 * if the connection to the provider ended before it answered: it may have been sent, and is not sent again.
 */
export interface Message {
  id: string;
  address_id: string;
  number: string;
  channel: "sms" | "mail";
  direction: "inbound" | "outbound";
  status: "received" | "queued" | "sending" | "sent" | "delivered" | "failed" | "unknown";
  from: string;
  to: string;
  subject: string | null;
  body: string | null;
  code: string | null;
  links: string[];
  mail: MailNotes | null;
  error: string | null;
  at: string;
  updated_at: string;
  read_at: string | null;
}

/** An SMS to send from one of your numbers. */
export interface MessageSend {
  from: string;
  to: string;
  body: string;
}

/**
 * The settings of a meter. `field`, `unit` and `rolls_over_at` are those of the first register.
 *
 * `source` says whose registers these are: the device's own, its profile's, or the default ones.
 */
export interface Meter {
  role: "principal" | "leaf" | "intermediate";
  source: "device" | "profile" | "default";
  field: string;
  unit: string;
  /** An exact decimal. */
  rolls_over_at: number | null;
  registers: Register[];
}

/**
 * An alarm of a meter, from the reading that shows its condition to the one that shows its end.
 *
 * `since`, `last_seen_at` and `until` are times of readings, `opened_at` and `closed_at` those at which the server
 * found out. `value` is what was measured, compared with `threshold`, in `unit`; `field` is the value of the reading
 * that shows it. `customer_id` and `resident_id` are those of the device at `since`; they and `device_name` remain when
 * the device is deleted. `message` says in a sentence what is wrong. `end_reason`: a reading showed the end
 * (`condition`), none showed it any longer (`silent`), settings disabled its kind (`disabled`), or the device was
 * deleted (`device_deleted`).
 */
export interface MeterAlarm {
  id: string;
  device_id: string;
  device_name: string;
  customer_id: string | null;
  resident_id: string | null;
  kind: "continuous_flow" | "burst" | "back_flow" | "frozen" | "low_battery" | "tamper";
  register: string | null;
  state: "open" | "closed";
  message: string;
  since: string;
  last_seen_at: string;
  until: string | null;
  opened_at: string;
  closed_at: string | null;
  end_reason: "condition" | "silent" | "disabled" | "device_deleted" | null;
  value: number | boolean | string | null;
  threshold: number | null;
  unit: string;
  field: string | null;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  note: string | null;
}

/** The consumption of one register of a meter while it was at the customer's. */
export interface MeterRow {
  device_id: string;
  name: string;
  role: "principal" | "leaf" | "intermediate";
  register: string;
  kind: "volume" | "reverse_volume" | "energy" | "reverse_energy" | "heat" | "cooling" | "count";
  unit: string;
  data: Amount[];
  events: Event[];
}

/** The consumption of a customer's meters, by device. */
export interface MeterRows {
  data: MeterRow[];
  next_cursor: string | null;
  bucket: string;
  timezone: string;
  query: Range;
}

/**
 * The settings of a meter: its role, and its registers, or the field, unit and maximum of its only one.
 *
 * Without registers and without these three it has the registers of its profile.
 */
export interface MeterSet {
  role?: "intermediate" | "leaf" | "principal";
  field?: string;
  unit?: string;
  rolls_over_at?: number | string | null;
  registers?: RegisterSet[];
}

/** The values of one register of a device, oldest first. `has_more`: the list of the device itself has more of them. */
export interface MeterValues {
  device_id: string;
  name: string;
  register: string;
  unit: string;
  values: Value[];
  has_more: boolean;
}

/** A connection to create for a broker. Without `project_id` it applies to every device of the organisation. */
export interface MqttCreate {
  type: "mqtt";
  name: string;
  settings: MqttSettings;
  project_id?: string | null;
}

/**
 * A broker that Penstock connects to. The default `port` is 1883, or 8883 with TLS.
 *
 * Certificates and the client's key are PEM texts.
 *
 * For `session_expiry_s` seconds after the connection was lost, an MQTT 5 broker stores messages for Penstock.
 *
 * Commands are published to `command_topic`: as `command` (name, parameters and id in JSON), as the `parameters` alone,
 * as the bare `value` of the only parameter, or as downlinks for the `chirpstack` whose broker it is.
 */
export interface MqttSettings {
  host: string;
  subscriptions: Subscription[];
  port?: number | null;
  tls?: boolean;
  ca_certificate?: string | null;
  client_certificate?: string | null;
  client_key?: string | null;
  username?: string | null;
  password?: string | null;
  client_id?: string | null;
  protocol?: "3.1.1" | "5";
  keep_alive_s?: number;
  session_expiry_s?: number;
  command_topic?: string | null;
  command_payload?: "chirpstack" | "command" | "parameters" | "value";
}

/** The condition must be true at `n` of the last `m` readings. */
export interface NOfM {
  n: number;
  m: number;
}

/** The device has not been seen for this long. */
export interface NoData {
  type: "no_data";
  after_s: number;
}

/** The meters with an estimated part, those without known consumption, and the number of suspect values. */
export interface Notes {
  estimated: string[];
  missing: string[];
  suspects: number;
}

/** A number to buy. */
export interface NumberBuy {
  value: string;
  label?: string;
  for_notifications?: boolean;
}

/** One time the version would have run, or failed. `reading_id` is null if no reading caused it. */
export interface Occasion {
  reading_id: string | null;
  device_id: string | null;
  cause: string;
  at: string;
  inputs: Record<string, unknown>;
  actions: WouldDo[];
  problem: string;
}

/** What ended together with a membership. */
export interface OffBoarded {
  user_id: string;
  email: string;
  sessions_ended: number;
  keys_revoked: string[];
  groups_left: string[];
}

/** The caller's organisation. With `require_mfa` every member must have a second factor. */
export interface Organization {
  id: string;
  name: string;
  plan: string;
  require_mfa: boolean;
}

/** A change of the organisation: omitted fields are unchanged. */
export interface OrganizationPatch {
  name?: string;
  require_mfa?: boolean;
}

/** A device assigned to the caller. */
export interface OwnDevice {
  id: string;
  name: string;
  type: string;
  eui: string | null;
  last_seen_at: string | null;
}

/**
 * An alarm of one of the caller's meters. `message` says in a sentence what is wrong.
 *
 * One that began before the device was assigned to the caller has `since` from then on, and no measured `value`.
 */
export interface OwnMeterAlarm {
  id: string;
  device_id: string;
  device_name: string;
  kind: "continuous_flow" | "burst" | "back_flow" | "frozen" | "low_battery" | "tamper";
  state: "open" | "closed";
  message: string;
  since: string;
  last_seen_at: string;
  until: string | null;
  value: number | boolean | string | null;
  threshold: number | null;
  unit: string;
}

/** A code for `penstock-agent provision`. It works once, until `expires_at`. */
export interface PairCode {
  device_id: string;
  pair_code: string;
  expires_at: string;
}

/** The agent that is paired with a device. If there is none, the other fields are null. */
export interface Pairing {
  paired: boolean;
  paired_at?: string | null;
  agent_version?: string | null;
  macaddress?: string | null;
}

/** A parameter. `minimum` and `maximum` apply to numbers, the lengths to strings, `values` to an enum. */
export interface Parameter {
  name: string;
  type: "boolean" | "enum" | "integer" | "number" | "object" | "string";
  description?: string;
  required?: boolean;
  /** Any JSON value. */
  default?: unknown;
  minimum?: number | null;
  maximum?: number | null;
  min_length?: number | null;
  max_length?: number | null;
  values?: string[];
}

/** A seller or buyer, as it appears on invoices. */
export interface Party {
  name: string;
  address: string[];
  postal_code: string;
  city: string;
  country: string;
  vat_id: string;
  registration: string;
  number: string;
  email: string;
  phone: string;
  iban: string;
  bic: string;
  footer: string;
}

/**
 * A seller or buyer, as it appears on invoices. `country` is a code of ISO 3166-1 with two letters.
 *
 * `number` is the customer's number with the seller. Without a name or e-mail, those of the organisation, customer or
 * resident appear.
 */
export interface PartyWrite {
  name?: string;
  address?: string[];
  postal_code?: string;
  city?: string;
  country?: string;
  vat_id?: string;
  registration?: string;
  number?: string;
  email?: string;
  phone?: string;
  iban?: string;
  bic?: string;
  footer?: string;
}

/** The current password and the new one. */
export interface PasswordChange {
  current_password: string;
  new_password: string;
}

/** When an invoice was paid, by default now, and a note about it. */
export interface PaymentWrite {
  at?: string | null;
  note?: string;
}

/** A value at a place of an image. Units: per cent of the image's width and height, from its upper left corner. */
export interface Pin {
  x: number;
  y: number;
  source: DashboardsSource;
  field: string;
  label?: string;
}

/**
 * The placement of a device, and its standing: online, offline, or in maintenance, which is only set manually.
 *
 * `from` is when the placement began; null if it has no beginning, or if there is no placement.
 */
export interface Placement {
  device_id: string;
  customer_id: string | null;
  resident_id: string | null;
  status: "online" | "offline" | "maintenance";
  from: string | null;
}

/** A device was placed there from `from` to `to`: null is from the beginning, and until now. */
export interface PlacementPeriod {
  customer_id: string;
  resident_id: string | null;
  from: string | null;
  to: string | null;
}

/**
 * The placement of a device: a customer, or a resident and thereby their customer.
 *
 * `from` is when it began, RFC 3339 and not in the future. Omitted, it is now; the first customer of a device has its
 * past too.
 */
export interface PlacementWrite {
  customer_id?: string | null;
  resident_id?: string | null;
  from?: string | null;
}

/**
 * What you have chosen in this organisation. Null means that the browser decides, or the default.
 *
 * `time_zone` is of the IANA database, `locale` a language tag (BCP 47) such as `de-AT`. `pinned` are ids of devices
 * and dashboards in your order. `lists` are columns and filters by the name of a list, as the console stored them. All
 * together are at most 16,384 bytes of JSON.
 */
export interface Preferences {
  time_zone: string | null;
  locale: string | null;
  theme: "system" | "light" | "dark" | "contrast";
  density: "comfortable" | "compact";
  start_page: string | null;
  pinned: string[];
  lists: Record<string, Record<string, unknown>>;
}

/**
 * A change of preferences: omitted fields are unchanged; null clears a field.
 *
 * Of `lists`, those that are named are replaced, and removed by null.
 */
export interface PreferencesPatch {
  time_zone?: string | null;
  locale?: string | null;
  theme?: "contrast" | "dark" | "light" | "system";
  density?: "comfortable" | "compact";
  start_page?: string | null;
  pinned?: string[];
  lists?: Record<string, Record<string, unknown> | null>;
}

/**
 * A codec to preview: a `script`, or the codec of a profile.
 *
 * A decoder receives `bytes_hex` or `bytes_base64`, with `f_port` and, as `recvTime`, `received_at` (default: now); an
 * encoder receives `data` and `f_port`. `variables` stand for a device's `settings`.
 */
export interface Preview {
  script?: string | null;
  profile_id?: string | null;
  function?: "decodeDownlink" | "decodeUplink" | "encodeDownlink";
  bytes_hex?: string | null;
  bytes_base64?: string | null;
  f_port?: number | null;
  received_at?: string | null;
  data?: Record<string, unknown>;
  variables?: Record<string, unknown>;
}

/** Why there is no value: `missing` if a variable has no such value, `failed` if it cannot be computed. */
export interface PreviewError {
  type: "missing" | "failed";
  detail: string;
}

/** What would become of a row, and the name of the device or resident that it is about. */
export interface PreviewRow {
  row: number;
  outcome: "made" | "updated" | "unchanged";
  name: string;
}

/**
 * The output of a codec: `data` of a decoder, `bytes_hex` and `f_port` of an encoder. If it failed, `errors` has the
 * reasons.
 *
 * `readings` is present if the uplink has several, oldest first; `data` is then the last of them. `logs` are the lines
 * that it wrote to the console, `duration_ms` is elapsed time.
 */
export interface Previewed {
  data: Record<string, unknown> | null;
  bytes_hex: string | null;
  f_port: number | null;
  warnings: string[];
  errors: string[];
  logs: string[];
  duration_ms: number;
  readings?: PreviewedReading[];
}

/** One of several readings in an uplink. */
export interface PreviewedReading {
  time: string;
  data: Record<string, unknown>;
}

/**
 * The caller's account. `role` is the one in the organisation of this session; `operator` whether they operate the
 * server.
 */
export interface Profile {
  user_id: string;
  email: string;
  name: string;
  role: "owner" | "admin" | "member" | "viewer" | "resident" | "customer_manager";
  mfa: boolean;
  recovery_codes_left: number;
  created_at: string;
  memberships: Membership[];
  operator: boolean;
}

/** A device profile to create. Without `project_id` it is created in the default project. */
export interface ProfileCreate {
  name: string;
  project_id?: string | null;
  device_type?: string;
  model?: string;
  description?: string;
  expected_interval_s?: number | null;
  sensors?: SensorCreate[];
  registers?: RegisterSet[];
}

/** The user's new name. */
export interface ProfilePatch {
  name: string;
}

/**
 * A device profile. `codec_id` is the current version of its codec; null if it has none.
 *
 * `registers` are what its devices count, unless they have registers of their own.
 */
export interface ProfilesProfile {
  id: string;
  project_id: string;
  name: string;
  device_type: string;
  model: string;
  description: string;
  expected_interval_s: number | null;
  sensors: SensorCreate[];
  codec_id: string | null;
  created_at: string;
  updated_at: string;
  registers: Register[];
}

/** A change of a profile: omitted fields are unchanged, `"expected_interval_s": null` clears the interval. */
export interface ProfilesProfilePatch {
  name?: string;
  device_type?: string;
  model?: string;
  description?: string;
  expected_interval_s?: number | null;
  sensors?: SensorCreate[];
  registers?: RegisterSet[];
}

/** A group of devices. `alias` is an id of 24 hexadecimal digits, `platform` the platform of its agents. */
export interface Project {
  id: string;
  name: string;
  is_default: boolean;
  created_at: string;
  alias: string;
  platform: "Raspberry Pi" | "ARMv5" | "ARMv6" | "AMD64" | "i386";
}

/** A project to create. Set `alias` to keep the one that the project has elsewhere; otherwise one is created. */
export interface ProjectCreate {
  name: string;
  alias?: string | null;
  platform?: "AMD64" | "ARMv5" | "ARMv6" | "Raspberry Pi" | "i386";
}

/**
 * A pair code, and the agent's description of itself.
 *
 * `agent_id` is a random name that the agent keeps until it is paired. With it, the call can be repeated until
 * `/api/v2/agents/confirm`; without it, the code works once.
 */
export interface Provision {
  pair_code: string;
  macaddress?: string;
  agent_version?: string;
  agent_id?: string;
}

/** The agent's token, returned only here. It opens the WebSocket at `/ws` for this device and grants nothing else. */
export interface Provisioned {
  device_id: string;
  token: string;
}

/**
 * A device's queue.
 *
 * `queued` is the number of waiting executions, `under_way` of dispatched ones that have not ended. `one_at_a_time` is
 * whether the device receives a command only after the previous one has ended.
 */
export interface Queue {
  device_id: string;
  one_at_a_time: boolean;
  queued: number;
  under_way: number;
}

/** Whether the device receives a command only after the previous one has ended. */
export interface QueuePatch {
  one_at_a_time: boolean;
}

/** An SMS that waits to be sent. */
export interface QueuedMessage {
  id: string;
  status: "received" | "queued" | "sending" | "sent" | "delivered" | "failed" | "unknown";
}

/** The caller's quiet hours. If `enabled` is false there are none, and the other fields are empty. */
export interface QuietHours {
  enabled: boolean;
  time_zone: string | null;
  from: string | null;
  to: string | null;
  days: number[];
  breaks_through: "info" | "warning" | "critical" | null;
}

/**
 * When a user receives no mails of alerts and rules: days (1 Monday to 7 Sunday) and local hours in a time zone.
 *
 * If the end is before the start, the span continues past midnight and belongs to the day on which it starts. Mails of
 * at least the severity `breaks_through` are still sent; with null, none are.
 */
export interface QuietHoursSet {
  time_zone: string;
  from: string;
  to: string;
  days?: number[];
  /** By default `"critical"`. */
  breaks_through?: "critical" | "warning" | null;
}

/**
 * Raises the alert with this name. `text` is a template, `value` an expression for the value of the alert event.
 *
 * The alert event belongs to the device that caused the run, or to the device in `device_id`.
 */
export interface RaiseAlertAction {
  type: "raise_alert";
  name: string;
  text: string;
  severity?: "" | "critical" | "high" | "info" | "low" | "medium";
  value?: string;
  device_id?: string;
}

/** No condition: a rule raises the alert under this name, and clears it. Only rules create such alerts. */
export interface RaisedByRule {
  type: "rule";
  rule_id: string;
  name: string;
}

/** The requested range, and the range that the plan's retention allows. */
export interface Range {
  requested_from: string;
  requested_to: string;
  from: string;
  to: string;
  retention_days: number | null;
}

/** The change of a number from one reading to the next, per `per_s` seconds. */
export interface RateOfChange {
  type: "rate";
  field: string;
  operator: "<" | "<=" | ">" | ">=" | "between" | "outside";
  value: number | number[];
  per_s?: number;
}

/** A reading. `data` is the payload as sent, or the requested values. */
export interface Reading {
  id: string;
  seq: number;
  device_id: string;
  time: string;
  received_at: string;
  kind: string;
  channel: string | null;
  backfill: boolean;
  /** A JSON object of any content. */
  data: Record<string, unknown>;
}

/** A derived reading of the device that caused the run, or of the device in `device_id`. `value` is an expression. */
export interface ReadingAction {
  type: "reading";
  key: string;
  value: string;
  device_id?: string;
}

/**
 * A reading on the wire.
 *
 * `data` is an object of values, nested as needed, or an array of readings of the same device. `time` is the event
 * time, as RFC 3339 or as epoch seconds or milliseconds; the default is now. In a batch, `device_id` names the device
 * by id, or `device` by any of its identifiers. `dedupe_key` is the sender's own key for the reading: a repeated
 * delivery returns the first response.
 */
export interface ReadingIn {
  /** A JSON object of any content. */
  data: Record<string, unknown>;
  time?: string | number | null;
  device_id?: string | null;
  device?: string | null;
  kind?: string | null;
  channel?: string | null;
  dedupe_key?: string | null;
}

/**
 * At each reading, or at those with one of `sensors`; with `backfill` also at backfill.
 *
 * `device_ids` and `device_type` limit a rule to some devices.
 */
export interface ReadingTrigger {
  type: "reading";
  device_ids?: string[];
  device_type?: string;
  sensors?: string[];
  backfill?: boolean;
}

/** Recovery codes, each of which replaces a code of the second factor once. They are not shown again. */
export interface RecoveryCodes {
  recovery_codes: string[];
  warning?: string;
}

/**
 * A re-decode.
 *
 * `total` is the number of its uplinks, null until they are counted; `done` of them were processed. `changed` have
 * other values than before, `failed` could not be decoded and keep the values that they had, and `skipped` have no
 * codec any longer or were deleted in the meantime. `reason` states why it failed. It concerns the uplinks that had
 * arrived when it was created.
 */
export interface Redecode {
  id: string;
  device_id: string | null;
  profile_id: string | null;
  project_id: string | null;
  from: string | null;
  to: string | null;
  only_failed: boolean;
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  reason: string;
  total: number | null;
  done: number;
  changed: number;
  failed: number;
  skipped: number;
  author: string;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

/**
 * The uplinks to decode again: those of a device, of the devices of a profile, or of a project's devices.
 *
 * Exactly one of the three ids is required. `from` and `to` limit the event times; by default all uplinks are decoded.
 * `only_failed` selects uplinks without values: their codec failed, or there was none.
 */
export interface RedecodeCreate {
  device_id?: string | null;
  profile_id?: string | null;
  project_id?: string | null;
  from?: string | null;
  to?: string | null;
  only_failed?: boolean;
}

/** An earlier invoice. */
export interface Reference {
  id: string;
  number: string;
  issued_on: string;
  period: string;
}

/** A refresh token. It works once; the response contains the next one. */
export interface RefreshToken {
  refresh_token: string;
}

/**
 * How many calls of a subject a limit rejected in an hour. `subject` is the id of a key, user, device or organisation.
 */
export interface Refused {
  hour: string;
  limit: string;
  scope: "account" | "key" | "group" | "address" | "device";
  subject: string;
  count: number;
}

/** A version of a register, valid from `from` (null: the beginning) to `to` (null: without an end). */
export interface Register {
  name: string;
  kind: "volume" | "reverse_volume" | "energy" | "reverse_energy" | "heat" | "cooling" | "count";
  sources: Source[];
  unit: string;
  /** An exact decimal. */
  factor: number;
  decimals: number;
  /** An exact decimal. */
  rolls_over_at: number | null;
  serial: string | null;
  checks: Checks;
  from: string | null;
  to: string | null;
  /** An exact decimal. */
  first_value: number | null;
  /** An exact decimal. */
  last_value: number | null;
}

/**
 * A version of a register: what it counts, where, and from when to when.
 *
 * Set `sources`, or `field` and `unit` for a single one; a register of volume without any has those of usual water
 * meters. `unit` is the unit of results, by default that of the first source. `factor` is what one step of the counter
 * is, in the source's unit. `rolls_over_at`, `first_value` and `last_value` are in the meter's own digits. Results on
 * invoices have at least `decimals` places.
 */
export interface RegisterSet {
  name?: string | null;
  kind?: "cooling" | "count" | "energy" | "heat" | "reverse_energy" | "reverse_volume" | "volume" | null;
  sources?: Source[];
  field?: string;
  unit?: string;
  /** By default `1`. */
  factor?: number | string;
  decimals?: number;
  rolls_over_at?: number | string | null;
  serial?: string | null;
  checks?: ChecksSet;
  from?: string | null;
  to?: string | null;
  first_value?: number | string | null;
  last_value?: number | string | null;
}

/** The ids of the created devices. `has_more`: other devices still wait to be registered. */
export interface RegisteredDevices {
  device_ids: string[];
  has_more: boolean;
}

/**
 * The current state of a rehearsal. `progress` is 0 to 1; `first` are the first 100 of `fired` and `failed`.
 *
 * `by_device` has the devices with the most runs, at most 100 of the `devices` that would have run it. `by_time` counts
 * `fired` and `failed` in 100 equal parts of the range from `from` to `to`.
 *
 * `read` counts readings, times of a schedule or events. `reason` states what was left out, or why the rehearsal ended
 * early.
 */
export interface Rehearsal {
  id: string;
  rule_id: string;
  version_id: string;
  number: number;
  state: "running" | "done" | "failed" | "cancelled";
  reason: string;
  progress: number;
  read: number;
  evaluated: number;
  fired: number;
  failed: number;
  devices: number;
  by_device: DeviceCount[];
  from: string;
  to: string;
  by_time: number[];
  first: Occasion[];
  started_at: string;
  finished_at: string | null;
}

/** The version to rehearse, by default the newest, and the range of event times. */
export interface Rehearse {
  from: string;
  to: string;
  version_id?: string | null;
}

/**
 * One reason why one of many devices was not created; a row can have several.
 *
 * `row` counts from 0; `field` is empty if no field is invalid.
 */
export interface RejectedDevice {
  row: number;
  field: string;
  code: string;
  detail: string;
}

/** The password and a code, to prove the user's identity. */
export interface RemoveFactor {
  password: string;
  code: string;
}

/**
 * Another meter behind a register: when, the last value of the old one, the first value and serial number of the new
 * one.
 */
export interface Replacement {
  register: string;
  at: string;
  last_value?: number | string | null;
  first_value?: number | string | null;
  serial?: string | null;
}

/**
 * A request to read a seed.
 *
 * `until` is when it ends: while it is `open`, unless it is decided before; once it is `approved`, unless it is used
 * before.
 */
export interface Request {
  id: string;
  token: string;
  token_id: string;
  purpose: "read" | "end_four_eyes";
  reason: string;
  state: "open" | "approved" | "denied" | "used" | "expired";
  requested_by: string;
  created_at: string;
  until: string;
  decided_by: string | null;
  decided_at: string | null;
  used_at: string | null;
}

/** What a second person shall approve: to `read` the seed once, or to end this rule for the token (`end_four_eyes`). */
export interface RequestCreate {
  reason: string;
  purpose?: "end_four_eyes" | "read";
}

/** A new password, with the token from the mail. */
export interface Reset {
  token: string;
  new_password: string;
}

/** A person who lives at a customer's site. `end_user_id` is the id as a UUID, for clients that know no other form. */
export interface Resident {
  id: string;
  end_user_id: string;
  customer_id: string;
  name: string;
  email: string;
  created_at: string;
}

/** A resident to add to a customer. */
export interface ResidentCreate {
  name: string;
  email: string;
}

/** The reason for restoring a version. */
export interface Restore {
  note?: string;
}

/** A member's new role. */
export interface RoleChange {
  role: "admin" | "member" | "owner" | "viewer";
}

/** For how many seconds the previous secret remains valid: at most seven days. */
export interface RotateSecret {
  overlap_s?: number;
}

/**
 * One reason why a row of a batch was rejected; a row can have several. `row` counts from 0.
 *
 * An array of readings as `data` counts as a row for each of them, and `field` names the element, as in `data[3].time`.
 */
export interface RowError {
  row: number;
  code: string;
  detail: string;
  field?: string;
}

/**
 * A rule.
 *
 * `state` is draft, running, stopped or force_stopped, with the reason. `running_version_id` is the deployed version,
 * `failures` the number of consecutive failed runs, `next_at` the next time of its schedule.
 */
export interface Rule {
  id: string;
  name: string;
  description: string;
  state: "draft" | "running" | "stopped" | "force_stopped";
  reason: string;
  running_version_id: string | null;
  last_number: number;
  failures: number;
  next_at: string | null;
  hook_id: string | null;
  trashed_at: string | null;
  evaluation_errors: EvaluationErrors;
  created_at: string;
  updated_at: string;
}

export type RuleAction = RulesCommandAction | RulesWebhookAction | RulesEmailAction | RulesSmsAction | RulesChatAction | LabelAction | ReadingAction | RaiseAlertAction | ClearAlertAction;

/** A rule to create. It does not run until a version is deployed. */
export interface RuleCreate {
  name: string;
  definition: Definition;
  description?: string;
  note?: string;
}

/** An exported rule. The ids of devices inside belong to the organisation that it comes from. */
export interface RuleDocument {
  name: string;
  definition: Definition;
  description?: string;
  format?: "penstock.rule/1";
}

/**
 * A change of a rule: omitted fields are unchanged. A different definition is saved as a new version, with the note.
 */
export interface RulePatch {
  name?: string;
  description?: string;
  definition?: Definition;
  note?: string;
}

export type RuleTrigger = ReadingTrigger | ConnectivityTrigger | ScheduleTrigger | HookTrigger | EventTrigger;

/** A rule with its newest version. */
export interface RuleWithVersion {
  id: string;
  name: string;
  description: string;
  state: "draft" | "running" | "stopped" | "force_stopped";
  reason: string;
  running_version_id: string | null;
  last_number: number;
  failures: number;
  next_at: string | null;
  hook_id: string | null;
  trashed_at: string | null;
  evaluation_errors: EvaluationErrors;
  created_at: string;
  updated_at: string;
  newest: Version;
}

/** A message in the chat channel with this name. `text` is a template. */
export interface RulesChatAction {
  type: "chat";
  channel: string;
  text: string;
  severity?: "" | "critical" | "high" | "info" | "low" | "medium";
}

/** A command, by name, for the device that caused the run, or for the device in `device_id`. */
export interface RulesCommandAction {
  type: "command";
  command: string;
  parameters?: Record<string, unknown>;
  device_id?: string;
}

/** A mail to each of these addresses. `subject` and `text` are templates. */
export interface RulesEmailAction {
  type: "email";
  to: string[];
  subject: string;
  text: string;
  severity?: "" | "critical" | "high" | "info" | "low" | "medium";
}

/** A text message to each of these numbers. `text` is a template. */
export interface RulesSmsAction {
  type: "sms";
  to: string[];
  text: string;
}

/** A POST to a URL. `url` and `body` are templates; without `body` the rule's variables are sent. */
export interface RulesWebhookAction {
  type: "webhook";
  url: string;
  body?: string;
}

/**
 * One time a rule executed its actions, or failed to: its cause, its input, the results of its actions and its
 * duration.
 */
export interface Run {
  id: string;
  rule_id: string;
  version_id: string;
  number: number;
  cause: string;
  device_id: string | null;
  outcome: "pending" | "done" | "failed" | "cancelled" | "skipped";
  reason: string;
  inputs: Record<string, unknown>;
  results: ActionResult[];
  at: string;
  created_at: string;
  finished_at: string | null;
  duration_ms: number | null;
}

/** The period to close, and for which customers; null: all that are invoiced for periods of this length. */
export interface RunCreate {
  period: string;
  customer_ids?: string[] | null;
}

/** On a schedule: `cron` has five fields, in `time_zone`. */
export interface ScheduleTrigger {
  type: "schedule";
  device_ids?: string[];
  device_type?: string;
  cron: string;
  time_zone?: string;
}

/** A scope and what it allows. */
export interface ScopeInfo {
  name: string;
  description: string;
}

/** The code of an authenticator app, or a recovery code, with the token of the first step. */
export interface SecondStep {
  mfa_token: string;
  code: string;
}

/**
 * A secret, without its value.
 *
 * `name` is null for a managed secret: it belongs to the only entry of `used_by`, where it is changed. `used_by` has
 * the first ten uses, and `uses` is the number of all. `version` is the current one.
 */
export interface Secret {
  id: string;
  name: string | null;
  managed: boolean;
  description: string;
  version: number;
  uses: number;
  used_by: SecretUse[];
  created_by: string;
  created_at: string;
  updated_at: string;
}

/** The value of a version of a secret. */
export interface SecretContent {
  version: number;
  value: string;
}

/** A secret to create. The name never changes: `secret://NAME` refers to it. The value is text of at most 64 KiB. */
export interface SecretCreate {
  name: string;
  value: string;
  description?: string;
}

/** A change of a secret. Its value is changed by adding a version. */
export interface SecretPatch {
  description: string;
}

/** What uses a secret: its kind, its id, and its field. */
export interface SecretUse {
  kind: "connection" | "channel" | "webhook" | "token" | "sms_account";
  id: string;
  field: string;
}

/** A version of a secret, without its value. */
export interface SecretVersion {
  version: number;
  created_by: string;
  created_at: string;
}

/** A new value, which replaces the current one. */
export interface SecretVersionCreate {
  value: string;
}

/** The new seed in base32. Without it, a random one is generated. */
export interface SeedToRotate {
  secret?: string | null;
}

/**
 * One named value of a device. `declared` is false if it was only discovered in readings.
 *
 * `decimals` is how many people see; null: as many as were measured.
 */
export interface Sensor {
  id: string;
  device_id: string;
  key: string;
  name: string;
  unit: string;
  value_type: "integer" | "float" | "string" | "boolean";
  decimals: number | null;
  declared: boolean;
  created_at: string;
  updated_at: string;
}

/**
 * A sensor to declare. `key` is the dot path of the value in the device's readings.
 *
 * `decimals` is how many of its values' decimals people see; null: as many as were measured. Readings keep all.
 */
export interface SensorCreate {
  key: string;
  name?: string;
  unit?: string;
  value_type?: "boolean" | "float" | "integer" | "string";
  decimals?: number | null;
}

/**
 * A sensor to declare on a device.
 *
 * `key` is the dot path of the value in the device's readings. With `template_id` the fields that are omitted are those
 * of the sensor template.
 */
export interface SensorDeclare {
  key?: string;
  name?: string;
  unit?: string;
  value_type?: "boolean" | "float" | "integer" | "string";
  decimals?: number | null;
  template_id?: string | null;
}

/** A change of a sensor: omitted fields are unchanged, null clears `decimals`. */
export interface SensorPatch {
  name?: string;
  unit?: string;
  value_type?: "boolean" | "float" | "integer" | "string";
  decimals?: number | null;
}

/** A sensor to declare on devices. Templates of the `system` cannot be changed and have no times. */
export interface SensorTemplate {
  id: string;
  name: string;
  key: string;
  unit: string;
  value_type: "integer" | "float" | "string" | "boolean";
  decimals: number | null;
  description: string;
  system: boolean;
  created_at: string | null;
  updated_at: string | null;
}

/**
 * A sensor template to create. `key` is the normalised name of the value, as in readings.
 *
 * `decimals` is how many of its values' decimals people see; null: as many as were measured.
 */
export interface SensorTemplateCreate {
  name: string;
  key: string;
  unit?: string;
  value_type?: "boolean" | "float" | "integer" | "string";
  decimals?: number | null;
  description?: string;
}

/** A change of a sensor template: omitted fields are unchanged, null clears `decimals`. */
export interface SensorTemplatePatch {
  name?: string;
  key?: string;
  unit?: string;
  value_type?: "boolean" | "float" | "integer" | "string";
  decimals?: number | null;
  description?: string;
}

/** A sign-in. `current` is true for the session of this call. */
export interface Session {
  id: string;
  user_id: string;
  current: boolean;
  methods: string[];
  address: string;
  user_agent: string;
  created_at: string;
  last_used_at: string;
  expires_at: string;
}

/** The connection through which a device is reached, and its ids at the external server. Omitted ids are unchanged. */
export interface SetDeviceRoute {
  connection_id: string;
  device_name?: string | null;
}

/** The token of the link that the server printed, the name of the first organisation, and the account of its owner. */
export interface Setup {
  token: string;
  organization: string;
  email: string;
  password: string;
}

/** The first organisation. The key has all permissions there; its value is returned only here. */
export interface SetupDone {
  organization_id: string;
  organization_name: string;
  project_id: string;
  user_id: string;
  email: string;
  plan: string;
  key_id: string;
  api_key: string;
  warning?: string;
}

/**
 * A share link, without its token. `token_prefix` is how the token begins, `uses` how often the dashboard was opened.
 */
export interface Share {
  id: string;
  dashboard_id: string;
  name: string;
  token_prefix: string;
  variables: Record<string, string>;
  allow_embed: string[];
  expires_at: string;
  created_by: string;
  created_at: string;
  last_used_at: string | null;
  uses: number;
}

/**
 * A share link to create. It ends at `expires_at`, or after `expires_in_s` seconds; within a year.
 *
 * `variables` are the values with which it is shown. `allow_embed` are the origins, such as `https://example.org`,
 * whose pages may show it in a frame.
 */
export interface ShareCreate {
  expires_at?: string | null;
  expires_in_s?: number | null;
  name?: string;
  variables?: Record<string, string>;
  allow_embed?: string[];
}

/** A dashboard as visitors with a share link see it, without buttons that send commands. */
export interface SharedDashboard {
  name: string;
  description: string;
  range: string | null;
  from: string | null;
  to: string | null;
  live: boolean;
  refresh_s: number | null;
  widgets: SharedWidget[];
  allow_embed: string[];
  expires_at: string;
}

/** A widget of a shared dashboard. `options` are those of its type, without what names devices. */
export interface SharedWidget {
  id: string;
  type: "last_value" | "gauge" | "chart" | "table" | "map" | "status_grid" | "image" | "text" | "command_button";
  title: string;
  x: number;
  y: number;
  w: number;
  h: number;
  options: Record<string, unknown>;
  image_at: string | null;
}

export type ShownAlertCondition = Threshold | ValueChange | RateOfChange | NoData | Connectivity | Geofence | Expression | RaisedByRule;

/** Confirms that keys are to be destroyed, by the name of the organisation. */
export interface Shred {
  organization_name: string;
}

/** The credentials. Without `organization_id` the session is in the organisation that the user joined first. */
export interface SignIn {
  email: string;
  password: string;
  organization_id?: string | null;
}

/**
 * The tokens of a session. Send the access token in `Authorization: Bearer`; `expires_in` is in seconds.
 *
 * With `mfa_required` there is no session yet: send `mfa_token` and a code to the second step. With
 * `enrolment_required` the organisation requires a second factor, and all other calls are rejected until one is
 * enrolled.
 */
export interface SignedIn {
  mfa_required: boolean;
  access_token?: string | null;
  token_type?: string | null;
  expires_in?: number | null;
  refresh_token?: string | null;
  session_id?: string | null;
  organization_id?: string | null;
  user_id?: string | null;
  role?: "owner" | "admin" | "member" | "viewer" | "resident" | "customer_manager" | null;
  enrolment_required?: boolean;
  mfa_token?: string | null;
}

/** An account to create for a message centre that speaks SMPP 3.4. */
export interface SmppCreate {
  kind: "smpp";
  name: string;
  settings: SmppSettings;
}

/**
 * A message centre that speaks SMPP 3.4, to which Penstock connects as a transceiver.
 *
 * The default `port` is 2775, or 3550 with TLS. `window` is how many submitted messages can wait for their response.
 * `alphabet` is what the message centre means by its default alphabet (data_coding 0). `receipt_ids` is how delivery
 * receipts write the id of a message: as its response did, or in decimal or hexadecimal where that did the other.
 * `ca_pem` has the trusted authorities.
 */
export interface SmppSettings {
  host: string;
  system_id: string;
  password?: string | null;
  port?: number | null;
  tls?: boolean;
  ca_pem?: string | null;
  system_type?: string;
  window?: number;
  alphabet?: "gsm7" | "latin1";
  receipt_ids?: "decimal" | "hex" | "same";
}

export type SmsAccountCreate = LogCreate | TwilioCreate | SmppCreate;

/**
 * The state of an account.
 *
 * `ready` if it has no connection of its own; else `connecting`, `connected`, `waiting` for the next attempt, or
 * `stopped`. `last_error` remains after it is over.
 */
export interface SmsAccountsLink {
  state: "ready" | "connecting" | "connected" | "waiting" | "stopped";
  since: string | null;
  retry_at: string | null;
  last_error: string | null;
  last_error_at: string | null;
}

/** A text message to each of these numbers (E.164). `text` is a template. */
export interface SmsAction {
  type: "sms";
  to: string[];
  on_clear?: boolean;
  text?: string;
}

/** A snoozed alert. `device_id` is null if it is snoozed on every device. */
export interface Snooze {
  alert_id: string;
  device_id: string | null;
  until: string;
  note: string;
  snoozed_by: string;
  snoozed_at: string;
}

/** A snooze: `until` a time, or `for_s` seconds. With `device_id` only on this device. */
export interface SnoozeSet {
  until?: string | null;
  for_s?: number | null;
  note?: string;
  device_id?: string | null;
}

/** A field of readings that holds the counter, by its dot path, and its unit. */
export interface Source {
  field: string;
  unit: string;
}

/** The standing of a device. `online` removes a standing that was set before. */
export interface StandingWrite {
  status: "maintenance" | "offline" | "online";
}

/**
 * An import, and the result of a dry run.
 *
 * `faults` are the first ones, `next_cursor` is that of the list of faults; `preview` are the first rows without one.
 * All three are empty if it was not a dry run: the import then runs in the background.
 */
export interface StartedImport {
  id: string;
  kind: "devices" | "registers" | "residents" | "placements";
  dry_run: boolean;
  state: "queued" | "running" | "done" | "cancelled";
  rows: number;
  done: number;
  valid: number;
  made: number;
  updated: number;
  unchanged: number;
  failed: number;
  author: string;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  faults: Fault[];
  next_cursor: string | null;
  preview: PreviewRow[];
}

/** A state of an execution, with its time and reason. */
export interface StateChange {
  state: "queued" | "sent" | "received" | "done" | "failed" | "expired" | "cancelled";
  at: string;
  reason: string;
}

/** The bill of a completed month. It never changes; its parts add up to `total_cost`. */
export interface Statement {
  tier: string;
  from: string;
  to: string;
  active_devices: number;
  included_devices: number;
  overage_devices: number;
  base_cost: string;
  overage_cost: string;
  total_cost: string;
  currency: string;
  id: string;
  month: string;
  created_at: string;
  parts: StatementPart[];
}

/**
 * A customer's part of a statement; null: of devices without a customer. `customer` is empty if the customer was
 * deleted.
 */
export interface StatementPart {
  customer_id: string | null;
  customer: string;
  active_devices: number;
  amount: string;
}

/** Whether devices are online, and their open alerts. */
export interface StatusGridOptions {
  type: "status_grid";
  source: DashboardsSource;
}

/** The reason for stopping a rule. */
export interface Stop {
  reason?: string;
}

/** The outcome of one reading. `status` is `stored`, `duplicate` or `quarantined`. */
export interface Stored {
  id: string;
  seq: number;
  device_id: string;
  time: string;
  status: "stored" | "duplicate" | "quarantined";
  backfill: boolean;
}

/**
 * A subscription at a broker.
 *
 * `topic` may contain MQTT's wildcards in addition to the placeholders. The device is named by `{{deviceId}}` in it, or
 * by a value of the payload at the dot path `device_id_path`, or by the payload's own form (`lorawan`: a network
 * server's event, such as those of ChirpStack's MQTT integration). `json` is an object of values, `text` one value,
 * `auto` detects which. `acknowledgement` is for devices' responses to commands.
 *
 * `availability` is a message that says whether the device is online, as a last will does. It says so by one of the
 * usual words or by one of `online_values` or `offline_values`, in any case; any other is counted as a fault of the
 * device.
 */
export interface Subscription {
  topic: string;
  qos?: 0 | 1 | 2;
  payload?: "acknowledgement" | "auto" | "availability" | "json" | "lorawan" | "text";
  device_id_path?: string | null;
  time_path?: string | null;
  online_values?: string[];
  offline_values?: string[];
}

/** Numbers of open alert events: raised and acknowledged ones. */
export interface Summary {
  open: number;
  raised: number;
  acknowledged: number;
  by_severity: BySeverity;
}

/** Another organisation of the user. */
export interface Switch {
  organization_id: string;
}

/** The server. */
export interface System {
  version: string;
  durability: "full" | "relaxed";
  disk: Disk;
  checks: Check[];
  followers: Follower[];
}

/** Rows of values: the `latest` of each device, or the `readings` of the devices in the range, newest first. */
export interface TableOptions {
  type: "table";
  source: DashboardsSource;
  fields: string[];
  show?: "latest" | "readings";
  rows?: number;
}

/** One of `fields` is true. A field may end in `.*`: everything below it. */
export interface Tamper {
  enabled?: boolean | null;
  fields?: string[] | null;
}

/** The monitored devices: set one of the four. With `labels`, the devices that have all of them. */
export interface Target {
  devices?: string[] | null;
  project_id?: string | null;
  labels?: Record<string, string> | null;
  all?: boolean;
}

/** Prices in a currency, by the days from which they hold. */
export interface Tariff {
  id: string;
  name: string;
  currency: string;
  versions: TariffsVersion[];
  created_at: string;
  updated_at: string;
}

/** A tariff to create, with its first version. `currency` is a code of ISO 4217. */
export interface TariffCreate {
  name: string;
  currency: string;
  from: string;
  to?: string | null;
  items?: ItemWrite[];
  standing?: ChargeWrite[];
  minimum?: ChargeWrite | null;
}

/** A change of a tariff's name. Prices are changed by another version. */
export interface TariffPatch {
  name: string;
}

/** Prices that hold from the day `from` until the day `to` (not included); null: until another version begins. */
export interface TariffsVersion {
  from: string;
  to: string | null;
  items: Item[];
  standing: Charge[];
  minimum: Charge | null;
}

/** A text in Markdown. It is stored as it is. */
export interface TextOptions {
  type: "text";
  text: string;
}

/** One measured value that was selected for the chart. */
export interface ThinPoint {
  time: string;
  value: number;
}

/**
 * A connection to create for The Things Stack 3. Without `project_id` it applies to every device of the organisation.
 */
export interface ThingsStackCreate {
  type: "things_stack";
  name: string;
  project_id?: string | null;
  settings?: ThingsStackSettings;
}

/**
 * Downlinks over The Things Stack's webhook API: `url` is the cluster's, such as https://eu1.cloud.thethings.network.
 */
export interface ThingsStackDownlink {
  url: string;
  application_id: string;
  webhook_id: string;
  api_key?: string | null;
}

/** The Things Stack 3 with a webhook. */
export interface ThingsStackSettings {
  downlink?: ThingsStackDownlink | null;
}

/** The selected points, with their range. */
export interface Thinned {
  data: ThinPoint[];
  field: string;
  query: Range;
}

/** A value on one side of a bound. `between` and `outside` have two bounds, which count as inside. */
export interface Threshold {
  type: "threshold";
  field: string;
  operator: "!=" | "<" | "<=" | "==" | ">" | ">=" | "between" | "outside";
  value: number | boolean | string | number[];
}

/**
 * A credential for one stream, for browsers, which cannot set headers.
 *
 * It must be used before `expires_at`, and then works for a day for the same browser and stream.
 */
export interface Ticket {
  ticket: string;
  expires_at: string;
}

/** A price up to a consumption per calendar month; `up_to` is null on the last tier. */
export interface Tier {
  up_to: string | null;
  price: string;
}

/** A price that applies up to a consumption per calendar month, in the item's unit. The last tier has no `up_to`. */
export interface TierWrite {
  price: number | string;
  up_to?: number | string | null;
}

/**
 * A token, without its seed. `rotate_reason` says why the seed should be replaced; null if it need not.
 *
 * With `four_eyes` a second person must approve before the seed is shown. `created_by` is a user or a key.
 */
export interface Token {
  id: string;
  name: string;
  issuer: string;
  account: string;
  description: string;
  algorithm: string;
  digits: number;
  period_s: number;
  four_eyes: boolean;
  rotate_reason: string | null;
  groups: TokenGroup[];
  created_by: string;
  created_at: string;
  updated_at: string;
}

/**
 * A token to create, from its `secret` in base32 or an `otpauth://` URI, which also has the issuer and the parameters.
 *
 * `name` is 1 to 63 of a-z, 0-9, `.`, `_` and `-`.
 */
export interface TokenCreate {
  name: string;
  secret?: string;
  uri?: string;
  issuer?: string;
  account?: string;
  description?: string;
  algorithm?: string;
  digits?: number;
  period_s?: number;
  four_eyes?: boolean;
}

/**
 * What to export: all tokens, or those with some `names`.
 *
 * `penstock` is a file that is encrypted with the `passphrase` of at least 12 characters. `otpauth` is a text with one
 * URI per line, which is not encrypted.
 */
export interface TokenExport {
  format?: "otpauth" | "penstock";
  passphrase?: string | null;
  names?: string[] | null;
}

/**
 * A file of tokens to import.
 *
 * `format` is that of the content: `otpauth` and `google` are texts with one URI per line, `aegis` and `2fas` are
 * backups of these apps, `penstock` is a file that was exported here. An encrypted file needs its `passphrase`.
 * `conflict` says what to do with a token whose name exists: `skip` it, `rename` it, or `replace` the seed of the
 * existing one, which needs the scope tokens:seed.
 */
export interface TokenFile {
  format: "2fas" | "aegis" | "google" | "otpauth" | "penstock";
  content: string;
  passphrase?: string | null;
  conflict?: "rename" | "replace" | "skip";
  dry_run?: boolean;
}

/** A group to which a token is granted. */
export interface TokenGroup {
  id: string;
  name: string;
}

/** The outcome of the entries of a file, in its order; in a dry run the expected one. */
export interface TokenImportResult {
  dry_run: boolean;
  counts: ImportCounts;
  entries: ImportedToken[];
}

/** A change of a token: omitted fields are unchanged. */
export interface TokenPatch {
  name?: string;
  issuer?: string;
  account?: string;
  description?: string;
  four_eyes?: boolean;
}

/** A picture of QR codes, PNG or JPEG, in base64. It can also be sent as it is, with its own media type. */
export interface TokenPicture {
  picture: string;
}

/** The seed of a token, in base32 and in a URI for authenticator apps. */
export interface TokenSeed {
  name: string;
  secret: string;
  uri: string;
  algorithm: string;
  digits: number;
  period_s: number;
}

/** An account to create for Twilio. */
export interface TwilioCreate {
  kind: "twilio";
  name: string;
  settings: TwilioSettings;
}

/** An account at Twilio. `base_url` is that of another region, or of a server with the same API. */
export interface TwilioSettings {
  account_sid: string;
  auth_token?: string | null;
  base_url?: string;
}

/** A device that reported and is not registered. `readings` is the number of its readings that are stored. */
export interface Unregistered {
  eui: string;
  customer_id: string | null;
  device_name: string | null;
  tenant_name: string | null;
  network: string;
  first_seen_at: string;
  last_seen_at: string;
  readings: number;
}

/**
 * The usage in one bucket. `id` is null for the organisation, and for usage of deleted keys; users are counted
 * together.
 *
 * `calls` are calls of the APIs; `bytes` are the bytes of stored payloads, and for a key those of request bodies.
 * `refused` are calls that a limit rejected; they are not part of `calls`. `webhooks` are delivered messages, of the
 * organisation or a project. `sms` are those sent for alerts and rules.
 */
export interface Usage {
  start: string;
  id: string | null;
  calls: number;
  readings: number;
  data_points: number;
  bytes: number;
  refused: number;
  webhooks: number;
  sms: number;
}

/** A value of a register. `reason` says why it is suspect; `original` is what the device reported, if it did. */
export interface Value {
  time: string;
  /** An exact decimal. */
  value: number | null;
  unit: string;
  status: "valid" | "suspect" | "edited" | "void";
  reason: "not_a_number" | "negative" | "out_of_range" | "zero" | "fall" | "spike" | "duplicate_time" | "clock" | null;
  /** Any JSON value. */
  original: unknown;
  edit: Edit | null;
}

/** A value that differs from the previous one; for a number, by more than `by`. */
export interface ValueChange {
  type: "change";
  field: string;
  by?: number;
}

/**
 * A value that viewers select. The widgets that name it show the `device` with this id, or the devices with this
 * `label`.
 *
 * The devices to select from are those with `labels`. Of a variable of the kind `label`, `label_key` is the key of the
 * label.
 */
export interface Variable {
  name: string;
  kind: "device" | "label";
  label?: string;
  label_key?: string;
  labels?: Record<string, string>;
  default?: string;
}

/** A value that a variable can have, and what to show for it. */
export interface VariableOption {
  value: string;
  name: string;
}

/** The values that a variable can have. */
export interface VariableOptions {
  data: VariableOption[];
}

/** The VAT of all lines with one rate, in per cent. */
export interface VatSum {
  rate: string;
  net: string;
  vat: string;
}

/**
 * The result of verifying `rows` entries, up to `seq` with `hash`. `fault` says what is wrong if they are not `intact`.
 *
 * With `next_cursor` more entries follow, which the next call verifies.
 */
export interface Verification {
  intact: boolean;
  rows: number;
  seq: number;
  hash: string;
  fault: string | null;
  next_cursor: string | null;
}

/** One saved state of a rule. Only its name can change. `restored_number` is the version that was restored. */
export interface Version {
  id: string;
  rule_id: string;
  number: number;
  name: string;
  author: string;
  author_name: string;
  note: string;
  restored_number: number | null;
  definition: Definition;
  created_at: string;
}

/**
 * Prices that hold from a day until the next version begins, or until the day `to` (not included) if that is earlier.
 *
 * `standing` are charges for each day on which there is a meter. If all lines together are less than `minimum`, the
 * difference is added.
 */
export interface VersionCreate {
  from: string;
  to?: string | null;
  items?: ItemWrite[];
  standing?: ChargeWrite[];
  minimum?: ChargeWrite | null;
}

/** A version's new name. */
export interface VersionPatch {
  name: string;
}

/** The settings of alarms: `own` are set here, `effective` are those that apply. */
export interface WatchedSettings {
  own: AlarmSettings;
  effective: AlarmSettings;
}

/**
 * An endpoint. Only the names of its headers are returned, because their values can be credentials.
 *
 * `disabled_reason` is by_hand, gone (it responded with 410) or failing. `failing_since` is the first failure since the
 * last success, and `failures` counts those since then. Nothing is sent before `paused_until`; null if it is not
 * paused. Then one message is tried. `secret_references` are the names of the secrets that `secret` and headers refer
 * to, by field.
 */
export interface Webhook {
  id: string;
  organization_id: string;
  project_id: string | null;
  name: string;
  url: string;
  format: string;
  topics: string[];
  filters: WebhookFilters;
  headers: string[];
  secret_references: Record<string, string>;
  ordered: boolean;
  payload_only: boolean;
  batch: WebhookBatch | null;
  enabled: boolean;
  disabled_reason: string | null;
  failing_since: string | null;
  failures: number;
  paused_until: string | null;
  previous_secret_until: string | null;
  evaluation_errors: EvaluationErrors;
  created_at: string;
  updated_at: string;
}

/** Webhooks receive every alert through their subscription. This action only states so; it has no effect. */
export interface WebhookAction {
  type: "webhook";
  on_clear?: boolean;
}

/** One attempt to deliver a message. `status` is null if no response was received, and `error` states why. */
export interface WebhookAttempt {
  id: string;
  at: string;
  latency_ms: number;
  status: number | null;
  error: string | null;
  response: string;
}

/** Readings are sent in batches: at this number of readings, or this time after the first. */
export interface WebhookBatch {
  readings: number;
  wait_s?: number;
}

/**
 * An endpoint to create. Without `secret` one is generated; with `project_id` it receives only the events of that
 * project.
 *
 * `ordered` sends the messages of each device one at a time, in order. `payload_only` applies to formats that have it.
 */
export interface WebhookCreate {
  url: string;
  topics: string[];
  name?: string;
  format?: "iottly" | "kaito" | "siliconwit" | "standard";
  project_id?: string | null;
  filters?: WebhookFilters;
  headers?: Record<string, string>;
  ordered?: boolean;
  payload_only?: boolean;
  batch?: WebhookBatch | null;
  secret?: string | null;
  enabled?: boolean;
}

/**
 * Filters for the events of an endpoint's topics. An omitted filter matches everything.
 *
 * `actions` apply to `audit.event` and can end in `*`; `channel` and `origin` apply to readings. `condition` is CEL
 * over `event` (`type`, `data`) and `device` (`id`, `name`, `type`, `labels`, `project_id`).
 */
export interface WebhookFilters {
  device_ids?: string[];
  labels?: Record<string, string>;
  actions?: string[];
  channel?: string | null;
  origin?: "agent" | "user" | null;
  condition?: string | null;
}

/**
 * An event for an endpoint. `id` is the message's id for receivers; it is the same in every attempt.
 *
 * `failed` is a dead letter: all attempts failed. `expired`: its payload has been deleted. `payload` is null then, and
 * in lists.
 */
export interface WebhookMessage {
  id: string;
  webhook_id: string;
  topic: string;
  status: "pending" | "delivered" | "failed" | "expired";
  attempts: number;
  last_status: number | null;
  created_at: string;
  next_attempt_at: string | null;
  settled_at: string | null;
  payload: string | null;
}

/**
 * A change of an endpoint: omitted fields are unchanged, null clears a field. Headers and filters are replaced as a
 * whole.
 */
export interface WebhookPatch {
  url?: string;
  topics?: string[];
  name?: string;
  project_id?: string | null;
  filters?: WebhookFilters | null;
  headers?: Record<string, string> | null;
  ordered?: boolean;
  payload_only?: boolean;
  batch?: WebhookBatch | null;
}

/** The messages of an endpoint to replay: by default the failed ones; `any` selects all. */
export interface WebhookReplay {
  status?: "any" | "delivered" | "failed" | "pending";
  topic?: string | null;
  from?: string | null;
  to?: string | null;
}

/** The number of messages that are due again. */
export interface WebhookReplayed {
  messages: number;
}

/** A new secret. Without `secret` one is generated; without `overlap_s` the old one also signs for one day. */
export interface WebhookRotate {
  secret?: string | null;
  overlap_s?: number | null;
}

/** A topic. `sent` is false if the topic is accepted but this version sends no events of it. */
export interface WebhookTopic {
  name: string;
  description: string;
  scope: string;
  sent: boolean;
}

/** A widget of a dashboard. `image_at` is when its image was set; null without one. */
export interface Widget {
  id: string;
  dashboard_id: string;
  type: "last_value" | "gauge" | "chart" | "table" | "map" | "status_grid" | "image" | "text" | "command_button";
  title: string;
  x: number;
  y: number;
  w: number;
  h: number;
  options: WidgetOptions;
  image_at: string | null;
  created_at: string;
  updated_at: string;
}

/** A column of a table. `decimals`: how many to show, of the sensor; null: as many as were measured. */
export interface WidgetColumn {
  field: string;
  name: string;
  unit: string;
  decimals: number | null;
}

/** A widget to add. Without `x` and `y` it is put below all others. Units: columns and rows of a grid of 12 columns. */
export interface WidgetCreate {
  options: WidgetOptions;
  title?: string;
  x?: number | null;
  y?: number | null;
  w?: number;
  h?: number;
}

/**
 * What a widget shows. Of the lists, those of its type are filled.
 *
 * `values`: last_value, gauge and image. `series`: chart. `columns` and `rows`: table. `devices`: map and status_grid.
 * `bucket` is null if points are readings. `truncated`: more devices are selected than the widget can show.
 */
export interface WidgetData {
  type: "last_value" | "gauge" | "chart" | "table" | "map" | "status_grid" | "image" | "text" | "command_button";
  query: DataRange;
  bucket: string | null;
  values: WidgetValue[];
  series: WidgetSeries[];
  columns: WidgetColumn[];
  rows: WidgetRow[];
  devices: WidgetDevice[];
  truncated: boolean;
}

/**
 * The state of a device. `alerts`: how many are open; null if the caller must not see them. Units: degrees (WGS 84).
 */
export interface WidgetDevice {
  device_id: string | null;
  device_name: string;
  missing: boolean;
  latitude: number | null;
  longitude: number | null;
  connectivity: string | null;
  last_seen_at: string | null;
  alerts: number | null;
  severity: string | null;
  value: WidgetValue | null;
}

/** Why a widget cannot be shown: the code and the message of an error. */
export interface WidgetFault {
  code: string;
  detail: string;
}

/** All widgets of a dashboard, oldest first. */
export interface WidgetList {
  data: Widget[];
}

export type WidgetOptions = LastValueOptions | GaugeOptions | ChartOptions | TableOptions | MapOptions | StatusGridOptions | ImageOptions | TextOptions | CommandButtonOptions;

/**
 * A change of a widget: omitted fields are unchanged. `options` are replaced as a whole, also by those of another type.
 */
export interface WidgetPatch {
  options?: WidgetOptions;
  title?: string;
  x?: number;
  y?: number;
  w?: number;
  h?: number;
}

/** Where a widget is. Units: columns and rows of a grid of 12 columns. */
export interface WidgetPlace {
  widget_id: string;
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A point of a line: the time of a reading, or the start of a bucket. */
export interface WidgetPoint {
  time: string;
  value: boolean | number | string | null;
}

/** A widget that is not stored. With `dashboard_id` it has the dashboard's variables, range and project. */
export interface WidgetPreview {
  options: WidgetOptions;
  dashboard_id?: string | null;
  range?: string | null;
  from?: string | null;
  to?: string | null;
  timezone?: string;
  variables?: Record<string, string>;
}

/** A row of a table, with its values by field. */
export interface WidgetRow {
  device_id: string | null;
  device_name: string;
  missing: boolean;
  time: string | null;
  values: Record<string, boolean | number | string | null>;
}

/** A line of a chart. */
export interface WidgetSeries {
  device_id: string | null;
  device_name: string;
  missing: boolean;
  field: string;
  function: string;
  label: string;
  unit: string;
  color: string;
  axis: string;
  points: WidgetPoint[];
}

/** What a widget shows, or why it cannot be shown. One of `data` and `error` is null. */
export interface WidgetShown {
  widget_id: string;
  data: WidgetData | null;
  error: WidgetFault | null;
}

/** A level from which on a value has another colour. */
export interface WidgetThreshold {
  value: number;
  color?: string;
  label?: string;
}

/**
 * The latest value of a field of a device. `missing`: the device does not exist. `x` and `y`: where it is on an image.
 *
 * `decimals`: how many to show, of the sensor; null: as many as were measured. Those of the widget go before.
 */
export interface WidgetValue {
  device_id: string | null;
  device_name: string;
  missing: boolean;
  field: string;
  label: string;
  name: string;
  unit: string;
  decimals: number | null;
  value: boolean | number | string | null;
  time: string | null;
  x: number | null;
  y: number | null;
}

/** A value computed from a sensor's values over the last minutes; expressions read it as `window.<name>`. */
export interface Window {
  name: string;
  sensor: string;
  function: "avg" | "count" | "max" | "min" | "sum";
  minutes: number;
}

/** Why an edit is withdrawn. */
export interface Withdrawal {
  reason: string;
}

/** One time that the alert would have been raised. Without `cleared_at` it would still be raised at the end. */
export interface WouldBeRaised {
  raised_at: string;
  value: number | boolean | string | null;
  cleared_at: string | null;
  clear_reason: "condition" | "quiet" | "manual" | "changed" | "alert_deleted" | "device_deleted" | null;
  clear_value: number | boolean | string | null;
}

/** An action that would have been executed, or why it would have failed. */
export interface WouldDo {
  type: string;
  fields: Record<string, unknown>;
  problem: string;
}
