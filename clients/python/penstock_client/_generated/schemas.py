"""The schemas of the native API: bodies and answers."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any, Literal, TypedDict, Union

if sys.version_info >= (3, 11):
    from typing import NotRequired
else:
    from typing_extensions import NotRequired, TypedDict

__all__ = [
    "Accept",
    "Account",
    "AccountCheck",
    "AccountPatch",
    "Acknowledge",
    "AcknowledgeAlarm",
    "Acknowledged",
    "AcknowledgementMessage",
    "ActionResult",
    "ActiveHours",
    "Address",
    "AddressCreate",
    "AddressGrant",
    "AddressPatch",
    "Aggregated",
    "AlarmSettings",
    "Alert",
    "AlertAction",
    "AlertCondition",
    "AlertCreate",
    "AlertEvent",
    "AlertPatch",
    "AlertPreview",
    "AlertPreviewed",
    "AlertTest",
    "AlertTested",
    "Amount",
    "Assignment",
    "AssignmentWrite",
    "Assignments",
    "AssignmentsWrite",
    "Attachment",
    "AuditHead",
    "AuditRow",
    "AvailableNumber",
    "BackFlow",
    "Backup",
    "BalanceDay",
    "BalanceDays",
    "BatchStored",
    "BillSummary",
    "BucketOut",
    "BulkAct",
    "BulkDone",
    "BulkOutcome",
    "Burst",
    "BySeverity",
    "CancelWrite",
    "Channel",
    "ChannelCreate",
    "ChannelPatch",
    "ChannelTested",
    "Charge",
    "ChargeWrite",
    "ChartOptions",
    "ChartSeries",
    "ChatAction",
    "Check",
    "Checks",
    "ChecksSet",
    "ChirpStackApi",
    "ChirpStackCreate",
    "ChirpStackDownlink",
    "ChirpStackMqtt",
    "ChirpStackRest",
    "ChirpStackSettings",
    "ClearAlertAction",
    "Code",
    "CodecRestore",
    "CodecSave",
    "CodecVersion",
    "Command",
    "CommandAction",
    "CommandButtonOptions",
    "CommandCreate",
    "CommandMessage",
    "CommandPatch",
    "Comparison",
    "Confirm",
    "ConfirmCode",
    "Connection",
    "ConnectionCreate",
    "ConnectionPatch",
    "Connectivity",
    "ConnectivityChange",
    "ConnectivityTrigger",
    "Connector",
    "ContinuousFlow",
    "CreatedConnection",
    "CreatedDevice",
    "CreatedKey",
    "CreatedShare",
    "CreatedWebhook",
    "CustomCreate",
    "CustomSettings",
    "Customer",
    "CustomerConsumption",
    "CustomerCreate",
    "CustomerPatch",
    "Cuts",
    "Dashboard",
    "DashboardCreate",
    "DashboardData",
    "DashboardDocument",
    "DashboardDuplicate",
    "DashboardImport",
    "DashboardPatch",
    "DashboardsSource",
    "DataRange",
    "Definition",
    "Device",
    "DeviceCommandCreate",
    "DeviceConsumption",
    "DeviceCount",
    "DeviceCreate",
    "DeviceEventShown",
    "DevicePatch",
    "DeviceRoute",
    "DevicesCreate",
    "DevicesCreated",
    "Difference",
    "Disk",
    "DocumentWidget",
    "Edit",
    "EditCreate",
    "Elevation",
    "EmailAction",
    "Enrol",
    "Enrolment",
    "EscalationStep",
    "EvaluationErrors",
    "Event",
    "EventTrigger",
    "EventType",
    "EventTypeChange",
    "EventTypeCreate",
    "Execution",
    "ExecutionCreate",
    "ExecutionWithHistory",
    "ExportedTokenFile",
    "ExportedTokenFileCipher",
    "ExportedTokenFileKdf",
    "Expression",
    "ExpressionsPreview",
    "ExpressionsPreviewed",
    "Fault",
    "Fetched",
    "FleetSummary",
    "Folder",
    "FolderCreate",
    "FolderPatch",
    "Follower",
    "Forgotten",
    "Frozen",
    "GaugeOptions",
    "Geofence",
    "Grant",
    "GrantCreate",
    "GrantPatch",
    "Group",
    "GroupWrite",
    "History",
    "Hit",
    "Hits",
    "Hold",
    "Hook",
    "HookCall",
    "HookTrigger",
    "Identifier",
    "ImageOptions",
    "ImageWrite",
    "Import",
    "ImportCounts",
    "ImportFile",
    "ImportedDashboard",
    "ImportedToken",
    "Ingested",
    "Invitation",
    "Invite",
    "Invoice",
    "InvoiceMail",
    "InvoiceSend",
    "InvoiceSummary",
    "InvoicesPreview",
    "InvoicesProblem",
    "InvoicesRun",
    "Invoicing",
    "InvoicingWrite",
    "Item",
    "ItemWrite",
    "Joined",
    "Key",
    "KeyCreate",
    "KeyPatch",
    "KeyRotate",
    "KeyVersion",
    "Keys",
    "LabelAction",
    "LastValueOptions",
    "Latest",
    "LatestOfMany",
    "Layout",
    "LeakHint",
    "LeakHints",
    "License",
    "LicenseIssue",
    "LimitState",
    "Limits",
    "Line",
    "LineMeter",
    "Link",
    "LinkToken",
    "ListOfAccount",
    "ListOfAddress",
    "ListOfAddressGrant",
    "ListOfAlert",
    "ListOfAlertEvent",
    "ListOfAuditRow",
    "ListOfAvailableNumber",
    "ListOfBackup",
    "ListOfChannel",
    "ListOfCodecVersion",
    "ListOfCommand",
    "ListOfConnection",
    "ListOfConnectivityChange",
    "ListOfConnector",
    "ListOfCustomer",
    "ListOfDashboard",
    "ListOfDevice",
    "ListOfDeviceEventShown",
    "ListOfEdit",
    "ListOfEventType",
    "ListOfExecution",
    "ListOfFault",
    "ListOfFolder",
    "ListOfGrant",
    "ListOfGroup",
    "ListOfHold",
    "ListOfImport",
    "ListOfInvitation",
    "ListOfInvoiceMail",
    "ListOfInvoiceSummary",
    "ListOfInvoicesRun",
    "ListOfKey",
    "ListOfLicense",
    "ListOfMember",
    "ListOfMessage",
    "ListOfMeterAlarm",
    "ListOfMeterValues",
    "ListOfOwnDevice",
    "ListOfOwnMeterAlarm",
    "ListOfPlacementPeriod",
    "ListOfProfilesProfile",
    "ListOfProject",
    "ListOfReading",
    "ListOfRedecode",
    "ListOfRefused",
    "ListOfRequest",
    "ListOfResident",
    "ListOfRule",
    "ListOfRun",
    "ListOfScopeInfo",
    "ListOfSecret",
    "ListOfSecretUse",
    "ListOfSecretVersion",
    "ListOfSensor",
    "ListOfSensorTemplate",
    "ListOfSession",
    "ListOfShare",
    "ListOfStatement",
    "ListOfTariff",
    "ListOfToken",
    "ListOfUnregistered",
    "ListOfUsage",
    "ListOfValue",
    "ListOfVersion",
    "ListOfWebhook",
    "ListOfWebhookAttempt",
    "ListOfWebhookMessage",
    "ListOfWebhookTopic",
    "Location",
    "LogCreate",
    "LogSettings",
    "Logo",
    "LogoWrite",
    "LorawanHttpCreate",
    "LorawanHttpSettings",
    "LowBattery",
    "MailNotes",
    "Maintenance",
    "MaintenanceSet",
    "Malformed",
    "ManagerInvite",
    "MapOptions",
    "Me",
    "Member",
    "Membership",
    "Message",
    "MessageSend",
    "Meter",
    "MeterAlarm",
    "MeterRow",
    "MeterRows",
    "MeterSet",
    "MeterValues",
    "MqttCreate",
    "MqttSettings",
    "NOfM",
    "NoData",
    "Notes",
    "NumberBuy",
    "Occasion",
    "OffBoarded",
    "Organization",
    "OrganizationPatch",
    "OwnDevice",
    "OwnMeterAlarm",
    "PairCode",
    "Pairing",
    "Parameter",
    "Party",
    "PartyWrite",
    "PasswordChange",
    "PaymentWrite",
    "Pin",
    "Placement",
    "PlacementPeriod",
    "PlacementWrite",
    "Preferences",
    "PreferencesPatch",
    "Preview",
    "PreviewError",
    "PreviewRow",
    "Previewed",
    "PreviewedReading",
    "Profile",
    "ProfileCreate",
    "ProfilePatch",
    "ProfilesProfile",
    "ProfilesProfilePatch",
    "Project",
    "ProjectCreate",
    "Provision",
    "Provisioned",
    "Queue",
    "QueuePatch",
    "QueuedMessage",
    "QuietHours",
    "QuietHoursSet",
    "RaiseAlertAction",
    "RaisedByRule",
    "Range",
    "RateOfChange",
    "Reading",
    "ReadingAction",
    "ReadingIn",
    "ReadingTrigger",
    "RecoveryCodes",
    "Redecode",
    "RedecodeCreate",
    "Reference",
    "RefreshToken",
    "Refused",
    "Register",
    "RegisterSet",
    "RegisteredDevices",
    "Rehearsal",
    "Rehearse",
    "RejectedDevice",
    "RemoveFactor",
    "Replacement",
    "Request",
    "RequestCreate",
    "Reset",
    "Resident",
    "ResidentCreate",
    "Restore",
    "RoleChange",
    "RotateSecret",
    "RowError",
    "Rule",
    "RuleAction",
    "RuleCreate",
    "RuleDocument",
    "RulePatch",
    "RuleTrigger",
    "RuleWithVersion",
    "RulesChatAction",
    "RulesCommandAction",
    "RulesEmailAction",
    "RulesSmsAction",
    "RulesWebhookAction",
    "Run",
    "RunCreate",
    "ScheduleTrigger",
    "ScopeInfo",
    "SecondStep",
    "Secret",
    "SecretContent",
    "SecretCreate",
    "SecretPatch",
    "SecretUse",
    "SecretVersion",
    "SecretVersionCreate",
    "SeedToRotate",
    "Sensor",
    "SensorCreate",
    "SensorDeclare",
    "SensorPatch",
    "SensorTemplate",
    "SensorTemplateCreate",
    "SensorTemplatePatch",
    "Session",
    "SetDeviceRoute",
    "Setup",
    "SetupDone",
    "Share",
    "ShareCreate",
    "SharedDashboard",
    "SharedWidget",
    "ShownAlertCondition",
    "Shred",
    "SignIn",
    "SignedIn",
    "SmppCreate",
    "SmppSettings",
    "SmsAccountCreate",
    "SmsAccountsLink",
    "SmsAction",
    "Snooze",
    "SnoozeSet",
    "Source",
    "StandingWrite",
    "StartedImport",
    "StateChange",
    "Statement",
    "StatementPart",
    "StatusGridOptions",
    "Stop",
    "Stored",
    "Subscription",
    "Summary",
    "Switch",
    "System",
    "TableOptions",
    "Tamper",
    "Target",
    "Tariff",
    "TariffCreate",
    "TariffPatch",
    "TariffsVersion",
    "TextOptions",
    "ThinPoint",
    "ThingsStackCreate",
    "ThingsStackDownlink",
    "ThingsStackSettings",
    "Thinned",
    "Threshold",
    "Ticket",
    "Tier",
    "TierWrite",
    "Token",
    "TokenCreate",
    "TokenExport",
    "TokenFile",
    "TokenGroup",
    "TokenImportResult",
    "TokenPatch",
    "TokenPicture",
    "TokenSeed",
    "TwilioCreate",
    "TwilioSettings",
    "Unregistered",
    "Usage",
    "Value",
    "ValueChange",
    "Variable",
    "VariableOption",
    "VariableOptions",
    "VatSum",
    "Verification",
    "Version",
    "VersionCreate",
    "VersionPatch",
    "WatchedSettings",
    "Webhook",
    "WebhookAction",
    "WebhookAttempt",
    "WebhookBatch",
    "WebhookCreate",
    "WebhookFilters",
    "WebhookMessage",
    "WebhookPatch",
    "WebhookReplay",
    "WebhookReplayed",
    "WebhookRotate",
    "WebhookTopic",
    "Widget",
    "WidgetColumn",
    "WidgetCreate",
    "WidgetData",
    "WidgetDevice",
    "WidgetFault",
    "WidgetList",
    "WidgetOptions",
    "WidgetPatch",
    "WidgetPlace",
    "WidgetPoint",
    "WidgetPreview",
    "WidgetRow",
    "WidgetSeries",
    "WidgetShown",
    "WidgetThreshold",
    "WidgetValue",
    "Window",
    "Withdrawal",
    "WouldBeRaised",
    "WouldDo",
]


class Accept(TypedDict):
    """The token of an invitation, and the user's password: the current one, or a new one if the user has no account yet."""

    token: str
    password: str
    name: NotRequired[str]


class Account(TypedDict):
    """An account at a provider of SMS.

    A secret in `settings` is returned only as `…_set`, and `…_secret` is the name of the secret that it refers to.
    `inbound_path` and `status_path` are the paths that the provider calls; null if it does not call Penstock.
    """

    id: str
    name: str
    kind: Literal["log", "twilio", "smpp"]
    settings: dict[str, Any]
    inbound_path: str | None
    status_path: str | None
    link: SmsAccountsLink
    created_at: str
    updated_at: str


class AccountCheck(TypedDict):
    """Whether the provider accepts the account's credentials, and its answer."""

    ok: bool
    detail: str


class AccountPatch(TypedDict):
    """A change of an account: omitted fields are unchanged, also inside `settings`, where null clears a field."""

    name: NotRequired[str]
    settings: NotRequired[dict[str, Any]]


class Acknowledge(TypedDict):
    """An acknowledgement, with an optional note for other users."""

    note: NotRequired[str | None]


class AcknowledgeAlarm(TypedDict):
    """An acknowledgement, with an optional note for other users."""

    note: NotRequired[str | None]


class Acknowledged(TypedDict):
    """The command's new state."""

    id: str
    state: Literal["queued", "sent", "received", "done", "failed", "expired", "cancelled"]


class AcknowledgementMessage(TypedDict):
    """The device's response to a command.

    `ok` true: done; false: failed, with the reason in `error`; omitted: received and in progress, optionally with
    `progress`. `id` identifies the command if the path or topic does not.
    """

    id: NotRequired[str | None]
    ok: NotRequired[bool | None]
    result: NotRequired[Any]
    error: NotRequired[str | None]
    progress: NotRequired[Any]


class ActionResult(TypedDict):
    """The result of an action."""

    type: str
    ok: bool
    detail: str


ActiveHours = TypedDict(
    "ActiveHours",
    {
        "time_zone": "str",
        "days": "NotRequired[list[int]]",
        "from": "NotRequired[str]",
        "to": "NotRequired[str]",
    },
)
"""When an alert can be raised: days (1 Monday to 7 Sunday) and local hours in a time zone.

If the end is before the start, the span continues past midnight and belongs to the day on which it starts.
"""


class Address(TypedDict):
    """An address of the inbox.

    A number sends and receives through its SMS account; what it sends without one is only logged. Alerts and rules send
    from the number that is `for_notifications`. A released address sends and receives nothing; its messages can still
    be read.
    """

    id: str
    channel: Literal["sms", "mail"]
    value: str
    label: str
    account_id: str | None
    for_notifications: bool
    created_at: str
    updated_at: str
    released_at: str | None


class AddressCreate(TypedDict):
    """An address to take into use: a number in the form of E.164, or an alias for mails."""

    channel: NotRequired[Literal["mail", "sms"]]
    value: str
    label: NotRequired[str]
    account_id: NotRequired[str | None]
    for_notifications: NotRequired[bool]


class AddressGrant(TypedDict):
    """The right of a group, user or key to use an address.

    `subject_id` is its id.
    """

    subject_kind: Literal["group", "user", "key"]
    subject_id: str
    created_by: str
    created_at: str


class AddressPatch(TypedDict):
    """Fields of an address to change."""

    label: NotRequired[str]
    account_id: NotRequired[str | None]
    for_notifications: NotRequired[bool]


class Aggregated(TypedDict):
    """Buckets, with their range.

    `truncated`: the readings have more fields, which follow `next_fields_after`.
    """

    data: list[BucketOut]
    bucket: str
    timezone: str
    query: Range
    truncated: bool
    next_fields_after: str | None


class AlarmSettings(TypedDict):
    """The settings of alarms by kind.

    What is omitted comes from the profile, or else from the defaults.
    """

    continuous_flow: NotRequired[ContinuousFlow]
    burst: NotRequired[Burst]
    back_flow: NotRequired[BackFlow]
    frozen: NotRequired[Frozen]
    low_battery: NotRequired[LowBattery]
    tamper: NotRequired[Tamper]


class Alert(TypedDict):
    """An alert: the monitored devices, the condition, and the actions when it is raised.

    With `snoozed_until` it notifies no one until then, on any device; `snoozed_by` is who snoozed it.
    """

    id: str
    name: str
    description: str
    target: Target
    condition: ShownAlertCondition
    severity: Literal["info", "warning", "critical"]
    enabled: bool
    for_s: int
    max_gap_s: int | None
    hysteresis: float
    n_of_m: NOfM | None
    active_hours: ActiveHours | None
    cooldown_s: int
    auto_clear_s: int | None
    actions: list[AlertAction]
    escalation: list[EscalationStep]
    backfill: bool
    last_raised_at: str | None
    snoozed_until: str | None
    snoozed_by: str | None
    evaluation_errors: EvaluationErrors
    created_at: str
    updated_at: str


AlertAction = Union["WebhookAction | EmailAction | CommandAction | SmsAction | ChatAction"]


AlertCondition = Union["Threshold | ValueChange | RateOfChange | NoData | Connectivity | Geofence | Expression"]


class AlertCreate(TypedDict):
    """An alert to create.

    `for_s`: how long the condition must be true, in readings at most `max_gap_s` apart. `hysteresis`: how far a value
    must return past the threshold before the alert is cleared. `cooldown_s`: the minimum time between two raises for
    one device. `auto_clear_s`: the alert is cleared if the condition was not true for this long. `backfill`: whether
    backfill is evaluated too.
    """

    name: str
    target: Target
    condition: AlertCondition
    description: NotRequired[str]
    severity: NotRequired[Literal["critical", "high", "info", "low", "medium", "warning"]]
    enabled: NotRequired[bool]
    for_s: NotRequired[int]
    max_gap_s: NotRequired[int | None]
    hysteresis: NotRequired[float]
    n_of_m: NotRequired[NOfM | None]
    active_hours: NotRequired[ActiveHours | None]
    cooldown_s: NotRequired[int]
    auto_clear_s: NotRequired[int | None]
    actions: NotRequired[list[AlertAction]]
    escalation: NotRequired[list[EscalationStep]]
    backfill: NotRequired[bool]


class AlertEvent(TypedDict):
    """One time an alert was raised for a device, until it is cleared.

    `value`, `reading_id` and `time` belong to the reading that raised it. `raised_at` and `cleared_at` are the times of
    the readings, `raised_received_at` and `cleared_received_at` when the server received them; without a reading both
    are the same. `name` and `device_name` remain when the alert or the device is deleted. `suppressed` counts how often
    it would have been raised since the previous event. `escalated_at` are the times of its escalation steps. `message`,
    `rule_id` and `run_id` are set if a rule raised it; `suppressed` then counts the raises while it was already raised.
    With `snoozed_until` the alert notifies no one until then, on this device or on every device.
    """

    id: str
    alert_id: str
    device_id: str
    device_name: str
    name: str
    severity: Literal["info", "warning", "critical"]
    state: Literal["raised", "acknowledged", "cleared"]
    value: float | bool | str | None
    reading_id: str | None
    time: str
    raised_at: str
    raised_received_at: str
    suppressed: int
    escalated_at: list[str]
    acknowledged_at: str | None
    acknowledged_by: str | None
    note: str | None
    cleared_at: str | None
    cleared_received_at: str | None
    cleared_by: str | None
    clear_reason: Literal["condition", "quiet", "manual", "changed", "alert_deleted", "device_deleted"] | None
    clear_value: float | bool | str | None
    clear_reading_id: str | None
    message: str
    rule_id: str | None
    run_id: str | None
    snoozed_until: str | None


class AlertPatch(TypedDict):
    """A change of an alert: omitted fields are unchanged, null clears a field.

    A change of the target, the condition, its timing, `enabled` or `backfill` clears the open alert events.
    """

    name: NotRequired[str]
    target: NotRequired[Target]
    condition: NotRequired[AlertCondition]
    description: NotRequired[str]
    severity: NotRequired[Literal["critical", "high", "info", "low", "medium", "warning"]]
    enabled: NotRequired[bool]
    for_s: NotRequired[int]
    max_gap_s: NotRequired[int | None]
    hysteresis: NotRequired[float]
    n_of_m: NotRequired[NOfM | None]
    active_hours: NotRequired[ActiveHours | None]
    cooldown_s: NotRequired[int]
    auto_clear_s: NotRequired[int | None]
    actions: NotRequired[list[AlertAction]]
    escalation: NotRequired[list[EscalationStep]]
    backfill: NotRequired[bool]


AlertPreview = TypedDict(
    "AlertPreview",
    {
        "device_id": "str",
        "condition": "AlertCondition",
        "for_s": "NotRequired[int]",
        "max_gap_s": "NotRequired[int | None]",
        "hysteresis": "NotRequired[float]",
        "n_of_m": "NotRequired[NOfM | None]",
        "active_hours": "NotRequired[ActiveHours | None]",
        "cooldown_s": "NotRequired[int]",
        "auto_clear_s": "NotRequired[int | None]",
        "backfill": "NotRequired[bool]",
        "from": "NotRequired[str | datetime | None]",
        "to": "NotRequired[str | datetime | None]",
        "range": "NotRequired[str | None]",
    },
)
"""An alert that is not stored, a device, and a range of event times: `from` and `to`, or a length such as `24h`."""


AlertPreviewed = TypedDict(
    "AlertPreviewed",
    {
        "from": "str",
        "to": "str",
        "evaluated_to": "str",
        "readings": "int",
        "raised": "int",
        "suppressed": "int",
        "times": "list[WouldBeRaised]",
        "evaluation_errors": "EvaluationErrors",
    },
)
"""How often the alert would have been raised, and the first 500 `times`.

`from` and `to` are the range within the plan's retention. `evaluated_to` is earlier than `to` if the range has more
than 10,000 readings, or ends in the future. `readings` counts the readings that were evaluated, or for `connectivity`
the changes; `suppressed` counts how often cooldown or active hours would have prevented the alert from being raised.
"""


class AlertTest(TypedDict):
    """The device to test the actions with; by default the first that the alert names."""

    device_id: NotRequired[str | None]


class AlertTested(TypedDict):
    """How many actions are executed as a test."""

    actions: int


class Amount(TypedDict):
    """The consumption of a bucket.

    `quality` is that of its least certain day: `measured`; `partial`, the first day of the meter; `interpolated`, in a
    gap; `estimated`, after the last value; or `missing`. `not_measured` is the part without readings, and `method` how
    that was computed (`mixed`: in several ways). `suspects` values were held out until a person decides about them.

    Units: consumption and not_measured in the `unit` next to the buckets.
    """

    start: str
    end: str
    consumption: float | None
    not_measured: float
    quality: Literal["measured", "partial", "interpolated", "estimated", "missing"]
    method: Literal["linear", "profile", "usual_day", "mixed"] | None
    missing_days: int
    suspects: int


Assignment = TypedDict(
    "Assignment",
    {
        "tariff_id": "str",
        "tariff": "str",
        "currency": "str",
        "from": "str | None",
        "to": "str | None",
    },
)
"""A tariff from a day until another (not included); null: without a limit."""


AssignmentWrite = TypedDict(
    "AssignmentWrite",
    {
        "tariff_id": "str",
        "from": "NotRequired[str | None]",
        "to": "NotRequired[str | None]",
    },
)
"""A tariff from a day until another (not included); without them, always."""


class Assignments(TypedDict):
    """All tariffs of a customer or resident."""

    tariffs: list[Assignment]


class AssignmentsWrite(TypedDict):
    """All tariffs of a customer or resident, in the order of their days."""

    tariffs: list[AssignmentWrite]


class Attachment(TypedDict):
    """A file that was attached to a mail.

    Only its name, type and size in bytes are kept.
    """

    name: str
    content_type: str
    size: int


class AuditHead(TypedDict):
    """The head of the chain: its last sequence number and hash."""

    seq: int
    hash: str
    ts: str | None


class AuditRow(TypedDict):
    """An audit entry.

    `hash` chains it to the previous one: see the guide on how to verify an export.
    """

    seq: int
    ts: str
    action: str
    actor_kind: Literal["key", "user", "device", "system"]
    actor_id: str
    user: str
    ip: str
    target_type: str
    target_id: str
    target_name: str
    outcome: Literal["success", "failure"]
    details: dict[str, Any]
    prev_hash: str
    hash: str


class AvailableNumber(TypedDict):
    """A number that can be bought, and where it is."""

    value: str
    locality: str | None
    region: str | None
    country: str | None


class BackFlow(TypedDict):
    """More than `volume` flowed back within 24 hours, in m³."""

    enabled: NotRequired[bool | None]
    volume: NotRequired[float | None]


class Backup(TypedDict):
    """A backup.

    `done` is the share of the work, from 0 to 1; `bytes` is null until the file is complete.
    """

    name: str
    state: Literal["running", "complete", "failed"]
    created_at: str
    bytes: int | None
    done: float
    error: str | None


class BalanceDay(TypedDict):
    """One day: the consumption at the principal meters and at the leaves, and the difference.

    Only leaves measured on that day and the day before count; `leaves_estimated` is the usual consumption of the
    others. `notable`: the difference is more than 15 % of the day's consumption.
    """

    start: str
    end: str
    principal: float | None
    leaves: float
    unmetered: float | None
    notable: bool
    leaves_measured: int
    leaves_silent: int
    leaves_estimated: float


class BalanceDays(TypedDict):
    """The days of a balance, in the base unit of the quantity."""

    customer_id: str
    kind: Literal["volume", "reverse_volume", "energy", "reverse_energy", "heat", "cooling", "count"]
    unit: str
    timezone: str
    data: list[BalanceDay]
    query: Range


class BatchStored(TypedDict):
    """The outcome of a batch.

    `seqs` has one entry per row, null if the row was rejected.
    """

    accepted: int
    duplicates: int
    quarantined: int
    rejected: int
    seqs: list[int | None]
    errors: list[RowError]


BillSummary = TypedDict(
    "BillSummary",
    {
        "tier": "str",
        "from": "str",
        "to": "str",
        "active_devices": "int",
        "included_devices": "int",
        "overage_devices": "int",
        "base_cost": "str",
        "overage_cost": "str",
        "total_cost": "str",
        "currency": "str",
    },
)
"""The cost of a month to date.

Units: costs are decimals with two digits in `currency`, as strings, so that no client rounds them.
"""


class BucketOut(TypedDict):
    """One bucket: by sensor, then by function.

    In a bucket without readings count is 0 and all else is null.
    """

    start: str
    end: str
    values: dict[str, dict[str, Any]]


class BulkAct(TypedDict):
    """What to do with alert events.

    `note` is for acknowledge and snooze; `until` or `for_s` for snooze.
    """

    action: Literal["acknowledge", "clear", "snooze"]
    event_ids: list[str]
    note: NotRequired[str | None]
    until: NotRequired[str | datetime | None]
    for_s: NotRequired[int | None]


class BulkDone(TypedDict):
    """The outcome for each alert event, in the order of the request."""

    done: int
    failed: int
    data: list[BulkOutcome]


class BulkOutcome(TypedDict):
    """What happened to one alert event.

    `code` and `detail` are those of the error, null if it was done.
    """

    event_id: str
    done: bool
    code: str | None
    detail: str | None


class Burst(TypedDict):
    """The flow was above `flow` at two readings in a row, in m³ per hour."""

    enabled: NotRequired[bool | None]
    flow: NotRequired[float | None]


class BySeverity(TypedDict):
    """Numbers by severity."""

    critical: int
    warning: int
    info: int


class CancelWrite(TypedDict):
    """Why an invoice is cancelled.

    It appears on the credit note.
    """

    reason: str


class Channel(TypedDict):
    """A chat channel.

    `target` is its address without the credential.

    `secret_references` are the names of the secrets that its fields refer to, by field. `failures` counts the messages
    that were not accepted since the last success; `last_error` states why the last one failed.
    """

    id: str
    name: str
    kind: Literal["slack", "discord", "telegram", "teams"]
    target: str
    secret_references: dict[str, str]
    last_sent_at: str | None
    failures: int
    last_error: str | None
    last_error_at: str | None
    created_at: str
    updated_at: str


class ChannelCreate(TypedDict):
    """A chat channel to create.

    Slack, Discord and Teams have a `url` for incoming messages, Telegram a bot's `token` and a `chat`: a number, or the
    name of a public channel.
    """

    name: str
    kind: Literal["discord", "slack", "teams", "telegram"]
    url: NotRequired[str | None]
    token: NotRequired[str | None]
    chat: NotRequired[str | None]


class ChannelPatch(TypedDict):
    """A change of a chat channel: omitted fields are unchanged.

    Its name and kind are fixed: alerts and rules refer to it.
    """

    url: NotRequired[str]
    token: NotRequired[str]
    chat: NotRequired[str]


class ChannelTested(TypedDict):
    """Whether the chat service accepted the message, and the reason if not."""

    delivered: bool
    error: str | None


class Charge(TypedDict):
    """A sum per day or calendar month.

    Units: amount in the tariff's currency, without VAT; vat_rate in per cent.
    """

    name: str
    amount: str
    per: Literal["day", "month"]
    vat_rate: str


class ChargeWrite(TypedDict):
    """A sum per day or calendar month.

    Units: amount in the tariff's currency, without VAT; vat_rate in per cent.
    """

    amount: float | str
    per: NotRequired[Literal["day", "month"]]
    name: NotRequired[str]
    vat_rate: NotRequired[float | str]


class ChartOptions(TypedDict):
    """Values over time.

    `bucket` is a length such as `15m`, or `auto`: chosen from the range.
    """

    type: Literal["chart"]
    series: list[ChartSeries]
    style: NotRequired[Literal["area", "bar", "line"]]
    bucket: NotRequired[str]
    thresholds: NotRequired[list[WidgetThreshold]]


class ChartSeries(TypedDict):
    """A line of a chart.

    A source of several devices makes a line for each.
    """

    source: DashboardsSource
    field: str
    function: NotRequired[Literal["avg", "count", "first", "last", "max", "min", "sum"]]
    label: NotRequired[str]
    color: NotRequired[str]
    axis: NotRequired[Literal["left", "right"]]


class ChatAction(TypedDict):
    """A message in the chat channel with this name.

    `text` is a template.
    """

    type: Literal["chat"]
    channel: str
    on_clear: NotRequired[bool]
    text: NotRequired[str]


class Check(TypedDict):
    """A check, with a line about its result."""

    name: str
    status: Literal["ok", "warn", "fail"]
    detail: str


class Checks(TypedDict):
    """The settings of validation; null is the default."""

    max_flow: float | None
    noise: float | None
    frozen_after_s: int | None
    estimation: Literal["linear", "profile"]


class ChecksSet(TypedDict):
    """The settings of validation; null is the default.

    `max_flow` and `noise` are in the register's unit (per hour).
    """

    max_flow: NotRequired[float | str | None]
    noise: NotRequired[float | str | None]
    frozen_after_s: NotRequired[int | None]
    estimation: NotRequired[Literal["linear", "profile"]]


class ChirpStackApi(TypedDict):
    """Downlinks over the gRPC API of ChirpStack 4: its address, and an API key of ChirpStack."""

    by: Literal["api"]
    url: str
    token: NotRequired[str | None]


class ChirpStackCreate(TypedDict):
    """A connection to create for ChirpStack 3 or 4.

    Without `project_id` it applies to every device of the organisation.
    """

    type: Literal["chirpstack"]
    name: str
    project_id: NotRequired[str | None]
    settings: NotRequired[ChirpStackSettings]


ChirpStackDownlink = Union["ChirpStackApi | ChirpStackRest | ChirpStackMqtt"]


class ChirpStackMqtt(TypedDict):
    """Downlinks over the command topic of ChirpStack 4 or 3, through another connection, which must be of type mqtt."""

    by: Literal["mqtt"]
    connection_id: str
    topic: NotRequired[str]


class ChirpStackRest(TypedDict):
    """Downlinks over the REST API of ChirpStack 3: the address of its application server, and an API key of that server."""

    by: Literal["rest"]
    url: str
    token: NotRequired[str | None]


class ChirpStackSettings(TypedDict):
    """ChirpStack 3 or 4 with its HTTP integration."""

    downlink: NotRequired[ChirpStackDownlink | None]


class ClearAlertAction(TypedDict):
    """Clears the alert with this name for the device that caused the run, or for the device in `device_id`."""

    type: Literal["clear_alert"]
    name: str
    device_id: NotRequired[str]


class Code(TypedDict):
    """A code, and for how many seconds it is valid."""

    code: str
    expires_in_s: int
    period_s: int


class CodecRestore(TypedDict):
    """A note on why an old version is restored."""

    note: NotRequired[str]


class CodecSave(TypedDict):
    """A script to save as the next version of a codec."""

    script: str
    note: NotRequired[str]


class CodecVersion(TypedDict):
    """A version of a profile's codec.

    It never changes.

    `functions` are the functions that the script defines: decodeUplink, encodeDownlink, decodeDownlink, or Decode,
    Encode (ChirpStack 3), Decoder, Encoder (The Things Network 2). `restored_from` is the number of the version that
    was restored. `script` is null in lists.
    """

    id: str
    profile_id: str
    number: int
    functions: list[str]
    note: str
    author: str
    restored_from: int | None
    created_at: str
    script: NotRequired[str | None]


class Command(TypedDict):
    """A command that a device, or every device of a type or a project, supports."""

    id: str
    device_id: str | None
    device_type: str | None
    project_id: str | None
    name: str
    description: str
    parameters: list[Parameter]
    transport: Literal["any", "http", "mqtt", "agent", "lorawan"]
    verification: Literal["none", "next_reading", "acknowledgement"]
    timeout_s: int
    repeatable: bool
    created_at: str
    updated_at: str


class CommandAction(TypedDict):
    """A command for the alert's device, or for the device in `device_id`."""

    type: Literal["command"]
    definition_id: str
    device_id: NotRequired[str | None]
    parameters: NotRequired[dict[str, Any]]
    on_clear: NotRequired[bool]


class CommandButtonOptions(TypedDict):
    """A button that sends a command to a device.

    Who presses it sends the command with their own permissions.
    """

    type: Literal["command_button"]
    device_id: str
    command_id: str
    parameters: NotRequired[dict[str, Any]]
    label: NotRequired[str]
    confirm: NotRequired[bool]


class CommandCreate(TypedDict):
    """A command to create for one device, or for every device of a type or a project: set one of the three."""

    name: str
    description: NotRequired[str]
    parameters: NotRequired[list[Parameter]]
    transport: NotRequired[Literal["agent", "any", "http", "lorawan", "mqtt"]]
    verification: NotRequired[Literal["acknowledgement", "next_reading", "none"]]
    timeout_s: NotRequired[int | None]
    repeatable: NotRequired[bool]
    device_id: NotRequired[str | None]
    device_type: NotRequired[str | None]
    project_id: NotRequired[str | None]


class CommandMessage(TypedDict):
    """A command for a device.

    `id` identifies it in the acknowledgement.
    """

    id: str
    name: str
    parameters: dict[str, Any]
    created_at: str
    expires_at: str


class CommandPatch(TypedDict):
    """A change of a command: omitted fields are unchanged, `parameters` is replaced as a whole.

    Executions keep theirs.
    """

    name: NotRequired[str]
    description: NotRequired[str]
    parameters: NotRequired[list[Parameter]]
    transport: NotRequired[Literal["agent", "any", "http", "lorawan", "mqtt"]]
    verification: NotRequired[Literal["acknowledgement", "next_reading", "none"]]
    timeout_s: NotRequired[int]
    repeatable: NotRequired[bool]


class Comparison(TypedDict):
    """The differences between two versions of a rule.

    `before_number` is null for the first version.
    """

    before_number: int | None
    after_number: int
    differences: list[Difference]


class Confirm(TypedDict):
    """The token that the agent has stored."""

    token: str


class ConfirmCode(TypedDict):
    """A code of the factor that is being enrolled."""

    code: str


class Connection(TypedDict):
    """A connection.

    A secret in `settings` is returned only as `…_set`. `ingest_path` is the path to which the external server posts;
    null if Penstock opens the connection. `link` is the state of a connection of type mqtt; null while it is paused,
    and for other types. Counts and times of activity are updated within a second or two; `devices` is the number of
    devices that last reported through this connection.
    """

    id: str
    organization_id: str
    project_id: str | None
    name: str
    type: Literal["chirpstack", "things_stack", "lorawan_http", "custom", "mqtt"]
    status: Literal["active", "paused"]
    settings: dict[str, Any]
    secret_prefix: str
    previous_secret_until: str | None
    ingest_path: str | None
    devices: int
    messages: int
    errors: int
    last_message_at: str | None
    last_error_at: str | None
    last_error: str | None
    link: Link | None
    created_at: str
    updated_at: str


ConnectionCreate = Union["ChirpStackCreate | ThingsStackCreate | LorawanHttpCreate | CustomCreate | MqttCreate"]


class ConnectionPatch(TypedDict):
    """A change of a connection: omitted fields are unchanged, also inside `settings`, where null clears a field."""

    name: NotRequired[str]
    project_id: NotRequired[str | None]
    settings: NotRequired[dict[str, Any]]


class Connectivity(TypedDict):
    """The device went offline or came online; with `for_s`, it stayed so for this long."""

    type: Literal["connectivity"]
    state: Literal["offline", "online"]


class ConnectivityChange(TypedDict):
    """A device came online or went offline.

    `reason` is connected, reading or seen when it came online; silent, reported, lost, last_will or cut when it went
    offline.
    """

    connectivity: Literal["online", "offline", "never"]
    reason: Literal["connected", "reading", "seen", "silent", "reported", "lost", "last_will", "cut"]
    at: str


class ConnectivityTrigger(TypedDict):
    """When a device comes online or goes offline, or only one of the two (`states`)."""

    type: Literal["connectivity"]
    device_ids: NotRequired[list[str]]
    device_type: NotRequired[str]
    states: NotRequired[list[Literal["offline", "online"]]]


class Connector(TypedDict):
    """A type of connection.

    `direction` is `push` if the external server calls Penstock, and `pull` if Penstock connects to it.
    """

    type: Literal["chirpstack", "things_stack", "lorawan_http", "custom", "mqtt"]
    name: str
    description: str
    direction: str
    settings: NotRequired[list[str]]


class ContinuousFlow(TypedDict):
    """The flow never stopped for `hours`, with at least hourly readings."""

    enabled: NotRequired[bool | None]
    hours: NotRequired[int | None]


class CreatedConnection(TypedDict):
    """A connection and its secret.

    Copy the secret now: it is not shown again.
    """

    connection: Connection
    secret: str


class CreatedDevice(TypedDict):
    """A device and its access token.

    Copy the token now: it is not shown again.
    """

    device: Device
    access_token: str


class CreatedKey(TypedDict):
    """A key and its value.

    Copy the value now: it is not shown again.
    """

    key: Key
    value: str
    warning: NotRequired[str]


class CreatedShare(TypedDict):
    """A new share link.

    `token`, and `url` with it, are only in this response.
    """

    share: Share
    token: str
    url: str


class CreatedWebhook(TypedDict):
    """An endpoint and its secret.

    Copy the secret now: it is not shown again. Null if its messages are not signed.
    """

    webhook: Webhook
    secret: str | None


class CustomCreate(TypedDict):
    """A connection to create for your own server, which sends JSON.

    Without `project_id` it applies to every device.
    """

    type: Literal["custom"]
    name: str
    project_id: NotRequired[str | None]
    settings: NotRequired[CustomSettings]


class CustomSettings(TypedDict):
    """JSON of any program: `dev_eui`, `timestamp`, and values next to them.

    It has no settings.
    """


class Customer(TypedDict):
    """A customer: a building or community for which devices measure."""

    id: str
    name: str
    admin_email: str
    tenant_name: str
    timezone: str
    created_at: str


class CustomerConsumption(TypedDict):
    """The total consumption of one kind at the meters of one role, in the base unit of its quantity."""

    customer_id: str
    role: Literal["principal", "leaf", "intermediate"]
    kind: Literal["volume", "reverse_volume", "energy", "reverse_energy", "heat", "cooling", "count"]
    unit: str
    meters: int
    bucket: str
    timezone: str
    data: list[Amount]
    query: Range


class CustomerCreate(TypedDict):
    """A customer to create.

    `tenant_name` is the name that network servers use for it, unique in the organisation.

    `timezone` is an IANA name, such as Europe/Berlin.
    """

    name: str
    admin_email: str
    tenant_name: str
    timezone: NotRequired[str]


class CustomerPatch(TypedDict):
    """A change of a customer: omitted fields are unchanged."""

    name: NotRequired[str | None]
    admin_email: NotRequired[str | None]
    timezone: NotRequired[str | None]


class Cuts(TypedDict):
    """Counts of a device's connections that the server closed or rejected, although its token was valid."""

    connections: int
    last_at: str
    last_reason: str


Dashboard = TypedDict(
    "Dashboard",
    {
        "id": "str",
        "name": "str",
        "description": "str",
        "folder_id": "str | None",
        "project_id": "str | None",
        "range": "str | None",
        "from": "str | None",
        "to": "str | None",
        "live": "bool",
        "refresh_s": "int | None",
        "variables": "list[Variable]",
        "widget_count": "int",
        "created_at": "str",
        "updated_at": "str",
    },
)
"""A dashboard.

With `project_id`, labels select devices of that project only.
"""


DashboardCreate = TypedDict(
    "DashboardCreate",
    {
        "name": "str",
        "description": "NotRequired[str]",
        "folder_id": "NotRequired[str | None]",
        "project_id": "NotRequired[str | None]",
        "range": "NotRequired[str | None]",
        "from": "NotRequired[str | datetime | None]",
        "to": "NotRequired[str | datetime | None]",
        "live": "NotRequired[bool]",
        "refresh_s": "NotRequired[int | None]",
        "variables": "NotRequired[list[Variable]]",
    },
)
"""A dashboard to create.

It is shown with `range`, such as `24h`, or with `from` and `to`.

`live`: values follow as they are reported. `refresh_s`: it is read again after so many seconds.
"""


class DashboardData(TypedDict):
    """What the widgets of a dashboard show, oldest widget first.

    Widgets that show no values, such as texts, are left out.
    """

    widgets: list[WidgetShown]


DashboardDocument = TypedDict(
    "DashboardDocument",
    {
        "format": 'Literal["penstock-dashboard"]',
        "version": "Literal[1]",
        "name": "str",
        "description": "NotRequired[str]",
        "range": "NotRequired[str | None]",
        "from": "NotRequired[str | None]",
        "to": "NotRequired[str | None]",
        "live": "NotRequired[bool]",
        "refresh_s": "NotRequired[int | None]",
        "variables": "NotRequired[list[Variable]]",
        "widgets": "NotRequired[list[DocumentWidget]]",
    },
)
"""A dashboard as a document.

It has no images, and no share links.
"""


class DashboardDuplicate(TypedDict):
    """The name of the copy; without it, the name of the dashboard with `(copy)`."""

    name: NotRequired[str | None]


class DashboardImport(TypedDict):
    """A document to import, and where to."""

    document: DashboardDocument
    folder_id: NotRequired[str | None]
    project_id: NotRequired[str | None]


DashboardPatch = TypedDict(
    "DashboardPatch",
    {
        "name": "NotRequired[str]",
        "description": "NotRequired[str]",
        "folder_id": "NotRequired[str | None]",
        "project_id": "NotRequired[str | None]",
        "range": "NotRequired[str | None]",
        "from": "NotRequired[str | datetime | None]",
        "to": "NotRequired[str | datetime | None]",
        "live": "NotRequired[bool]",
        "refresh_s": "NotRequired[int | None]",
        "variables": "NotRequired[list[Variable]]",
    },
)
"""A change of a dashboard: omitted fields are unchanged.

To show `from` and `to`, set `"range": null` with them.
"""


class DashboardsSource(TypedDict):
    """The devices that a widget shows: one, several, that of a variable of the dashboard, or all with some labels."""

    device_id: NotRequired[str | None]
    device_ids: NotRequired[list[str]]
    variable: NotRequired[str | None]
    labels: NotRequired[dict[str, str]]


DataRange = TypedDict(
    "DataRange",
    {
        "from": "str",
        "to": "str",
    },
)
"""The range that is shown."""


class Definition(TypedDict):
    """A rule's document: its trigger, its condition and its actions, in order.

    An empty condition is always true.
    """

    trigger: RuleTrigger
    windows: NotRequired[list[Window]]
    condition: NotRequired[str]
    actions: NotRequired[list[RuleAction]]


class Device(TypedDict):
    """A device.

    `status` is set by users; `connectivity` (online, offline, never) follows from its connections and readings.

    `malformed` is null if every message could be parsed, `cuts` if the server has closed or rejected no connection.
    `agent_version` and `macaddress` are what its agent reported at its last connection; empty without an agent.
    """

    id: str
    organization_id: str
    project_id: str
    name: str
    type: str
    description: str
    status: Literal["active", "paused"]
    connectivity: Literal["online", "offline", "never"]
    settings: dict[str, Any]
    labels: dict[str, str]
    location: Location | None
    identifiers: list[Identifier]
    access_token_prefix: str
    last_seen_at: str | None
    expected_interval_s: int | None
    profile_id: str | None
    firmware_version: str
    agent_version: str
    macaddress: str
    malformed: Malformed | None
    cuts: Cuts | None
    created_at: str
    updated_at: str


class DeviceCommandCreate(TypedDict):
    """A command to create for a device.

    `transport` selects how the command is delivered: `any` means over any connection of the device, or when it polls.
    `verification` is the evidence that must follow the receipt within `timeout_s` before the execution is `done`.
    `repeatable`: the command can be dispatched again if the device never confirmed its receipt, because it is safe to
    execute twice.
    """

    name: str
    description: NotRequired[str]
    parameters: NotRequired[list[Parameter]]
    transport: NotRequired[Literal["agent", "any", "http", "lorawan", "mqtt"]]
    verification: NotRequired[Literal["acknowledgement", "next_reading", "none"]]
    timeout_s: NotRequired[int | None]
    repeatable: NotRequired[bool]


class DeviceConsumption(TypedDict):
    """The consumption of a register of a meter."""

    device_id: str
    register: str
    kind: Literal["volume", "reverse_volume", "energy", "reverse_energy", "heat", "cooling", "count"]
    unit: str
    bucket: str
    timezone: str
    data: list[Amount]
    events: list[Event]
    query: Range


class DeviceCount(TypedDict):
    """How often one device would have caused a run."""

    device_id: str
    occasions: int


class DeviceCreate(TypedDict):
    """A device to create.

    Without `project_id` it is created in the default project.
    """

    name: str
    type: NotRequired[str]
    description: NotRequired[str]
    project_id: NotRequired[str | None]
    settings: NotRequired[dict[str, Any]]
    labels: NotRequired[dict[str, str]]
    location: NotRequired[Location | None]
    identifiers: NotRequired[list[Identifier]]
    sensors: NotRequired[list[SensorCreate]]
    expected_interval_s: NotRequired[int | None]
    profile_id: NotRequired[str | None]
    firmware_version: NotRequired[str]


class DeviceEventShown(TypedDict):
    """A network server's report about a device.

    `kind` is join, status, ack, nack, txack, failed, queued, invalidated, location, service or log. `details` contains
    its facts under Penstock's names: `device_address`, `battery_percent`, `margin_db`, `external_power`,
    `queue_item_id`, `f_cnt_down`, `gateway_id`, `latitude`, `longitude`, `altitude_m`, `level`, `code`, `description`.
    """

    id: str
    kind: str
    time: str
    received_at: str
    connection_id: str | None
    details: dict[str, Any]


class DevicePatch(TypedDict):
    """A change of a device: omitted fields are unchanged; null clears the location, the interval and the profile."""

    name: NotRequired[str]
    type: NotRequired[str]
    description: NotRequired[str]
    project_id: NotRequired[str]
    settings: NotRequired[dict[str, Any]]
    labels: NotRequired[dict[str, str]]
    location: NotRequired[Location | None]
    identifiers: NotRequired[list[Identifier]]
    expected_interval_s: NotRequired[int | None]
    profile_id: NotRequired[str | None]
    firmware_version: NotRequired[str]


class DeviceRoute(TypedDict):
    """The connection through which a device last reported, and its ids at the external server.

    All null if it never reported.
    """

    connection_id: NotRequired[str | None]
    device_name: NotRequired[str | None]
    application_id: NotRequired[str | None]


class DevicesCreate(TypedDict):
    """Devices to create, each as when it is created by itself."""

    items: list[DeviceCreate]


class DevicesCreated(TypedDict):
    """The outcome of creating many devices.

    `devices` has one entry per row, null if it was rejected: then it is in `errors`.
    """

    created: int
    rejected: int
    devices: list[CreatedDevice | None]
    errors: list[RejectedDevice]


class Difference(TypedDict):
    """A value that differs; null on a side that has no value."""

    path: str
    before: Any
    after: Any


class Disk(TypedDict):
    """The disk with the data directory, in bytes.

    `bytes_per_day` is what was stored per day of the last two weeks, `days_left` the days until the disk is full at
    this rate; null if it is not known yet, or if that is ten years away.
    """

    total_bytes: int
    free_bytes: int
    readings_bytes: int
    control_bytes: int
    bytes_per_day: float | None
    days_left: float | None


class DocumentWidget(TypedDict):
    """A widget in a document."""

    options: WidgetOptions
    title: NotRequired[str]
    x: NotRequired[int | None]
    y: NotRequired[int | None]
    w: NotRequired[int]
    h: NotRequired[int]


class Edit(TypedDict):
    """An edit: who changed which value, how and why.

    `value` is in `unit`; of `confirm` it is the confirmed one.

    A withdrawn edit does not count.
    """

    id: str
    register: str
    kind: Literal["add", "void", "correct", "confirm"]
    time: str
    value: float | None
    unit: str
    reason: str
    author: str
    created_at: str
    withdrawn_at: str | None
    withdrawn_by: str | None
    withdrawn_reason: str | None


class EditCreate(TypedDict):
    """An edit of the value at a time.

    `value`, for `add` and `correct`, is in the unit in which values are listed.

    `register` is the device's first one by default. `confirm` lets a suspect value count, `void` lets none count.
    """

    kind: Literal["add", "confirm", "correct", "void"]
    time: str | datetime
    reason: str
    register: NotRequired[str | None]
    value: NotRequired[float | str | None]


class Elevation(TypedDict):
    """For how many seconds the seed is granted."""

    expires_in_s: int
    reason: NotRequired[str]


class EmailAction(TypedDict):
    """A mail to each of these addresses.

    `subject` and `text` are templates; the default mail is used without them.
    """

    type: Literal["email"]
    to: list[str]
    on_clear: NotRequired[bool]
    subject: NotRequired[str]
    text: NotRequired[str]


class Enrol(TypedDict):
    """How codes are generated.

    Few authenticator apps support anything but the default.
    """

    algorithm: NotRequired[Literal["SHA1", "SHA256", "SHA512"]]
    digits: NotRequired[Literal[6, 8]]


class Enrolment(TypedDict):
    """A second factor to be confirmed: `uri` is the content of the QR code for the app, `secret` is for typing it in."""

    secret: str
    uri: str
    algorithm: str
    digits: int
    period: int


class EscalationStep(TypedDict):
    """Additional actions if the alert event is not acknowledged within this time."""

    after_s: int
    actions: list[AlertAction]


class EvaluationErrors(TypedDict):
    """How many evaluations of the expressions failed since the last change, and why and when the last one did.

    A value that a reading does not contain is not a failure.
    """

    count: int
    last_error: str | None
    last_at: str | None


class Event(TypedDict):
    """A decrease of the counter: a replacement (`reset`) or a `rollover`.

    `detected`: inferred from its digits.

    Units: before and after in the register's unit.
    """

    kind: Literal["reset", "rollover"]
    time: str
    before: float
    after: float
    detected: bool


class EventTrigger(TypedDict):
    """At events with one of these `topics`, such as `alert.*`."""

    type: Literal["event"]
    device_ids: NotRequired[list[str]]
    device_type: NotRequired[str]
    topics: list[str]


class EventType(TypedDict):
    """A message that devices of a project send.

    `format` shows its structure.
    """

    id: str
    project_id: str
    name: str
    description: str
    fields: list[Parameter]
    format: dict[str, dict[str, str]]
    created_at: str
    updated_at: str


class EventTypeChange(TypedDict):
    """A change of an event type: omitted fields are unchanged, `fields` is replaced as a whole."""

    name: NotRequired[str]
    description: NotRequired[str]
    fields: NotRequired[list[Parameter]]


class EventTypeCreate(TypedDict):
    """An event type to create.

    Its fields are described like the parameters of commands.
    """

    project_id: str
    name: str
    description: NotRequired[str]
    fields: NotRequired[list[Parameter]]


class Execution(TypedDict):
    """The execution of a command on one device.

    `state` is queued, sent, received, done, failed, expired or cancelled, with its `reason`; `status` is the same for
    people: Pending, Delivered, Confirmed, Soft warning or Failed. `progress`, `result` and `error` are what the device
    reported.
    """

    id: str
    device_id: str
    definition_id: str
    name: str
    parameters: dict[str, Any]
    state: Literal["queued", "sent", "received", "done", "failed", "expired", "cancelled"]
    status: Literal["Pending", "Delivered", "Confirmed", "Soft warning", "Failed"]
    reason: str
    transport: Literal["any", "http", "mqtt", "agent", "lorawan"]
    sent_by: str | None
    verification: Literal["none", "next_reading", "acknowledgement"]
    repeatable: bool
    hand_outs: int
    progress: Any
    result: Any
    error: str | None
    created_by: str
    created_at: str
    expires_at: str
    sent_at: str | None
    received_at: str | None
    finished_at: str | None


class ExecutionCreate(TypedDict):
    """The values of the parameters, and the seconds after which a waiting execution expires."""

    parameters: NotRequired[dict[str, Any]]
    expires_in_s: NotRequired[int | None]


class ExecutionWithHistory(TypedDict):
    """An execution with its states, oldest first."""

    id: str
    device_id: str
    definition_id: str
    name: str
    parameters: dict[str, Any]
    state: Literal["queued", "sent", "received", "done", "failed", "expired", "cancelled"]
    status: Literal["Pending", "Delivered", "Confirmed", "Soft warning", "Failed"]
    reason: str
    transport: Literal["any", "http", "mqtt", "agent", "lorawan"]
    sent_by: str | None
    verification: Literal["none", "next_reading", "acknowledgement"]
    repeatable: bool
    hand_outs: int
    progress: Any
    result: Any
    error: str | None
    created_by: str
    created_at: str
    expires_at: str
    sent_at: str | None
    received_at: str | None
    finished_at: str | None
    history: list[StateChange]


class ExportedTokenFile(TypedDict):
    """An encrypted file of tokens.

    `content` is Base64.
    """

    format: Literal["penstock-tokens"]
    version: Literal[1]
    kdf: ExportedTokenFileKdf
    cipher: ExportedTokenFileCipher
    content: str


class ExportedTokenFileCipher(TypedDict):
    """How the content of a file is encrypted.

    `nonce` is Base64.
    """

    name: Literal["AES-256-GCM"]
    nonce: str


class ExportedTokenFileKdf(TypedDict):
    """How the key of a file is derived from the passphrase.

    `salt` is Base64.
    """

    name: Literal["argon2id"]
    version: Literal[19]
    memory_kib: int
    iterations: int
    lanes: int
    salt: str


class Expression(TypedDict):
    """CEL over `reading.values`, `reading.time`, `device.id`, `device.name`, `device.type` and `device.labels`."""

    type: Literal["expression"]
    expression: str


class ExpressionsPreview(TypedDict):
    """An expression or a template, what it is for, and the values of its variables.

    Exactly one of `expression` and `template` is required. The template of an alert is the text of a message.
    `variables` are samples by name, such as `{"reading": {"values": {"t": 21.5}}}`; `reading_id` takes them from a
    stored reading, `device_id` from the latest reading of a device. A sample replaces a stored value. `trigger` is that
    of a rule, `topics` those of a webhook or of a rule's trigger `event`.
    """

    use: Literal["alert", "rule", "webhook"]
    expression: NotRequired[str | None]
    template: NotRequired[str | None]
    trigger: NotRequired[Literal["connectivity", "event", "hook", "reading", "schedule"]]
    topics: NotRequired[list[str] | None]
    variables: NotRequired[dict[str, Any]]
    reading_id: NotRequired[str | None]
    device_id: NotRequired[str | None]


class ExpressionsPreviewed(TypedDict):
    """The value of an expression with its type, or the text of a template, and what went wrong.

    `is_condition` is whether the expression can be used as a condition: it evaluates to true or false, or its type
    depends on the values. Times and durations are strings. `errors` are empty if everything could be evaluated.
    """

    value: Any
    type: str
    is_condition: bool
    errors: list[PreviewError]


class Fault(TypedDict):
    """Why a row cannot be imported.

    `row` counts as a spreadsheet does, from the header as 1; `column` is null if the fault is of the row as a whole.
    """

    row: int
    column: str | None
    detail: str


class Fetched(TypedDict):
    """The commands that wait for the device, in the order in which they were requested."""

    data: list[CommandMessage]


class FleetSummary(TypedDict):
    """The number of devices, of those that are paused, and of those that are online, offline or were never seen."""

    total: int
    paused: int
    online: int
    offline: int
    never: int


class Folder(TypedDict):
    """A folder of dashboards.

    `parent_id` is the folder that it is in; null at the top.
    """

    id: str
    name: str
    parent_id: str | None
    created_at: str
    updated_at: str


class FolderCreate(TypedDict):
    """A folder to create, in another one (`parent_id`) or at the top.

    Folders can be three deep.
    """

    name: str
    parent_id: NotRequired[str | None]


class FolderPatch(TypedDict):
    """A change of a folder: omitted fields are unchanged, `"parent_id": null` moves it to the top."""

    name: NotRequired[str]
    parent_id: NotRequired[str | None]


class Follower(TypedDict):
    """How far a background worker is behind: in rows if they can be counted, and for how long it has had unfinished work."""

    name: str
    status: Literal["ok", "behind"]
    rows: int | None
    seconds: float
    error: str | None


class Forgotten(TypedDict):
    """The e-mail of the user who forgot the password."""

    email: str


class Frozen(TypedDict):
    """A counter that had moved has not moved for `days`."""

    enabled: NotRequired[bool | None]
    days: NotRequired[int | None]


class GaugeOptions(TypedDict):
    """The latest value of a field on a scale from `min` to `max`."""

    type: Literal["gauge"]
    source: DashboardsSource
    field: str
    min: NotRequired[float]
    max: NotRequired[float]
    label: NotRequired[str]
    unit: NotRequired[str]
    decimals: NotRequired[int | None]
    thresholds: NotRequired[list[WidgetThreshold]]


class Geofence(TypedDict):
    """The device's position relative to a circle (`center` and `radius_m`) or a polygon.

    Points are [latitude, longitude].
    """

    type: Literal["geofence"]
    when: Literal["enter", "exit", "outside"]
    center: NotRequired[list[float] | None]
    radius_m: NotRequired[float | None]
    polygon: NotRequired[list[list[float]]]
    latitude_field: NotRequired[str]
    longitude_field: NotRequired[str]


class Grant(TypedDict):
    """A grant: who may use a token.

    `expires_at` is null if it does not end by itself.
    """

    id: str
    token: str
    token_id: str
    subject: str
    subject_name: str
    permission: Literal["code", "seed"]
    expires_at: str | None
    reason: str
    created_by: str
    created_at: str


class GrantCreate(TypedDict):
    """A grant to make.

    `subject` is the id of a group, user or key.

    `code` allows to get the codes of the token, `seed` its seed as well. The grant ends at `expires_at`, or after
    `expires_in_s` seconds; without both it does not end by itself.
    """

    subject: str
    permission: Literal["code", "seed"]
    expires_at: NotRequired[str | datetime | None]
    expires_in_s: NotRequired[int | None]
    reason: NotRequired[str]


class GrantPatch(TypedDict):
    """When a grant ends from now on: at `expires_at` (null: not by itself), or after `expires_in_s` seconds."""

    expires_at: NotRequired[str | datetime | None]
    expires_in_s: NotRequired[int]


class Group(TypedDict):
    """A set of members; `members` is their number."""

    id: str
    name: str
    members: int
    created_at: str


class GroupWrite(TypedDict):
    """A group's name, unique in the organisation."""

    name: str


class History(TypedDict):
    """A page of readings, with their range."""

    data: list[Reading]
    next_cursor: str | None
    query: Range


class Hit(TypedDict):
    """A thing that was found.

    `id` is its id, of a token its name; `detail` is one line about it.
    """

    type: Literal["device", "dashboard", "alert", "rule", "connection", "customer", "profile", "webhook", "token", "person"]
    id: str
    name: str
    detail: str


class Hits(TypedDict):
    """The hits, the best first."""

    data: list[Hit]


class Hold(TypedDict):
    """An account whose period could not be closed, and why.

    It goes away when the invoice is issued.
    """

    id: str
    state: Literal["held", "released"]
    customer_id: str
    resident_id: str | None
    period: str
    code: str
    reason: str
    created_at: str
    released_at: str | None
    released_by: str


class Hook(TypedDict):
    """A rule's hook.

    The secret is returned only here; callers send it as `X-Hook-Secret`.
    """

    hook_id: str
    path: str
    secret: str
    warning: NotRequired[str]


class HookCall(TypedDict):
    """An accepted call.

    The rule is evaluated shortly afterwards.
    """

    call_id: str


class HookTrigger(TypedDict):
    """When the rule's hook is called."""

    type: Literal["hook"]
    device_ids: NotRequired[list[str]]
    device_type: NotRequired[str]


class Identifier(TypedDict):
    """An external name of a device, unique per organisation and kind: eui, mac, serial or external."""

    kind: Literal["eui", "external", "mac", "serial"]
    value: str


class ImageOptions(TypedDict):
    """An image, such as a floor plan, with values.

    It is sent with `PUT /api/v2/widgets/{widget_id}/image`.
    """

    type: Literal["image"]
    pins: NotRequired[list[Pin]]
    alt: NotRequired[str]


class ImageWrite(TypedDict):
    """An image, PNG, JPEG or WebP, in base64.

    It can also be sent as it is, with its own media type.
    """

    content: str


class Import(TypedDict):
    """An import.

    `rows` is the number of rows, of which `done` were processed: `made` created something, `updated` changed something,
    `unchanged` were so already, and `failed` have faults. In a dry run these are what would become of them. `valid` are
    those of the processed rows that have no fault.
    """

    id: str
    kind: Literal["devices", "registers", "residents", "placements"]
    dry_run: bool
    state: Literal["queued", "running", "done", "cancelled"]
    rows: int
    done: int
    valid: int
    made: int
    updated: int
    unchanged: int
    failed: int
    author: str
    created_at: str
    started_at: str | None
    finished_at: str | None


class ImportCounts(TypedDict):
    """How many entries have each outcome."""

    created: int
    renamed: int
    replaced: int
    skipped: int
    left_out: int


class ImportFile(TypedDict):
    """A CSV file, in base64 if it is sent as JSON."""

    content: str


class ImportedDashboard(TypedDict):
    """The dashboard that was made, and the ids of the devices of the document that do not exist here."""

    dashboard: Dashboard
    missing_devices: list[str]


class ImportedToken(TypedDict):
    """The outcome of an entry of a file, in a dry run the expected one.

    `position` counts from 1. `name` is that of the token; of an entry that was left out, what the file calls it.
    `reason` says why it was skipped or left out.
    """

    position: int
    name: str
    issuer: str
    account: str
    outcome: Literal["created", "renamed", "replaced", "skipped", "left_out"]
    reason: str


class Ingested(TypedDict):
    """The outcome of a message: `stored`, `duplicate`, `quarantined`, `unregistered`, `event` or `skipped`.

    Of a message with several `readings`, `reading_id` is the newest; `duplicates` of them were stored before, and
    `quarantined` are stored apart.
    """

    status: Literal["stored", "duplicate", "quarantined", "unregistered", "event", "skipped"]
    device_id: NotRequired[str | None]
    reading_id: NotRequired[str | None]
    readings: NotRequired[int]
    duplicates: NotRequired[int]
    quarantined: NotRequired[int]


class Invitation(TypedDict):
    """An invitation: pending, accepted, withdrawn or expired."""

    id: str
    email: str
    role: Literal["owner", "admin", "member", "viewer", "resident", "customer_manager"]
    status: Literal["pending", "accepted", "withdrawn", "expired"]
    invited_by: str
    created_at: str
    sent_at: str
    expires_at: str
    accepted_at: str | None


class Invite(TypedDict):
    """The e-mail to invite, and the role."""

    email: str
    role: NotRequired[Literal["admin", "member", "owner", "viewer"]]


Invoice = TypedDict(
    "Invoice",
    {
        "id": "str",
        "number": "str",
        "kind": 'Literal["invoice", "credit_note"]',
        "state": 'Literal["open", "paid", "cancelled"]',
        "customer_id": "str",
        "customer": "str",
        "resident_id": "str | None",
        "account": "str",
        "period": "str",
        "from": "str",
        "to": "str",
        "timezone": "str",
        "issued_at": "str",
        "issued_on": "str",
        "due_on": "str | None",
        "currency": "str",
        "net": "str",
        "vat": "str",
        "gross": "str",
        "paid_at": "str | None",
        "note": "str",
        "cancelled_at": "str | None",
        "cancelled_by": "str | None",
        "cancels": "Reference | None",
        "reason": "str",
        "locale": "str",
        "seller": "Party",
        "buyer": "Party",
        "lines": "list[Line]",
        "vat_sums": "list[VatSum]",
        "notes": "Notes",
    },
)
"""An invoice or credit note.

Apart from its state it never changes.
"""


class InvoiceMail(TypedDict):
    """A mail that sends an invoice.

    `automatic`: because the invoice was issued. `error` is that of the last attempt.
    """

    to: str
    state: Literal["queued", "sent", "failed"]
    automatic: bool
    created_at: str
    sent_at: str | None
    failed_at: str | None
    attempts: int
    error: str


class InvoiceSend(TypedDict):
    """Where to send an invoice; to its buyer if nothing is given."""

    to: NotRequired[str | None]


InvoiceSummary = TypedDict(
    "InvoiceSummary",
    {
        "id": "str",
        "number": "str",
        "kind": 'Literal["invoice", "credit_note"]',
        "state": 'Literal["open", "paid", "cancelled"]',
        "customer_id": "str",
        "customer": "str",
        "resident_id": "str | None",
        "account": "str",
        "period": "str",
        "from": "str",
        "to": "str",
        "timezone": "str",
        "issued_at": "str",
        "issued_on": "str",
        "due_on": "str | None",
        "currency": "str",
        "net": "str",
        "vat": "str",
        "gross": "str",
        "paid_at": "str | None",
        "note": "str",
        "cancelled_at": "str | None",
        "cancelled_by": "str | None",
        "cancels": "Reference | None",
        "reason": "str",
    },
)
"""An invoice or credit note without its lines.

`gross` is what is owed; `vat` is part of it.
"""


InvoicesPreview = TypedDict(
    "InvoicesPreview",
    {
        "customer_id": "str",
        "customer": "str",
        "resident_id": "str | None",
        "account": "str",
        "period": "str",
        "from": "str",
        "to": "str",
        "timezone": "str",
        "currency": "str",
        "net": "str",
        "vat": "str",
        "gross": "str",
        "locale": "str",
        "seller": "Party",
        "buyer": "Party",
        "lines": "list[Line]",
        "vat_sums": "list[VatSum]",
        "notes": "Notes",
    },
)
"""The invoice that would be issued for a period now."""


class InvoicesProblem(TypedDict):
    """Why the period of an account was not closed."""

    customer_id: str
    resident_id: str | None
    code: str
    detail: str


class InvoicesRun(TypedDict):
    """The closing of a period for many accounts.

    `total` is null until they are counted.

    An account is `issued`, `failed` with a problem, or `skipped`, because it was invoiced before or there is nothing to
    bill. Of the problems the first 100 are listed.
    """

    id: str
    period: str
    customer_ids: list[str] | None
    automatic: bool
    state: Literal["running", "done", "cancelled"]
    total: int | None
    issued: int
    failed: int
    skipped: int
    problems: list[InvoicesProblem]
    created_at: str
    created_by: str
    finished_at: str | None


class Invoicing(TypedDict):
    """How a customer is invoiced.

    `next_period` is closed automatically at `next_close_at`; null: none is.
    """

    target: Literal["customer", "residents", "none"]
    period: Literal["month", "quarter", "year"]
    due_days: int
    number_prefix: str
    locale: str
    auto_close: bool
    close_after_days: int
    hold_if_suspect: bool
    send_by_mail: bool
    next_period: str | None
    next_close_at: str | None


class InvoicingWrite(TypedDict):
    """How a customer is invoiced.

    `target` is who gets the invoices: the customer for all its meters, each resident for theirs, or no one. With
    `auto_close` a period is closed `close_after_days` after its end. With `hold_if_suspect` an invoice waits if values
    are suspect. With `send_by_mail` each invoice is mailed to its buyer as it is issued. `locale` is a language with a
    country, such as de-AT.
    """

    target: Literal["customer", "none", "residents"]
    period: NotRequired[Literal["month", "quarter", "year"]]
    due_days: NotRequired[int]
    number_prefix: NotRequired[str]
    locale: NotRequired[str]
    auto_close: NotRequired[bool]
    close_after_days: NotRequired[int]
    hold_if_suspect: NotRequired[bool]
    send_by_mail: NotRequired[bool]


class Item(TypedDict):
    """What a unit of a kind of register costs, in the tariff's currency and without VAT; `vat_rate` is in per cent."""

    kind: Literal["volume", "reverse_volume", "energy", "reverse_energy", "heat", "cooling", "count"]
    name: str
    unit: str
    tiers: list[Tier]
    vat_rate: str


class ItemWrite(TypedDict):
    """What a unit of a kind of register costs: `price`, or `tiers`.

    `name` is its text on invoices.

    Units: prices in the tariff's currency, without VAT; vat_rate in per cent.
    """

    kind: Literal["cooling", "count", "energy", "heat", "reverse_energy", "reverse_volume", "volume"]
    unit: str
    price: NotRequired[float | str | None]
    tiers: NotRequired[list[TierWrite] | None]
    name: NotRequired[str]
    vat_rate: NotRequired[float | str]


class Joined(TypedDict):
    """The new member and the organisation."""

    organization_id: str
    user_id: str
    email: str
    role: Literal["owner", "admin", "member", "viewer", "resident", "customer_manager"]


class Key(TypedDict):
    """An API key without its value.

    `expired` and `spent` follow from the dates; a rotated key names its successor.

    `root` is who answers for the key: the id of a user, or `operator` for the command line, and for a sign-up until its
    owner has joined. Keys made by a key have its root, and a rotated key keeps it. `effective_scopes` are the scopes
    that the root also has now: none if the user is suspended.
    """

    id: str
    name: str
    prefix: str
    style: str
    status: Literal["active", "rotated", "revoked", "expired", "spent"]
    scopes: list[str]
    effective_scopes: list[str]
    allowed_cidrs: list[str]
    single_use: Literal["bind", "spend"] | None
    used_from: str | None
    calls_per_minute: int | None
    project_id: str | None
    created_at: str
    created_by: str
    root: str
    expires_at: str | None
    rotated_at: str | None
    valid_until: str | None
    replaced_by: str | None
    revoked_at: str | None
    last_used_at: str | None
    last_used_from: str


class KeyCreate(TypedDict):
    """A key to create.

    All restrictions are optional; without scopes the key grants nothing.

    `single_use`: with `bind` the key works only from the address of its first call; with `spend` it works for one call
    only. With `project_id` the key can access only that project. `style` determines only the format of the value. A key
    that creates another one hands its own restrictions down: they apply if the field is omitted, and a wider one is
    rejected.
    """

    name: str
    scopes: NotRequired[list[str]]
    expires_at: NotRequired[str | datetime | None]
    allowed_cidrs: NotRequired[list[str]]
    single_use: NotRequired[Literal["bind", "spend"] | None]
    calls_per_minute: NotRequired[int | None]
    project_id: NotRequired[str | None]
    style: NotRequired[Literal["datakubo", "iottly", "kaito", "kilo", "penstock", "siliconwit"]]


class KeyPatch(TypedDict):
    """A key's new name.

    Nothing else of a key can be changed.
    """

    name: str


class KeyRotate(TypedDict):
    """For how many seconds the old value remains valid: at most seven days."""

    overlap_s: NotRequired[int]


class KeyVersion(TypedDict):
    """A version of the organisation's key."""

    version: int
    created_at: str


class Keys(TypedDict):
    """The organisation's key.

    The `current` version encrypts; it is 0 before the first secret, and after keys were destroyed.

    `stale_values` are still under older versions, and are encrypted again in the background. Versions up to
    `shredded_up_to` were destroyed. `master` is where the master key of the server is.
    """

    current: int
    versions: list[KeyVersion]
    stale_values: int
    shredded_up_to: int | None
    shredded_at: str | None
    master: Literal["env", "file", "transit"]


class LabelAction(TypedDict):
    """A label of the device that caused the run, or of the device in `device_id`.

    `value` is a template.
    """

    type: Literal["label"]
    key: str
    value: str
    device_id: NotRequired[str]


class LastValueOptions(TypedDict):
    """The latest value of a field.

    `unit` replaces that of the sensor.
    """

    type: Literal["last_value"]
    source: DashboardsSource
    field: str
    label: NotRequired[str]
    unit: NotRequired[str]
    decimals: NotRequired[int | None]
    thresholds: NotRequired[list[WidgetThreshold]]


class Latest(TypedDict):
    """The latest reading of a device; null if it has none."""

    data: Reading | None


class LatestOfMany(TypedDict):
    """The latest readings of several devices, in the order of the request.

    Devices without one are left out.
    """

    data: list[Reading]


class Layout(TypedDict):
    """The places of widgets.

    A widget that is not named stays where it is.
    """

    widgets: list[WidgetPlace]


class LeakHint(TypedDict):
    """Whether the flow never stops between 02:00 and 05:00.

    `nights` are the conclusive ones, of which the flow never stopped in `nights_flowing`. `least_per_hour` is the
    smallest flow of those, in `unit` per hour.
    """

    device_id: str
    register: str
    suspected: bool
    nights: int
    nights_flowing: int
    least_per_hour: float | None
    unit: str
    timezone: str


class LeakHints(TypedDict):
    """The leak hints of a customer's meters, by device."""

    data: list[LeakHint]
    next_cursor: str | None


class License(TypedDict):
    """A device slot.

    Its id, 32 hexadecimal digits, is not a credential.
    """

    id: str
    project_id: str
    status: Literal["available", "paired"]
    device_id: str | None
    created_at: str


class LicenseIssue(TypedDict):
    """How many licences to add."""

    count: NotRequired[int]


class LimitState(TypedDict):
    """A limit and its remaining amount.

    `reset_s` is the time until all of it is available again.
    """

    limit: str
    scope: Literal["account", "key", "group", "address", "device"]
    count: int
    window: Literal["second", "minute", "day", "month"]
    remaining: int
    reset_s: int


class Limits(TypedDict):
    """The plan and the caller's remaining limits.

    `readings` is null if the plan does not limit them.

    `plan_until` is when the plan ends; null if it has no end. After a change to a plan with shorter retention,
    `retention_days` is that of the previous plan until the grace period ends.
    """

    plan: str
    plan_until: str | None
    trial: bool
    device_limit: int | None
    key_limit: int | None
    retention_days: int | None
    monthly_readings: int | None
    calls: list[LimitState]
    readings: LimitState | None


Line = TypedDict(
    "Line",
    {
        "kind": 'Literal["usage", "standing", "minimum", "correction"]',
        "text": "str",
        "from": "str",
        "to": "str",
        "quantity": "str",
        "unit": "str",
        "price": "str",
        "net": "str",
        "vat_rate": "str",
        "tier": "int | None",
        "meter": "LineMeter | None",
        "corrects": "Reference | None",
        "corrected": "str | None",
        "reason": "str",
    },
)
"""One line: `quantity` of `unit` at `price` is `net`.

`tier` counts from 1; null: there is only one price.

A correction has the invoice that it `corrects`, what kind of line was wrong (`corrected`), and the `reason`: one or
several, separated by commas, of `edit`, `late readings`, `estimated values`, `placement`, `registers`, `replacement`,
`profile`, `redecode` and `invoice … was cancelled`.

Units: price and net in the invoice's currency, without VAT; vat_rate in per cent.
"""


class LineMeter(TypedDict):
    """The register of a line.

    `first` and `last` are the counter at the ends of the line's period, null if unknown.

    `estimated` is the part of the consumption that no readings in the period measured.

    Units: first, last and estimated in `unit`.
    """

    device_id: str
    name: str
    eui: str | None
    serial: str | None
    register: str
    kind: Literal["volume", "reverse_volume", "energy", "reverse_energy", "heat", "cooling", "count"]
    unit: str
    first: str | None
    last: str | None
    estimated: str
    quality: Literal["measured", "partial", "interpolated", "estimated", "missing"]


class Link(TypedDict):
    """The state of a connection that Penstock opens: `connecting`, `connected`, `waiting` for the next attempt, or
    `stopped`.

    `reason` states why the last attempt failed, or why there is none.
    """

    state: Literal["connecting", "connected", "waiting", "stopped"]
    since: str
    reason: str | None
    retry_at: str | None


class LinkToken(TypedDict):
    """The token of a link that the server printed."""

    token: str


class ListOfAccount(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Account]
    next_cursor: NotRequired[str | None]


class ListOfAddress(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Address]
    next_cursor: NotRequired[str | None]


class ListOfAddressGrant(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[AddressGrant]
    next_cursor: NotRequired[str | None]


class ListOfAlert(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Alert]
    next_cursor: NotRequired[str | None]


class ListOfAlertEvent(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[AlertEvent]
    next_cursor: NotRequired[str | None]


class ListOfAuditRow(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[AuditRow]
    next_cursor: NotRequired[str | None]


class ListOfAvailableNumber(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[AvailableNumber]
    next_cursor: NotRequired[str | None]


class ListOfBackup(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Backup]
    next_cursor: NotRequired[str | None]


class ListOfChannel(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Channel]
    next_cursor: NotRequired[str | None]


class ListOfCodecVersion(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[CodecVersion]
    next_cursor: NotRequired[str | None]


class ListOfCommand(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Command]
    next_cursor: NotRequired[str | None]


class ListOfConnection(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Connection]
    next_cursor: NotRequired[str | None]


class ListOfConnectivityChange(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[ConnectivityChange]
    next_cursor: NotRequired[str | None]


class ListOfConnector(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Connector]
    next_cursor: NotRequired[str | None]


class ListOfCustomer(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Customer]
    next_cursor: NotRequired[str | None]


class ListOfDashboard(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Dashboard]
    next_cursor: NotRequired[str | None]


class ListOfDevice(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Device]
    next_cursor: NotRequired[str | None]


class ListOfDeviceEventShown(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[DeviceEventShown]
    next_cursor: NotRequired[str | None]


class ListOfEdit(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Edit]
    next_cursor: NotRequired[str | None]


class ListOfEventType(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[EventType]
    next_cursor: NotRequired[str | None]


class ListOfExecution(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Execution]
    next_cursor: NotRequired[str | None]


class ListOfFault(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Fault]
    next_cursor: NotRequired[str | None]


class ListOfFolder(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Folder]
    next_cursor: NotRequired[str | None]


class ListOfGrant(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Grant]
    next_cursor: NotRequired[str | None]


class ListOfGroup(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Group]
    next_cursor: NotRequired[str | None]


class ListOfHold(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Hold]
    next_cursor: NotRequired[str | None]


class ListOfImport(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Import]
    next_cursor: NotRequired[str | None]


class ListOfInvitation(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Invitation]
    next_cursor: NotRequired[str | None]


class ListOfInvoiceMail(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[InvoiceMail]
    next_cursor: NotRequired[str | None]


class ListOfInvoiceSummary(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[InvoiceSummary]
    next_cursor: NotRequired[str | None]


class ListOfInvoicesRun(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[InvoicesRun]
    next_cursor: NotRequired[str | None]


class ListOfKey(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Key]
    next_cursor: NotRequired[str | None]


class ListOfLicense(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[License]
    next_cursor: NotRequired[str | None]


class ListOfMember(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Member]
    next_cursor: NotRequired[str | None]


class ListOfMessage(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Message]
    next_cursor: NotRequired[str | None]


class ListOfMeterAlarm(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[MeterAlarm]
    next_cursor: NotRequired[str | None]


class ListOfMeterValues(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[MeterValues]
    next_cursor: NotRequired[str | None]


class ListOfOwnDevice(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[OwnDevice]
    next_cursor: NotRequired[str | None]


class ListOfOwnMeterAlarm(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[OwnMeterAlarm]
    next_cursor: NotRequired[str | None]


class ListOfPlacementPeriod(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[PlacementPeriod]
    next_cursor: NotRequired[str | None]


class ListOfProfilesProfile(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[ProfilesProfile]
    next_cursor: NotRequired[str | None]


class ListOfProject(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Project]
    next_cursor: NotRequired[str | None]


class ListOfReading(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Reading]
    next_cursor: NotRequired[str | None]


class ListOfRedecode(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Redecode]
    next_cursor: NotRequired[str | None]


class ListOfRefused(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Refused]
    next_cursor: NotRequired[str | None]


class ListOfRequest(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Request]
    next_cursor: NotRequired[str | None]


class ListOfResident(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Resident]
    next_cursor: NotRequired[str | None]


class ListOfRule(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Rule]
    next_cursor: NotRequired[str | None]


class ListOfRun(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Run]
    next_cursor: NotRequired[str | None]


class ListOfScopeInfo(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[ScopeInfo]
    next_cursor: NotRequired[str | None]


class ListOfSecret(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Secret]
    next_cursor: NotRequired[str | None]


class ListOfSecretUse(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[SecretUse]
    next_cursor: NotRequired[str | None]


class ListOfSecretVersion(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[SecretVersion]
    next_cursor: NotRequired[str | None]


class ListOfSensor(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Sensor]
    next_cursor: NotRequired[str | None]


class ListOfSensorTemplate(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[SensorTemplate]
    next_cursor: NotRequired[str | None]


class ListOfSession(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Session]
    next_cursor: NotRequired[str | None]


class ListOfShare(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Share]
    next_cursor: NotRequired[str | None]


class ListOfStatement(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Statement]
    next_cursor: NotRequired[str | None]


class ListOfTariff(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Tariff]
    next_cursor: NotRequired[str | None]


class ListOfToken(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Token]
    next_cursor: NotRequired[str | None]


class ListOfUnregistered(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Unregistered]
    next_cursor: NotRequired[str | None]


class ListOfUsage(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Usage]
    next_cursor: NotRequired[str | None]


class ListOfValue(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Value]
    next_cursor: NotRequired[str | None]


class ListOfVersion(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Version]
    next_cursor: NotRequired[str | None]


class ListOfWebhook(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[Webhook]
    next_cursor: NotRequired[str | None]


class ListOfWebhookAttempt(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[WebhookAttempt]
    next_cursor: NotRequired[str | None]


class ListOfWebhookMessage(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[WebhookMessage]
    next_cursor: NotRequired[str | None]


class ListOfWebhookTopic(TypedDict):
    """A page of a list.

    `next_cursor` is null on the last page.
    """

    data: list[WebhookTopic]
    next_cursor: NotRequired[str | None]


class Location(TypedDict):
    """The location of a device: degrees (WGS 84) and metres above sea level."""

    latitude: float
    longitude: float
    altitude_m: NotRequired[float | None]


class LogCreate(TypedDict):
    """An account to create that only logs its SMS, for development."""

    kind: Literal["log"]
    name: str
    settings: NotRequired[LogSettings]


class LogSettings(TypedDict):
    """An account whose SMS are logged, without their texts, and count as sent.

    It has no settings.
    """


class Logo(TypedDict):
    """The logo as it was stored: it was decoded and encoded again, and made smaller if it was larger than 1200 × 600.

    Units: pixels, bytes.
    """

    media_type: str
    width: int
    height: int
    size_bytes: int


class LogoWrite(TypedDict):
    """An image, PNG or JPEG, in base64.

    It can also be sent as it is, with its own media type.
    """

    content: str


class LorawanHttpCreate(TypedDict):
    """A connection to create for any network server, whose format is detected.

    Without `project_id` it applies to every device of the organisation.
    """

    type: Literal["lorawan_http"]
    name: str
    project_id: NotRequired[str | None]
    settings: NotRequired[LorawanHttpSettings]


class LorawanHttpSettings(TypedDict):
    """Any network server: the form of each body is detected automatically.

    It has no settings.
    """


class LowBattery(TypedDict):
    """The battery is below `percent` or `volts`, whichever the device reports in one of `fields`."""

    enabled: NotRequired[bool | None]
    percent: NotRequired[float | None]
    volts: NotRequired[float | None]
    fields: NotRequired[list[str] | None]


class MailNotes(TypedDict):
    """How a mail arrived.

    `peer` is the address of the server that delivered it. `spf` is whether the domain of `envelope_sender` (empty:
    none) allows that address. `tls` is the version of TLS, null without. `tags` are what was between a `+` and the `@`
    of its recipients.
    """

    peer: str
    envelope_sender: str
    spf: Literal["none", "pass", "fail", "softfail", "neutral", "temperror", "permerror"]
    tls: str | None
    tags: list[str]
    attachments: list[Attachment]


class Maintenance(TypedDict):
    """The maintenance of a device.

    No alerts are raised for the device while it lasts.
    """

    device_id: str
    active: bool
    until: str | None
    reason: str
    created_by: str | None
    created_at: str | None


class MaintenanceSet(TypedDict):
    """The end of the maintenance; null: until it is ended manually."""

    until: NotRequired[str | datetime | None]
    reason: NotRequired[str]


class Malformed(TypedDict):
    """Counts of a device's malformed messages and times, and of readings that were stored although something could not be
    used.

    The former are quarantined: messages with the kind `malformed`, readings whose time is in the future with their own
    kind. The latter are payloads from which the device's codec decoded no values, times older than the plan's
    retention, times of a network server that are unreadable or in the future, and, once per device, fields that cannot
    be listed as sensors.
    """

    messages: int
    last_at: str
    last_reason: str


class ManagerInvite(TypedDict):
    """Who is to manage a customer."""

    email: str


class MapOptions(TypedDict):
    """Devices where they are, with their state; and the latest value of a field."""

    type: Literal["map"]
    source: DashboardsSource
    field: NotRequired[str | None]


class Me(TypedDict):
    """The owner of a credential: a key, or a signed-in user."""

    organization_id: str
    organization_name: str
    plan: str
    key_id: str | None
    user_id: str | None
    scopes: list[str]


class Member(TypedDict):
    """A user in the organisation.

    `mfa` is whether they have a second factor.
    """

    user_id: str
    email: str
    name: str
    role: Literal["owner", "admin", "member", "viewer", "resident", "customer_manager"]
    mfa: bool
    joined_at: str


class Membership(TypedDict):
    """A user's membership in an organisation."""

    organization_id: str
    organization_name: str
    role: Literal["owner", "admin", "member", "viewer", "resident", "customer_manager"]
    suspended: bool
    require_mfa: bool
    joined_at: str


Message = TypedDict(
    "Message",
    {
        "id": "str",
        "address_id": "str",
        "number": "str",
        "channel": 'Literal["sms", "mail"]',
        "direction": 'Literal["inbound", "outbound"]',
        "status": 'Literal["received", "queued", "sending", "sent", "delivered", "failed", "unknown"]',
        "from": "str",
        "to": "str",
        "subject": "str | None",
        "body": "str | None",
        "code": "str | None",
        "links": "list[str]",
        "mail": "MailNotes | None",
        "error": "str | None",
        "at": "str",
        "updated_at": "str",
        "read_at": "str | None",
    },
)
"""A message.

`number` is the value of its address. `body`, `subject`, `code` and `links` are stored encrypted; `body` is null once
the key of the organisation was destroyed. `code` and `links` were found in the text. `mail` is how a mail arrived; null
for SMS. `at` is when the message was received or queued, `error` why it failed. The state of one is `unknown` if the
connection to the provider ended before it answered: it may have been sent, and is not sent again.
"""


MessageSend = TypedDict(
    "MessageSend",
    {
        "from": "str",
        "to": "str",
        "body": "str",
    },
)
"""An SMS to send from one of your numbers."""


class Meter(TypedDict):
    """The settings of a meter.

    `field`, `unit` and `rolls_over_at` are those of the first register.

    `source` says whose registers these are: the device's own, its profile's, or the default ones.
    """

    role: Literal["principal", "leaf", "intermediate"]
    source: Literal["device", "profile", "default"]
    field: str
    unit: str
    rolls_over_at: float | None
    registers: list[Register]


class MeterAlarm(TypedDict):
    """An alarm of a meter, from the reading that shows its condition to the one that shows its end.

    `since`, `last_seen_at` and `until` are times of readings, `opened_at` and `closed_at` those at which the server
    found out. `value` is what was measured, compared with `threshold`, in `unit`; `field` is the value of the reading
    that shows it. `customer_id` and `resident_id` are those of the device at `since`; they and `device_name` remain
    when the device is deleted. `message` says in a sentence what is wrong. `end_reason`: a reading showed the end
    (`condition`), none showed it any longer (`silent`), settings disabled its kind (`disabled`), or the device was
    deleted (`device_deleted`).
    """

    id: str
    device_id: str
    device_name: str
    customer_id: str | None
    resident_id: str | None
    kind: Literal["continuous_flow", "burst", "back_flow", "frozen", "low_battery", "tamper"]
    register: str | None
    state: Literal["open", "closed"]
    message: str
    since: str
    last_seen_at: str
    until: str | None
    opened_at: str
    closed_at: str | None
    end_reason: Literal["condition", "silent", "disabled", "device_deleted"] | None
    value: float | bool | str | None
    threshold: float | None
    unit: str
    field: str | None
    acknowledged_at: str | None
    acknowledged_by: str | None
    note: str | None


class MeterRow(TypedDict):
    """The consumption of one register of a meter while it was at the customer's."""

    device_id: str
    name: str
    role: Literal["principal", "leaf", "intermediate"]
    register: str
    kind: Literal["volume", "reverse_volume", "energy", "reverse_energy", "heat", "cooling", "count"]
    unit: str
    data: list[Amount]
    events: list[Event]


class MeterRows(TypedDict):
    """The consumption of a customer's meters, by device."""

    data: list[MeterRow]
    next_cursor: str | None
    bucket: str
    timezone: str
    query: Range


class MeterSet(TypedDict):
    """The settings of a meter: its role, and its registers, or the field, unit and maximum of its only one.

    Without registers and without these three it has the registers of its profile.
    """

    role: NotRequired[Literal["intermediate", "leaf", "principal"]]
    field: NotRequired[str]
    unit: NotRequired[str]
    rolls_over_at: NotRequired[float | str | None]
    registers: NotRequired[list[RegisterSet]]


class MeterValues(TypedDict):
    """The values of one register of a device, oldest first.

    `has_more`: the list of the device itself has more of them.
    """

    device_id: str
    name: str
    register: str
    unit: str
    values: list[Value]
    has_more: bool


class MqttCreate(TypedDict):
    """A connection to create for a broker.

    Without `project_id` it applies to every device of the organisation.
    """

    type: Literal["mqtt"]
    name: str
    settings: MqttSettings
    project_id: NotRequired[str | None]


class MqttSettings(TypedDict):
    """A broker that Penstock connects to.

    The default `port` is 1883, or 8883 with TLS.

    Certificates and the client's key are PEM texts.

    For `session_expiry_s` seconds after the connection was lost, an MQTT 5 broker stores messages for Penstock.

    Commands are published to `command_topic`: as `command` (name, parameters and id in JSON), as the `parameters`
    alone, as the bare `value` of the only parameter, or as downlinks for the `chirpstack` whose broker it is.
    """

    host: str
    subscriptions: list[Subscription]
    port: NotRequired[int | None]
    tls: NotRequired[bool]
    ca_certificate: NotRequired[str | None]
    client_certificate: NotRequired[str | None]
    client_key: NotRequired[str | None]
    username: NotRequired[str | None]
    password: NotRequired[str | None]
    client_id: NotRequired[str | None]
    protocol: NotRequired[Literal["3.1.1", "5"]]
    keep_alive_s: NotRequired[int]
    session_expiry_s: NotRequired[int]
    command_topic: NotRequired[str | None]
    command_payload: NotRequired[Literal["chirpstack", "command", "parameters", "value"]]


class NOfM(TypedDict):
    """The condition must be true at `n` of the last `m` readings."""

    n: int
    m: int


class NoData(TypedDict):
    """The device has not been seen for this long."""

    type: Literal["no_data"]
    after_s: int


class Notes(TypedDict):
    """The meters with an estimated part, those without known consumption, and the number of suspect values."""

    estimated: list[str]
    missing: list[str]
    suspects: int


class NumberBuy(TypedDict):
    """A number to buy."""

    value: str
    label: NotRequired[str]
    for_notifications: NotRequired[bool]


class Occasion(TypedDict):
    """One time the version would have run, or failed.

    `reading_id` is null if no reading caused it.
    """

    reading_id: str | None
    device_id: str | None
    cause: str
    at: str
    inputs: dict[str, Any]
    actions: list[WouldDo]
    problem: str


class OffBoarded(TypedDict):
    """What ended together with a membership."""

    user_id: str
    email: str
    sessions_ended: int
    keys_revoked: list[str]
    groups_left: list[str]


class Organization(TypedDict):
    """The caller's organisation.

    With `require_mfa` every member must have a second factor.
    """

    id: str
    name: str
    plan: str
    require_mfa: bool


class OrganizationPatch(TypedDict):
    """A change of the organisation: omitted fields are unchanged."""

    name: NotRequired[str]
    require_mfa: NotRequired[bool]


class OwnDevice(TypedDict):
    """A device assigned to the caller."""

    id: str
    name: str
    type: str
    eui: str | None
    last_seen_at: str | None


class OwnMeterAlarm(TypedDict):
    """An alarm of one of the caller's meters.

    `message` says in a sentence what is wrong.

    One that began before the device was assigned to the caller has `since` from then on, and no measured `value`.
    """

    id: str
    device_id: str
    device_name: str
    kind: Literal["continuous_flow", "burst", "back_flow", "frozen", "low_battery", "tamper"]
    state: Literal["open", "closed"]
    message: str
    since: str
    last_seen_at: str
    until: str | None
    value: float | bool | str | None
    threshold: float | None
    unit: str


class PairCode(TypedDict):
    """A code for `penstock-agent provision`.

    It works once, until `expires_at`.
    """

    device_id: str
    pair_code: str
    expires_at: str


class Pairing(TypedDict):
    """The agent that is paired with a device.

    If there is none, the other fields are null.
    """

    paired: bool
    paired_at: NotRequired[str | None]
    agent_version: NotRequired[str | None]
    macaddress: NotRequired[str | None]


class Parameter(TypedDict):
    """A parameter.

    `minimum` and `maximum` apply to numbers, the lengths to strings, `values` to an enum.
    """

    name: str
    type: Literal["boolean", "enum", "integer", "number", "object", "string"]
    description: NotRequired[str]
    required: NotRequired[bool]
    default: NotRequired[Any]
    minimum: NotRequired[float | None]
    maximum: NotRequired[float | None]
    min_length: NotRequired[int | None]
    max_length: NotRequired[int | None]
    values: NotRequired[list[str]]


class Party(TypedDict):
    """A seller or buyer, as it appears on invoices."""

    name: str
    address: list[str]
    postal_code: str
    city: str
    country: str
    vat_id: str
    registration: str
    number: str
    email: str
    phone: str
    iban: str
    bic: str
    footer: str


class PartyWrite(TypedDict):
    """A seller or buyer, as it appears on invoices.

    `country` is a code of ISO 3166-1 with two letters.

    `number` is the customer's number with the seller. Without a name or e-mail, those of the organisation, customer or
    resident appear.
    """

    name: NotRequired[str]
    address: NotRequired[list[str]]
    postal_code: NotRequired[str]
    city: NotRequired[str]
    country: NotRequired[str]
    vat_id: NotRequired[str]
    registration: NotRequired[str]
    number: NotRequired[str]
    email: NotRequired[str]
    phone: NotRequired[str]
    iban: NotRequired[str]
    bic: NotRequired[str]
    footer: NotRequired[str]


class PasswordChange(TypedDict):
    """The current password and the new one."""

    current_password: str
    new_password: str


class PaymentWrite(TypedDict):
    """When an invoice was paid, by default now, and a note about it."""

    at: NotRequired[str | None]
    note: NotRequired[str]


class Pin(TypedDict):
    """A value at a place of an image.

    Units: per cent of the image's width and height, from its upper left corner.
    """

    x: float
    y: float
    source: DashboardsSource
    field: str
    label: NotRequired[str]


Placement = TypedDict(
    "Placement",
    {
        "device_id": "str",
        "customer_id": "str | None",
        "resident_id": "str | None",
        "status": 'Literal["online", "offline", "maintenance"]',
        "from": "str | None",
    },
)
"""The placement of a device, and its standing: online, offline, or in maintenance, which is only set manually.

`from` is when the placement began; null if it has no beginning, or if there is no placement.
"""


PlacementPeriod = TypedDict(
    "PlacementPeriod",
    {
        "customer_id": "str",
        "resident_id": "str | None",
        "from": "str | None",
        "to": "str | None",
    },
)
"""A device was placed there from `from` to `to`: null is from the beginning, and until now."""


PlacementWrite = TypedDict(
    "PlacementWrite",
    {
        "customer_id": "NotRequired[str | None]",
        "resident_id": "NotRequired[str | None]",
        "from": "NotRequired[str | datetime | None]",
    },
)
"""The placement of a device: a customer, or a resident and thereby their customer.

`from` is when it began, RFC 3339 and not in the future. Omitted, it is now; the first customer of a device has its past
too.
"""


class Preferences(TypedDict):
    """What you have chosen in this organisation.

    Null means that the browser decides, or the default.

    `time_zone` is of the IANA database, `locale` a language tag (BCP 47) such as `de-AT`. `pinned` are ids of devices
    and dashboards in your order. `lists` are columns and filters by the name of a list, as the console stored them. All
    together are at most 16,384 bytes of JSON.
    """

    time_zone: str | None
    locale: str | None
    theme: Literal["system", "light", "dark", "contrast"]
    density: Literal["comfortable", "compact"]
    start_page: str | None
    pinned: list[str]
    lists: dict[str, dict[str, Any]]


class PreferencesPatch(TypedDict):
    """A change of preferences: omitted fields are unchanged; null clears a field.

    Of `lists`, those that are named are replaced, and removed by null.
    """

    time_zone: NotRequired[str | None]
    locale: NotRequired[str | None]
    theme: NotRequired[Literal["contrast", "dark", "light", "system"]]
    density: NotRequired[Literal["comfortable", "compact"]]
    start_page: NotRequired[str | None]
    pinned: NotRequired[list[str]]
    lists: NotRequired[dict[str, dict[str, Any] | None]]


class Preview(TypedDict):
    """A codec to preview: a `script`, or the codec of a profile.

    A decoder receives `bytes_hex` or `bytes_base64`, with `f_port` and, as `recvTime`, `received_at` (default: now); an
    encoder receives `data` and `f_port`. `variables` stand for a device's `settings`.
    """

    script: NotRequired[str | None]
    profile_id: NotRequired[str | None]
    function: NotRequired[Literal["decodeDownlink", "decodeUplink", "encodeDownlink"]]
    bytes_hex: NotRequired[str | None]
    bytes_base64: NotRequired[str | None]
    f_port: NotRequired[int | None]
    received_at: NotRequired[str | datetime | None]
    data: NotRequired[dict[str, Any]]
    variables: NotRequired[dict[str, Any]]


class PreviewError(TypedDict):
    """Why there is no value: `missing` if a variable has no such value, `failed` if it cannot be computed."""

    type: Literal["missing", "failed"]
    detail: str


class PreviewRow(TypedDict):
    """What would become of a row, and the name of the device or resident that it is about."""

    row: int
    outcome: Literal["made", "updated", "unchanged"]
    name: str


class Previewed(TypedDict):
    """The output of a codec: `data` of a decoder, `bytes_hex` and `f_port` of an encoder.

    If it failed, `errors` has the reasons.

    `readings` is present if the uplink has several, oldest first; `data` is then the last of them. `logs` are the lines
    that it wrote to the console, `duration_ms` is elapsed time.
    """

    data: dict[str, Any] | None
    bytes_hex: str | None
    f_port: int | None
    warnings: list[str]
    errors: list[str]
    logs: list[str]
    duration_ms: float
    readings: NotRequired[list[PreviewedReading]]


class PreviewedReading(TypedDict):
    """One of several readings in an uplink."""

    time: str
    data: dict[str, Any]


class Profile(TypedDict):
    """The caller's account.

    `role` is the one in the organisation of this session; `operator` whether they operate the server.
    """

    user_id: str
    email: str
    name: str
    role: Literal["owner", "admin", "member", "viewer", "resident", "customer_manager"]
    mfa: bool
    recovery_codes_left: int
    created_at: str
    memberships: list[Membership]
    operator: bool


class ProfileCreate(TypedDict):
    """A device profile to create.

    Without `project_id` it is created in the default project.
    """

    name: str
    project_id: NotRequired[str | None]
    device_type: NotRequired[str]
    model: NotRequired[str]
    description: NotRequired[str]
    expected_interval_s: NotRequired[int | None]
    sensors: NotRequired[list[SensorCreate]]
    registers: NotRequired[list[RegisterSet]]


class ProfilePatch(TypedDict):
    """The user's new name."""

    name: str


class ProfilesProfile(TypedDict):
    """A device profile.

    `codec_id` is the current version of its codec; null if it has none.

    `registers` are what its devices count, unless they have registers of their own.
    """

    id: str
    project_id: str
    name: str
    device_type: str
    model: str
    description: str
    expected_interval_s: int | None
    sensors: list[SensorCreate]
    codec_id: str | None
    created_at: str
    updated_at: str
    registers: list[Register]


class ProfilesProfilePatch(TypedDict):
    """A change of a profile: omitted fields are unchanged, `"expected_interval_s": null` clears the interval."""

    name: NotRequired[str]
    device_type: NotRequired[str]
    model: NotRequired[str]
    description: NotRequired[str]
    expected_interval_s: NotRequired[int | None]
    sensors: NotRequired[list[SensorCreate]]
    registers: NotRequired[list[RegisterSet]]


class Project(TypedDict):
    """A group of devices.

    `alias` is an id of 24 hexadecimal digits, `platform` the platform of its agents.
    """

    id: str
    name: str
    is_default: bool
    created_at: str
    alias: str
    platform: Literal["Raspberry Pi", "ARMv5", "ARMv6", "AMD64", "i386"]


class ProjectCreate(TypedDict):
    """A project to create.

    Set `alias` to keep the one that the project has elsewhere; otherwise one is created.
    """

    name: str
    alias: NotRequired[str | None]
    platform: NotRequired[Literal["AMD64", "ARMv5", "ARMv6", "Raspberry Pi", "i386"]]


class Provision(TypedDict):
    """A pair code, and the agent's description of itself.

    `agent_id` is a random name that the agent keeps until it is paired. With it, the call can be repeated until
    `/api/v2/agents/confirm`; without it, the code works once.
    """

    pair_code: str
    macaddress: NotRequired[str]
    agent_version: NotRequired[str]
    agent_id: NotRequired[str]


class Provisioned(TypedDict):
    """The agent's token, returned only here.

    It opens the WebSocket at `/ws` for this device and grants nothing else.
    """

    device_id: str
    token: str


class Queue(TypedDict):
    """A device's queue.

    `queued` is the number of waiting executions, `under_way` of dispatched ones that have not ended. `one_at_a_time` is
    whether the device receives a command only after the previous one has ended.
    """

    device_id: str
    one_at_a_time: bool
    queued: int
    under_way: int


class QueuePatch(TypedDict):
    """Whether the device receives a command only after the previous one has ended."""

    one_at_a_time: bool


class QueuedMessage(TypedDict):
    """An SMS that waits to be sent."""

    id: str
    status: Literal["received", "queued", "sending", "sent", "delivered", "failed", "unknown"]


QuietHours = TypedDict(
    "QuietHours",
    {
        "enabled": "bool",
        "time_zone": "str | None",
        "from": "str | None",
        "to": "str | None",
        "days": "list[int]",
        "breaks_through": 'Literal["info", "warning", "critical"] | None',
    },
)
"""The caller's quiet hours.

If `enabled` is false there are none, and the other fields are empty.
"""


QuietHoursSet = TypedDict(
    "QuietHoursSet",
    {
        "time_zone": "str",
        "from": "str",
        "to": "str",
        "days": "NotRequired[list[int]]",
        "breaks_through": 'NotRequired[Literal["critical", "warning"] | None]',
    },
)
"""When a user receives no mails of alerts and rules: days (1 Monday to 7 Sunday) and local hours in a time zone.

If the end is before the start, the span continues past midnight and belongs to the day on which it starts. Mails of at
least the severity `breaks_through` are still sent; with null, none are.
"""


class RaiseAlertAction(TypedDict):
    """Raises the alert with this name.

    `text` is a template, `value` an expression for the value of the alert event.

    The alert event belongs to the device that caused the run, or to the device in `device_id`.
    """

    type: Literal["raise_alert"]
    name: str
    text: str
    severity: NotRequired[Literal["", "critical", "high", "info", "low", "medium"]]
    value: NotRequired[str]
    device_id: NotRequired[str]


class RaisedByRule(TypedDict):
    """No condition: a rule raises the alert under this name, and clears it.

    Only rules create such alerts.
    """

    type: Literal["rule"]
    rule_id: str
    name: str


Range = TypedDict(
    "Range",
    {
        "requested_from": "str",
        "requested_to": "str",
        "from": "str",
        "to": "str",
        "retention_days": "int | None",
    },
)
"""The requested range, and the range that the plan's retention allows."""


class RateOfChange(TypedDict):
    """The change of a number from one reading to the next, per `per_s` seconds."""

    type: Literal["rate"]
    field: str
    operator: Literal["<", "<=", ">", ">=", "between", "outside"]
    value: float | list[float]
    per_s: NotRequired[int]


class Reading(TypedDict):
    """A reading.

    `data` is the payload as sent, or the requested values.
    """

    id: str
    seq: int
    device_id: str
    time: str
    received_at: str
    kind: str
    channel: str | None
    backfill: bool
    data: dict[str, Any]


class ReadingAction(TypedDict):
    """A derived reading of the device that caused the run, or of the device in `device_id`.

    `value` is an expression.
    """

    type: Literal["reading"]
    key: str
    value: str
    device_id: NotRequired[str]


class ReadingIn(TypedDict):
    """A reading on the wire.

    `data` is an object of values, nested as needed, or an array of readings of the same device. `time` is the event
    time, as RFC 3339 or as epoch seconds or milliseconds; the default is now. In a batch, `device_id` names the device
    by id, or `device` by any of its identifiers. `dedupe_key` is the sender's own key for the reading: a repeated
    delivery returns the first response.
    """

    data: dict[str, Any]
    time: NotRequired[str | float | None]
    device_id: NotRequired[str | None]
    device: NotRequired[str | None]
    kind: NotRequired[str | None]
    channel: NotRequired[str | None]
    dedupe_key: NotRequired[str | None]


class ReadingTrigger(TypedDict):
    """At each reading, or at those with one of `sensors`; with `backfill` also at backfill.

    `device_ids` and `device_type` limit a rule to some devices.
    """

    type: Literal["reading"]
    device_ids: NotRequired[list[str]]
    device_type: NotRequired[str]
    sensors: NotRequired[list[str]]
    backfill: NotRequired[bool]


class RecoveryCodes(TypedDict):
    """Recovery codes, each of which replaces a code of the second factor once.

    They are not shown again.
    """

    recovery_codes: list[str]
    warning: NotRequired[str]


Redecode = TypedDict(
    "Redecode",
    {
        "id": "str",
        "device_id": "str | None",
        "profile_id": "str | None",
        "project_id": "str | None",
        "from": "str | None",
        "to": "str | None",
        "only_failed": "bool",
        "state": 'Literal["queued", "running", "done", "failed", "cancelled"]',
        "reason": "str",
        "total": "int | None",
        "done": "int",
        "changed": "int",
        "failed": "int",
        "skipped": "int",
        "author": "str",
        "created_at": "str",
        "started_at": "str | None",
        "finished_at": "str | None",
    },
)
"""A re-decode.

`total` is the number of its uplinks, null until they are counted; `done` of them were processed. `changed` have other
values than before, `failed` could not be decoded and keep the values that they had, and `skipped` have no codec any
longer or were deleted in the meantime. `reason` states why it failed. It concerns the uplinks that had arrived when it
was created.
"""


RedecodeCreate = TypedDict(
    "RedecodeCreate",
    {
        "device_id": "NotRequired[str | None]",
        "profile_id": "NotRequired[str | None]",
        "project_id": "NotRequired[str | None]",
        "from": "NotRequired[str | None]",
        "to": "NotRequired[str | None]",
        "only_failed": "NotRequired[bool]",
    },
)
"""The uplinks to decode again: those of a device, of the devices of a profile, or of a project's devices.

Exactly one of the three ids is required. `from` and `to` limit the event times; by default all uplinks are decoded.
`only_failed` selects uplinks without values: their codec failed, or there was none.
"""


class Reference(TypedDict):
    """An earlier invoice."""

    id: str
    number: str
    issued_on: str
    period: str


class RefreshToken(TypedDict):
    """A refresh token.

    It works once; the response contains the next one.
    """

    refresh_token: str


class Refused(TypedDict):
    """How many calls of a subject a limit rejected in an hour.

    `subject` is the id of a key, user, device or organisation.
    """

    hour: str
    limit: str
    scope: Literal["account", "key", "group", "address", "device"]
    subject: str
    count: int


Register = TypedDict(
    "Register",
    {
        "name": "str",
        "kind": 'Literal["volume", "reverse_volume", "energy", "reverse_energy", "heat", "cooling", "count"]',
        "sources": "list[Source]",
        "unit": "str",
        "factor": "float",
        "decimals": "int",
        "rolls_over_at": "float | None",
        "serial": "str | None",
        "checks": "Checks",
        "from": "str | None",
        "to": "str | None",
        "first_value": "float | None",
        "last_value": "float | None",
    },
)
"""A version of a register, valid from `from` (null: the beginning) to `to` (null: without an end)."""


RegisterSet = TypedDict(
    "RegisterSet",
    {
        "name": "NotRequired[str | None]",
        "kind": 'NotRequired[Literal["cooling", "count", "energy", "heat", "reverse_energy", "reverse_volume", "volume"] | None]',
        "sources": "NotRequired[list[Source]]",
        "field": "NotRequired[str]",
        "unit": "NotRequired[str]",
        "factor": "NotRequired[float | str]",
        "decimals": "NotRequired[int]",
        "rolls_over_at": "NotRequired[float | str | None]",
        "serial": "NotRequired[str | None]",
        "checks": "NotRequired[ChecksSet]",
        "from": "NotRequired[str | None]",
        "to": "NotRequired[str | None]",
        "first_value": "NotRequired[float | str | None]",
        "last_value": "NotRequired[float | str | None]",
    },
)
"""A version of a register: what it counts, where, and from when to when.

Set `sources`, or `field` and `unit` for a single one; a register of volume without any has those of usual water meters.
`unit` is the unit of results, by default that of the first source. `factor` is what one step of the counter is, in the
source's unit. `rolls_over_at`, `first_value` and `last_value` are in the meter's own digits. Results on invoices have
at least `decimals` places.
"""


class RegisteredDevices(TypedDict):
    """The ids of the created devices.

    `has_more`: other devices still wait to be registered.
    """

    device_ids: list[str]
    has_more: bool


Rehearsal = TypedDict(
    "Rehearsal",
    {
        "id": "str",
        "rule_id": "str",
        "version_id": "str",
        "number": "int",
        "state": 'Literal["running", "done", "failed", "cancelled"]',
        "reason": "str",
        "progress": "float",
        "read": "int",
        "evaluated": "int",
        "fired": "int",
        "failed": "int",
        "devices": "int",
        "by_device": "list[DeviceCount]",
        "from": "str",
        "to": "str",
        "by_time": "list[int]",
        "first": "list[Occasion]",
        "started_at": "str",
        "finished_at": "str | None",
    },
)
"""The current state of a rehearsal.

`progress` is 0 to 1; `first` are the first 100 of `fired` and `failed`.

`by_device` has the devices with the most runs, at most 100 of the `devices` that would have run it. `by_time` counts
`fired` and `failed` in 100 equal parts of the range from `from` to `to`.

`read` counts readings, times of a schedule or events. `reason` states what was left out, or why the rehearsal ended
early.
"""


Rehearse = TypedDict(
    "Rehearse",
    {
        "from": "str | datetime",
        "to": "str | datetime",
        "version_id": "NotRequired[str | None]",
    },
)
"""The version to rehearse, by default the newest, and the range of event times."""


class RejectedDevice(TypedDict):
    """One reason why one of many devices was not created; a row can have several.

    `row` counts from 0; `field` is empty if no field is invalid.
    """

    row: int
    field: str
    code: str
    detail: str


class RemoveFactor(TypedDict):
    """The password and a code, to prove the user's identity."""

    password: str
    code: str


class Replacement(TypedDict):
    """Another meter behind a register: when, the last value of the old one, the first value and serial number of the new
    one.
    """

    register: str
    at: str
    last_value: NotRequired[float | str | None]
    first_value: NotRequired[float | str | None]
    serial: NotRequired[str | None]


class Request(TypedDict):
    """A request to read a seed.

    `until` is when it ends: while it is `open`, unless it is decided before; once it is `approved`, unless it is used
    before.
    """

    id: str
    token: str
    token_id: str
    purpose: Literal["read", "end_four_eyes"]
    reason: str
    state: Literal["open", "approved", "denied", "used", "expired"]
    requested_by: str
    created_at: str
    until: str
    decided_by: str | None
    decided_at: str | None
    used_at: str | None


class RequestCreate(TypedDict):
    """What a second person shall approve: to `read` the seed once, or to end this rule for the token (`end_four_eyes`)."""

    reason: str
    purpose: NotRequired[Literal["end_four_eyes", "read"]]


class Reset(TypedDict):
    """A new password, with the token from the mail."""

    token: str
    new_password: str


class Resident(TypedDict):
    """A person who lives at a customer's site.

    `end_user_id` is the id as a UUID, for clients that know no other form.
    """

    id: str
    end_user_id: str
    customer_id: str
    name: str
    email: str
    created_at: str


class ResidentCreate(TypedDict):
    """A resident to add to a customer."""

    name: str
    email: str


class Restore(TypedDict):
    """The reason for restoring a version."""

    note: NotRequired[str]


class RoleChange(TypedDict):
    """A member's new role."""

    role: Literal["admin", "member", "owner", "viewer"]


class RotateSecret(TypedDict):
    """For how many seconds the previous secret remains valid: at most seven days."""

    overlap_s: NotRequired[int]


class RowError(TypedDict):
    """One reason why a row of a batch was rejected; a row can have several.

    `row` counts from 0.

    An array of readings as `data` counts as a row for each of them, and `field` names the element, as in
    `data[3].time`.
    """

    row: int
    code: str
    detail: str
    field: NotRequired[str]


class Rule(TypedDict):
    """A rule.

    `state` is draft, running, stopped or force_stopped, with the reason. `running_version_id` is the deployed version,
    `failures` the number of consecutive failed runs, `next_at` the next time of its schedule.
    """

    id: str
    name: str
    description: str
    state: Literal["draft", "running", "stopped", "force_stopped"]
    reason: str
    running_version_id: str | None
    last_number: int
    failures: int
    next_at: str | None
    hook_id: str | None
    trashed_at: str | None
    evaluation_errors: EvaluationErrors
    created_at: str
    updated_at: str


RuleAction = Union[
    "RulesCommandAction | RulesWebhookAction | RulesEmailAction | RulesSmsAction | RulesChatAction | LabelAction | ReadingAction | RaiseAlertAction | ClearAlertAction"
]


class RuleCreate(TypedDict):
    """A rule to create.

    It does not run until a version is deployed.
    """

    name: str
    definition: Definition
    description: NotRequired[str]
    note: NotRequired[str]


class RuleDocument(TypedDict):
    """An exported rule.

    The ids of devices inside belong to the organisation that it comes from.
    """

    name: str
    definition: Definition
    description: NotRequired[str]
    format: NotRequired[Literal["penstock.rule/1"]]


class RulePatch(TypedDict):
    """A change of a rule: omitted fields are unchanged.

    A different definition is saved as a new version, with the note.
    """

    name: NotRequired[str]
    description: NotRequired[str]
    definition: NotRequired[Definition]
    note: NotRequired[str]


RuleTrigger = Union["ReadingTrigger | ConnectivityTrigger | ScheduleTrigger | HookTrigger | EventTrigger"]


class RuleWithVersion(TypedDict):
    """A rule with its newest version."""

    id: str
    name: str
    description: str
    state: Literal["draft", "running", "stopped", "force_stopped"]
    reason: str
    running_version_id: str | None
    last_number: int
    failures: int
    next_at: str | None
    hook_id: str | None
    trashed_at: str | None
    evaluation_errors: EvaluationErrors
    created_at: str
    updated_at: str
    newest: Version


class RulesChatAction(TypedDict):
    """A message in the chat channel with this name.

    `text` is a template.
    """

    type: Literal["chat"]
    channel: str
    text: str
    severity: NotRequired[Literal["", "critical", "high", "info", "low", "medium"]]


class RulesCommandAction(TypedDict):
    """A command, by name, for the device that caused the run, or for the device in `device_id`."""

    type: Literal["command"]
    command: str
    parameters: NotRequired[dict[str, Any]]
    device_id: NotRequired[str]


class RulesEmailAction(TypedDict):
    """A mail to each of these addresses.

    `subject` and `text` are templates.
    """

    type: Literal["email"]
    to: list[str]
    subject: str
    text: str
    severity: NotRequired[Literal["", "critical", "high", "info", "low", "medium"]]


class RulesSmsAction(TypedDict):
    """A text message to each of these numbers.

    `text` is a template.
    """

    type: Literal["sms"]
    to: list[str]
    text: str


class RulesWebhookAction(TypedDict):
    """A POST to a URL.

    `url` and `body` are templates; without `body` the rule's variables are sent.
    """

    type: Literal["webhook"]
    url: str
    body: NotRequired[str]


class Run(TypedDict):
    """One time a rule executed its actions, or failed to: its cause, its input, the results of its actions and its
    duration.
    """

    id: str
    rule_id: str
    version_id: str
    number: int
    cause: str
    device_id: str | None
    outcome: Literal["pending", "done", "failed", "cancelled", "skipped"]
    reason: str
    inputs: dict[str, Any]
    results: list[ActionResult]
    at: str
    created_at: str
    finished_at: str | None
    duration_ms: float | None


class RunCreate(TypedDict):
    """The period to close, and for which customers; null: all that are invoiced for periods of this length."""

    period: str
    customer_ids: NotRequired[list[str] | None]


class ScheduleTrigger(TypedDict):
    """On a schedule: `cron` has five fields, in `time_zone`."""

    type: Literal["schedule"]
    device_ids: NotRequired[list[str]]
    device_type: NotRequired[str]
    cron: str
    time_zone: NotRequired[str]


class ScopeInfo(TypedDict):
    """A scope and what it allows."""

    name: str
    description: str


class SecondStep(TypedDict):
    """The code of an authenticator app, or a recovery code, with the token of the first step."""

    mfa_token: str
    code: str


class Secret(TypedDict):
    """A secret, without its value.

    `name` is null for a managed secret: it belongs to the only entry of `used_by`, where it is changed. `used_by` has
    the first ten uses, and `uses` is the number of all. `version` is the current one.
    """

    id: str
    name: str | None
    managed: bool
    description: str
    version: int
    uses: int
    used_by: list[SecretUse]
    created_by: str
    created_at: str
    updated_at: str


class SecretContent(TypedDict):
    """The value of a version of a secret."""

    version: int
    value: str


class SecretCreate(TypedDict):
    """A secret to create.

    The name never changes: `secret://NAME` refers to it. The value is text of at most 64 KiB.
    """

    name: str
    value: str
    description: NotRequired[str]


class SecretPatch(TypedDict):
    """A change of a secret.

    Its value is changed by adding a version.
    """

    description: str


class SecretUse(TypedDict):
    """What uses a secret: its kind, its id, and its field."""

    kind: Literal["connection", "channel", "webhook", "token", "sms_account"]
    id: str
    field: str


class SecretVersion(TypedDict):
    """A version of a secret, without its value."""

    version: int
    created_by: str
    created_at: str


class SecretVersionCreate(TypedDict):
    """A new value, which replaces the current one."""

    value: str


class SeedToRotate(TypedDict):
    """The new seed in base32.

    Without it, a random one is generated.
    """

    secret: NotRequired[str | None]


class Sensor(TypedDict):
    """One named value of a device.

    `declared` is false if it was only discovered in readings.

    `decimals` is how many people see; null: as many as were measured.
    """

    id: str
    device_id: str
    key: str
    name: str
    unit: str
    value_type: Literal["integer", "float", "string", "boolean"]
    decimals: int | None
    declared: bool
    created_at: str
    updated_at: str


class SensorCreate(TypedDict):
    """A sensor to declare.

    `key` is the dot path of the value in the device's readings.

    `decimals` is how many of its values' decimals people see; null: as many as were measured. Readings keep all.
    """

    key: str
    name: NotRequired[str]
    unit: NotRequired[str]
    value_type: NotRequired[Literal["boolean", "float", "integer", "string"]]
    decimals: NotRequired[int | None]


class SensorDeclare(TypedDict):
    """A sensor to declare on a device.

    `key` is the dot path of the value in the device's readings. With `template_id` the fields that are omitted are
    those of the sensor template.
    """

    key: NotRequired[str]
    name: NotRequired[str]
    unit: NotRequired[str]
    value_type: NotRequired[Literal["boolean", "float", "integer", "string"]]
    decimals: NotRequired[int | None]
    template_id: NotRequired[str | None]


class SensorPatch(TypedDict):
    """A change of a sensor: omitted fields are unchanged, null clears `decimals`."""

    name: NotRequired[str]
    unit: NotRequired[str]
    value_type: NotRequired[Literal["boolean", "float", "integer", "string"]]
    decimals: NotRequired[int | None]


class SensorTemplate(TypedDict):
    """A sensor to declare on devices.

    Templates of the `system` cannot be changed and have no times.
    """

    id: str
    name: str
    key: str
    unit: str
    value_type: Literal["integer", "float", "string", "boolean"]
    decimals: int | None
    description: str
    system: bool
    created_at: str | None
    updated_at: str | None


class SensorTemplateCreate(TypedDict):
    """A sensor template to create.

    `key` is the normalised name of the value, as in readings.

    `decimals` is how many of its values' decimals people see; null: as many as were measured.
    """

    name: str
    key: str
    unit: NotRequired[str]
    value_type: NotRequired[Literal["boolean", "float", "integer", "string"]]
    decimals: NotRequired[int | None]
    description: NotRequired[str]


class SensorTemplatePatch(TypedDict):
    """A change of a sensor template: omitted fields are unchanged, null clears `decimals`."""

    name: NotRequired[str]
    key: NotRequired[str]
    unit: NotRequired[str]
    value_type: NotRequired[Literal["boolean", "float", "integer", "string"]]
    decimals: NotRequired[int | None]
    description: NotRequired[str]


class Session(TypedDict):
    """A sign-in.

    `current` is true for the session of this call.
    """

    id: str
    user_id: str
    current: bool
    methods: list[str]
    address: str
    user_agent: str
    created_at: str
    last_used_at: str
    expires_at: str


class SetDeviceRoute(TypedDict):
    """The connection through which a device is reached, and its ids at the external server.

    Omitted ids are unchanged.
    """

    connection_id: str
    device_name: NotRequired[str | None]


class Setup(TypedDict):
    """The token of the link that the server printed, the name of the first organisation, and the account of its owner."""

    token: str
    organization: str
    email: str
    password: str


class SetupDone(TypedDict):
    """The first organisation.

    The key has all permissions there; its value is returned only here.
    """

    organization_id: str
    organization_name: str
    project_id: str
    user_id: str
    email: str
    plan: str
    key_id: str
    api_key: str
    warning: NotRequired[str]


class Share(TypedDict):
    """A share link, without its token.

    `token_prefix` is how the token begins, `uses` how often the dashboard was opened.
    """

    id: str
    dashboard_id: str
    name: str
    token_prefix: str
    variables: dict[str, str]
    allow_embed: list[str]
    expires_at: str
    created_by: str
    created_at: str
    last_used_at: str | None
    uses: int


class ShareCreate(TypedDict):
    """A share link to create.

    It ends at `expires_at`, or after `expires_in_s` seconds; within a year.

    `variables` are the values with which it is shown. `allow_embed` are the origins, such as `https://example.org`,
    whose pages may show it in a frame.
    """

    expires_at: NotRequired[str | datetime | None]
    expires_in_s: NotRequired[int | None]
    name: NotRequired[str]
    variables: NotRequired[dict[str, str]]
    allow_embed: NotRequired[list[str]]


SharedDashboard = TypedDict(
    "SharedDashboard",
    {
        "name": "str",
        "description": "str",
        "range": "str | None",
        "from": "str | None",
        "to": "str | None",
        "live": "bool",
        "refresh_s": "int | None",
        "widgets": "list[SharedWidget]",
        "allow_embed": "list[str]",
        "expires_at": "str",
    },
)
"""A dashboard as visitors with a share link see it, without buttons that send commands."""


class SharedWidget(TypedDict):
    """A widget of a shared dashboard.

    `options` are those of its type, without what names devices.
    """

    id: str
    type: Literal["last_value", "gauge", "chart", "table", "map", "status_grid", "image", "text", "command_button"]
    title: str
    x: int
    y: int
    w: int
    h: int
    options: dict[str, Any]
    image_at: str | None


ShownAlertCondition = Union[
    "Threshold | ValueChange | RateOfChange | NoData | Connectivity | Geofence | Expression | RaisedByRule"
]


class Shred(TypedDict):
    """Confirms that keys are to be destroyed, by the name of the organisation."""

    organization_name: str


class SignIn(TypedDict):
    """The credentials.

    Without `organization_id` the session is in the organisation that the user joined first.
    """

    email: str
    password: str
    organization_id: NotRequired[str | None]


class SignedIn(TypedDict):
    """The tokens of a session.

    Send the access token in `Authorization: Bearer`; `expires_in` is in seconds.

    With `mfa_required` there is no session yet: send `mfa_token` and a code to the second step. With
    `enrolment_required` the organisation requires a second factor, and all other calls are rejected until one is
    enrolled.
    """

    mfa_required: bool
    access_token: NotRequired[str | None]
    token_type: NotRequired[str | None]
    expires_in: NotRequired[int | None]
    refresh_token: NotRequired[str | None]
    session_id: NotRequired[str | None]
    organization_id: NotRequired[str | None]
    user_id: NotRequired[str | None]
    role: NotRequired[Literal["owner", "admin", "member", "viewer", "resident", "customer_manager"] | None]
    enrolment_required: NotRequired[bool]
    mfa_token: NotRequired[str | None]


class SmppCreate(TypedDict):
    """An account to create for a message centre that speaks SMPP 3.4."""

    kind: Literal["smpp"]
    name: str
    settings: SmppSettings


class SmppSettings(TypedDict):
    """A message centre that speaks SMPP 3.4, to which Penstock connects as a transceiver.

    The default `port` is 2775, or 3550 with TLS. `window` is how many submitted messages can wait for their response.
    `alphabet` is what the message centre means by its default alphabet (data_coding 0). `receipt_ids` is how delivery
    receipts write the id of a message: as its response did, or in decimal or hexadecimal where that did the other.
    `ca_pem` has the trusted authorities.
    """

    host: str
    system_id: str
    password: NotRequired[str | None]
    port: NotRequired[int | None]
    tls: NotRequired[bool]
    ca_pem: NotRequired[str | None]
    system_type: NotRequired[str]
    window: NotRequired[int]
    alphabet: NotRequired[Literal["gsm7", "latin1"]]
    receipt_ids: NotRequired[Literal["decimal", "hex", "same"]]


SmsAccountCreate = Union["LogCreate | TwilioCreate | SmppCreate"]


class SmsAccountsLink(TypedDict):
    """The state of an account.

    `ready` if it has no connection of its own; else `connecting`, `connected`, `waiting` for the next attempt, or
    `stopped`. `last_error` remains after it is over.
    """

    state: Literal["ready", "connecting", "connected", "waiting", "stopped"]
    since: str | None
    retry_at: str | None
    last_error: str | None
    last_error_at: str | None


class SmsAction(TypedDict):
    """A text message to each of these numbers (E.164).

    `text` is a template.
    """

    type: Literal["sms"]
    to: list[str]
    on_clear: NotRequired[bool]
    text: NotRequired[str]


class Snooze(TypedDict):
    """A snoozed alert.

    `device_id` is null if it is snoozed on every device.
    """

    alert_id: str
    device_id: str | None
    until: str
    note: str
    snoozed_by: str
    snoozed_at: str


class SnoozeSet(TypedDict):
    """A snooze: `until` a time, or `for_s` seconds.

    With `device_id` only on this device.
    """

    until: NotRequired[str | datetime | None]
    for_s: NotRequired[int | None]
    note: NotRequired[str]
    device_id: NotRequired[str | None]


class Source(TypedDict):
    """A field of readings that holds the counter, by its dot path, and its unit."""

    field: str
    unit: str


class StandingWrite(TypedDict):
    """The standing of a device.

    `online` removes a standing that was set before.
    """

    status: Literal["maintenance", "offline", "online"]


class StartedImport(TypedDict):
    """An import, and the result of a dry run.

    `faults` are the first ones, `next_cursor` is that of the list of faults; `preview` are the first rows without one.
    All three are empty if it was not a dry run: the import then runs in the background.
    """

    id: str
    kind: Literal["devices", "registers", "residents", "placements"]
    dry_run: bool
    state: Literal["queued", "running", "done", "cancelled"]
    rows: int
    done: int
    valid: int
    made: int
    updated: int
    unchanged: int
    failed: int
    author: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    faults: list[Fault]
    next_cursor: str | None
    preview: list[PreviewRow]


class StateChange(TypedDict):
    """A state of an execution, with its time and reason."""

    state: Literal["queued", "sent", "received", "done", "failed", "expired", "cancelled"]
    at: str
    reason: str


Statement = TypedDict(
    "Statement",
    {
        "tier": "str",
        "from": "str",
        "to": "str",
        "active_devices": "int",
        "included_devices": "int",
        "overage_devices": "int",
        "base_cost": "str",
        "overage_cost": "str",
        "total_cost": "str",
        "currency": "str",
        "id": "str",
        "month": "str",
        "created_at": "str",
        "parts": "list[StatementPart]",
    },
)
"""The bill of a completed month.

It never changes; its parts add up to `total_cost`.
"""


class StatementPart(TypedDict):
    """A customer's part of a statement; null: of devices without a customer.

    `customer` is empty if the customer was deleted.
    """

    customer_id: str | None
    customer: str
    active_devices: int
    amount: str


class StatusGridOptions(TypedDict):
    """Whether devices are online, and their open alerts."""

    type: Literal["status_grid"]
    source: DashboardsSource


class Stop(TypedDict):
    """The reason for stopping a rule."""

    reason: NotRequired[str]


class Stored(TypedDict):
    """The outcome of one reading.

    `status` is `stored`, `duplicate` or `quarantined`.
    """

    id: str
    seq: int
    device_id: str
    time: str
    status: Literal["stored", "duplicate", "quarantined"]
    backfill: bool


class Subscription(TypedDict):
    """A subscription at a broker.

    `topic` may contain MQTT's wildcards in addition to the placeholders. The device is named by `{{deviceId}}` in it,
    or by a value of the payload at the dot path `device_id_path`, or by the payload's own form (`lorawan`: a network
    server's event, such as those of ChirpStack's MQTT integration). `json` is an object of values, `text` one value,
    `auto` detects which. `acknowledgement` is for devices' responses to commands.

    `availability` is a message that says whether the device is online, as a last will does. It says so by one of the
    usual words or by one of `online_values` or `offline_values`, in any case; any other is counted as a fault of the
    device.
    """

    topic: str
    qos: NotRequired[Literal[0, 1, 2]]
    payload: NotRequired[Literal["acknowledgement", "auto", "availability", "json", "lorawan", "text"]]
    device_id_path: NotRequired[str | None]
    time_path: NotRequired[str | None]
    online_values: NotRequired[list[str]]
    offline_values: NotRequired[list[str]]


class Summary(TypedDict):
    """Numbers of open alert events: raised and acknowledged ones."""

    open: int
    raised: int
    acknowledged: int
    by_severity: BySeverity


class Switch(TypedDict):
    """Another organisation of the user."""

    organization_id: str


class System(TypedDict):
    """The server."""

    version: str
    durability: Literal["full", "relaxed"]
    disk: Disk
    checks: list[Check]
    followers: list[Follower]


class TableOptions(TypedDict):
    """Rows of values: the `latest` of each device, or the `readings` of the devices in the range, newest first."""

    type: Literal["table"]
    source: DashboardsSource
    fields: list[str]
    show: NotRequired[Literal["latest", "readings"]]
    rows: NotRequired[int]


class Tamper(TypedDict):
    """One of `fields` is true.

    A field may end in `.*`: everything below it.
    """

    enabled: NotRequired[bool | None]
    fields: NotRequired[list[str] | None]


class Target(TypedDict):
    """The monitored devices: set one of the four.

    With `labels`, the devices that have all of them.
    """

    devices: NotRequired[list[str] | None]
    project_id: NotRequired[str | None]
    labels: NotRequired[dict[str, str] | None]
    all: NotRequired[bool]


class Tariff(TypedDict):
    """Prices in a currency, by the days from which they hold."""

    id: str
    name: str
    currency: str
    versions: list[TariffsVersion]
    created_at: str
    updated_at: str


TariffCreate = TypedDict(
    "TariffCreate",
    {
        "name": "str",
        "currency": "str",
        "from": "str",
        "to": "NotRequired[str | None]",
        "items": "NotRequired[list[ItemWrite]]",
        "standing": "NotRequired[list[ChargeWrite]]",
        "minimum": "NotRequired[ChargeWrite | None]",
    },
)
"""A tariff to create, with its first version.

`currency` is a code of ISO 4217.
"""


class TariffPatch(TypedDict):
    """A change of a tariff's name.

    Prices are changed by another version.
    """

    name: str


TariffsVersion = TypedDict(
    "TariffsVersion",
    {
        "from": "str",
        "to": "str | None",
        "items": "list[Item]",
        "standing": "list[Charge]",
        "minimum": "Charge | None",
    },
)
"""Prices that hold from the day `from` until the day `to` (not included); null: until another version begins."""


class TextOptions(TypedDict):
    """A text in Markdown.

    It is stored as it is.
    """

    type: Literal["text"]
    text: str


class ThinPoint(TypedDict):
    """One measured value that was selected for the chart."""

    time: str
    value: float


class ThingsStackCreate(TypedDict):
    """A connection to create for The Things Stack 3.

    Without `project_id` it applies to every device of the organisation.
    """

    type: Literal["things_stack"]
    name: str
    project_id: NotRequired[str | None]
    settings: NotRequired[ThingsStackSettings]


class ThingsStackDownlink(TypedDict):
    """Downlinks over The Things Stack's webhook API: `url` is the cluster's, such as https://eu1.cloud.thethings.network."""

    url: str
    application_id: str
    webhook_id: str
    api_key: NotRequired[str | None]


class ThingsStackSettings(TypedDict):
    """The Things Stack 3 with a webhook."""

    downlink: NotRequired[ThingsStackDownlink | None]


class Thinned(TypedDict):
    """The selected points, with their range."""

    data: list[ThinPoint]
    field: str
    query: Range


class Threshold(TypedDict):
    """A value on one side of a bound.

    `between` and `outside` have two bounds, which count as inside.
    """

    type: Literal["threshold"]
    field: str
    operator: Literal["!=", "<", "<=", "==", ">", ">=", "between", "outside"]
    value: int | float | bool | str | list[float]


class Ticket(TypedDict):
    """A credential for one stream, for browsers, which cannot set headers.

    It must be used before `expires_at`, and then works for a day for the same browser and stream.
    """

    ticket: str
    expires_at: str


class Tier(TypedDict):
    """A price up to a consumption per calendar month; `up_to` is null on the last tier."""

    up_to: str | None
    price: str


class TierWrite(TypedDict):
    """A price that applies up to a consumption per calendar month, in the item's unit.

    The last tier has no `up_to`.
    """

    price: float | str
    up_to: NotRequired[float | str | None]


class Token(TypedDict):
    """A token, without its seed.

    `rotate_reason` says why the seed should be replaced; null if it need not.

    With `four_eyes` a second person must approve before the seed is shown. `created_by` is a user or a key.
    """

    id: str
    name: str
    issuer: str
    account: str
    description: str
    algorithm: str
    digits: int
    period_s: int
    four_eyes: bool
    rotate_reason: str | None
    groups: list[TokenGroup]
    created_by: str
    created_at: str
    updated_at: str


class TokenCreate(TypedDict):
    """A token to create, from its `secret` in base32 or an `otpauth://` URI, which also has the issuer and the parameters.

    `name` is 1 to 63 of a-z, 0-9, `.`, `_` and `-`.
    """

    name: str
    secret: NotRequired[str]
    uri: NotRequired[str]
    issuer: NotRequired[str]
    account: NotRequired[str]
    description: NotRequired[str]
    algorithm: NotRequired[str]
    digits: NotRequired[int]
    period_s: NotRequired[int]
    four_eyes: NotRequired[bool]


class TokenExport(TypedDict):
    """What to export: all tokens, or those with some `names`.

    `penstock` is a file that is encrypted with the `passphrase` of at least 12 characters. `otpauth` is a text with one
    URI per line, which is not encrypted.
    """

    format: NotRequired[Literal["otpauth", "penstock"]]
    passphrase: NotRequired[str | None]
    names: NotRequired[list[str] | None]


class TokenFile(TypedDict):
    """A file of tokens to import.

    `format` is that of the content: `otpauth` and `google` are texts with one URI per line, `aegis` and `2fas` are
    backups of these apps, `penstock` is a file that was exported here. An encrypted file needs its `passphrase`.
    `conflict` says what to do with a token whose name exists: `skip` it, `rename` it, or `replace` the seed of the
    existing one, which needs the scope tokens:seed.
    """

    format: Literal["2fas", "aegis", "google", "otpauth", "penstock"]
    content: str
    passphrase: NotRequired[str | None]
    conflict: NotRequired[Literal["rename", "replace", "skip"]]
    dry_run: NotRequired[bool]


class TokenGroup(TypedDict):
    """A group to which a token is granted."""

    id: str
    name: str


class TokenImportResult(TypedDict):
    """The outcome of the entries of a file, in its order; in a dry run the expected one."""

    dry_run: bool
    counts: ImportCounts
    entries: list[ImportedToken]


class TokenPatch(TypedDict):
    """A change of a token: omitted fields are unchanged."""

    name: NotRequired[str]
    issuer: NotRequired[str]
    account: NotRequired[str]
    description: NotRequired[str]
    four_eyes: NotRequired[bool]


class TokenPicture(TypedDict):
    """A picture of QR codes, PNG or JPEG, in base64.

    It can also be sent as it is, with its own media type.
    """

    picture: str


class TokenSeed(TypedDict):
    """The seed of a token, in base32 and in a URI for authenticator apps."""

    name: str
    secret: str
    uri: str
    algorithm: str
    digits: int
    period_s: int


class TwilioCreate(TypedDict):
    """An account to create for Twilio."""

    kind: Literal["twilio"]
    name: str
    settings: TwilioSettings


class TwilioSettings(TypedDict):
    """An account at Twilio.

    `base_url` is that of another region, or of a server with the same API.
    """

    account_sid: str
    auth_token: NotRequired[str | None]
    base_url: NotRequired[str]


class Unregistered(TypedDict):
    """A device that reported and is not registered.

    `readings` is the number of its readings that are stored.
    """

    eui: str
    customer_id: str | None
    device_name: str | None
    tenant_name: str | None
    network: str
    first_seen_at: str
    last_seen_at: str
    readings: int


class Usage(TypedDict):
    """The usage in one bucket.

    `id` is null for the organisation, and for usage of deleted keys; users are counted together.

    `calls` are calls of the APIs; `bytes` are the bytes of stored payloads, and for a key those of request bodies.
    `refused` are calls that a limit rejected; they are not part of `calls`. `webhooks` are delivered messages, of the
    organisation or a project. `sms` are those sent for alerts and rules.
    """

    start: str
    id: str | None
    calls: int
    readings: int
    data_points: int
    bytes: int
    refused: int
    webhooks: int
    sms: int


class Value(TypedDict):
    """A value of a register.

    `reason` says why it is suspect; `original` is what the device reported, if it did.
    """

    time: str
    value: float | None
    unit: str
    status: Literal["valid", "suspect", "edited", "void"]
    reason: Literal["not_a_number", "negative", "out_of_range", "zero", "fall", "spike", "duplicate_time", "clock"] | None
    original: Any
    edit: Edit | None


class ValueChange(TypedDict):
    """A value that differs from the previous one; for a number, by more than `by`."""

    type: Literal["change"]
    field: str
    by: NotRequired[float]


class Variable(TypedDict):
    """A value that viewers select.

    The widgets that name it show the `device` with this id, or the devices with this `label`.

    The devices to select from are those with `labels`. Of a variable of the kind `label`, `label_key` is the key of the
    label.
    """

    name: str
    kind: Literal["device", "label"]
    label: NotRequired[str]
    label_key: NotRequired[str]
    labels: NotRequired[dict[str, str]]
    default: NotRequired[str]


class VariableOption(TypedDict):
    """A value that a variable can have, and what to show for it."""

    value: str
    name: str


class VariableOptions(TypedDict):
    """The values that a variable can have."""

    data: list[VariableOption]


class VatSum(TypedDict):
    """The VAT of all lines with one rate, in per cent."""

    rate: str
    net: str
    vat: str


class Verification(TypedDict):
    """The result of verifying `rows` entries, up to `seq` with `hash`.

    `fault` says what is wrong if they are not `intact`.

    With `next_cursor` more entries follow, which the next call verifies.
    """

    intact: bool
    rows: int
    seq: int
    hash: str
    fault: str | None
    next_cursor: str | None


class Version(TypedDict):
    """One saved state of a rule.

    Only its name can change. `restored_number` is the version that was restored.
    """

    id: str
    rule_id: str
    number: int
    name: str
    author: str
    author_name: str
    note: str
    restored_number: int | None
    definition: Definition
    created_at: str


VersionCreate = TypedDict(
    "VersionCreate",
    {
        "from": "str",
        "to": "NotRequired[str | None]",
        "items": "NotRequired[list[ItemWrite]]",
        "standing": "NotRequired[list[ChargeWrite]]",
        "minimum": "NotRequired[ChargeWrite | None]",
    },
)
"""Prices that hold from a day until the next version begins, or until the day `to` (not included) if that is earlier.

`standing` are charges for each day on which there is a meter. If all lines together are less than `minimum`, the
difference is added.
"""


class VersionPatch(TypedDict):
    """A version's new name."""

    name: str


class WatchedSettings(TypedDict):
    """The settings of alarms: `own` are set here, `effective` are those that apply."""

    own: AlarmSettings
    effective: AlarmSettings


class Webhook(TypedDict):
    """An endpoint.

    Only the names of its headers are returned, because their values can be credentials.

    `disabled_reason` is by_hand, gone (it responded with 410) or failing. `failing_since` is the first failure since
    the last success, and `failures` counts those since then. Nothing is sent before `paused_until`; null if it is not
    paused. Then one message is tried. `secret_references` are the names of the secrets that `secret` and headers refer
    to, by field.
    """

    id: str
    organization_id: str
    project_id: str | None
    name: str
    url: str
    format: str
    topics: list[str]
    filters: WebhookFilters
    headers: list[str]
    secret_references: dict[str, str]
    ordered: bool
    payload_only: bool
    batch: WebhookBatch | None
    enabled: bool
    disabled_reason: str | None
    failing_since: str | None
    failures: int
    paused_until: str | None
    previous_secret_until: str | None
    evaluation_errors: EvaluationErrors
    created_at: str
    updated_at: str


class WebhookAction(TypedDict):
    """Webhooks receive every alert through their subscription.

    This action only states so; it has no effect.
    """

    type: Literal["webhook"]
    on_clear: NotRequired[bool]


class WebhookAttempt(TypedDict):
    """One attempt to deliver a message.

    `status` is null if no response was received, and `error` states why.
    """

    id: str
    at: str
    latency_ms: float
    status: int | None
    error: str | None
    response: str


class WebhookBatch(TypedDict):
    """Readings are sent in batches: at this number of readings, or this time after the first."""

    readings: int
    wait_s: NotRequired[int]


class WebhookCreate(TypedDict):
    """An endpoint to create.

    Without `secret` one is generated; with `project_id` it receives only the events of that project.

    `ordered` sends the messages of each device one at a time, in order. `payload_only` applies to formats that have it.
    """

    url: str
    topics: list[str]
    name: NotRequired[str]
    format: NotRequired[Literal["iottly", "kaito", "siliconwit", "standard"]]
    project_id: NotRequired[str | None]
    filters: NotRequired[WebhookFilters]
    headers: NotRequired[dict[str, str]]
    ordered: NotRequired[bool]
    payload_only: NotRequired[bool]
    batch: NotRequired[WebhookBatch | None]
    secret: NotRequired[str | None]
    enabled: NotRequired[bool]


class WebhookFilters(TypedDict):
    """Filters for the events of an endpoint's topics.

    An omitted filter matches everything.

    `actions` apply to `audit.event` and can end in `*`; `channel` and `origin` apply to readings. `condition` is CEL
    over `event` (`type`, `data`) and `device` (`id`, `name`, `type`, `labels`, `project_id`).
    """

    device_ids: NotRequired[list[str]]
    labels: NotRequired[dict[str, str]]
    actions: NotRequired[list[str]]
    channel: NotRequired[str | None]
    origin: NotRequired[Literal["agent", "user"] | None]
    condition: NotRequired[str | None]


class WebhookMessage(TypedDict):
    """An event for an endpoint.

    `id` is the message's id for receivers; it is the same in every attempt.

    `failed` is a dead letter: all attempts failed. `expired`: its payload has been deleted. `payload` is null then, and
    in lists.
    """

    id: str
    webhook_id: str
    topic: str
    status: Literal["pending", "delivered", "failed", "expired"]
    attempts: int
    last_status: int | None
    created_at: str
    next_attempt_at: str | None
    settled_at: str | None
    payload: str | None


class WebhookPatch(TypedDict):
    """A change of an endpoint: omitted fields are unchanged, null clears a field.

    Headers and filters are replaced as a whole.
    """

    url: NotRequired[str]
    topics: NotRequired[list[str]]
    name: NotRequired[str]
    project_id: NotRequired[str | None]
    filters: NotRequired[WebhookFilters | None]
    headers: NotRequired[dict[str, str] | None]
    ordered: NotRequired[bool]
    payload_only: NotRequired[bool]
    batch: NotRequired[WebhookBatch | None]


WebhookReplay = TypedDict(
    "WebhookReplay",
    {
        "status": 'NotRequired[Literal["any", "delivered", "failed", "pending"]]',
        "topic": "NotRequired[str | None]",
        "from": "NotRequired[str | datetime | None]",
        "to": "NotRequired[str | datetime | None]",
    },
)
"""The messages of an endpoint to replay: by default the failed ones; `any` selects all."""


class WebhookReplayed(TypedDict):
    """The number of messages that are due again."""

    messages: int


class WebhookRotate(TypedDict):
    """A new secret.

    Without `secret` one is generated; without `overlap_s` the old one also signs for one day.
    """

    secret: NotRequired[str | None]
    overlap_s: NotRequired[int | None]


class WebhookTopic(TypedDict):
    """A topic.

    `sent` is false if the topic is accepted but this version sends no events of it.
    """

    name: str
    description: str
    scope: str
    sent: bool


class Widget(TypedDict):
    """A widget of a dashboard.

    `image_at` is when its image was set; null without one.
    """

    id: str
    dashboard_id: str
    type: Literal["last_value", "gauge", "chart", "table", "map", "status_grid", "image", "text", "command_button"]
    title: str
    x: int
    y: int
    w: int
    h: int
    options: WidgetOptions
    image_at: str | None
    created_at: str
    updated_at: str


class WidgetColumn(TypedDict):
    """A column of a table.

    `decimals`: how many to show, of the sensor; null: as many as were measured.
    """

    field: str
    name: str
    unit: str
    decimals: int | None


class WidgetCreate(TypedDict):
    """A widget to add.

    Without `x` and `y` it is put below all others. Units: columns and rows of a grid of 12 columns.
    """

    options: WidgetOptions
    title: NotRequired[str]
    x: NotRequired[int | None]
    y: NotRequired[int | None]
    w: NotRequired[int]
    h: NotRequired[int]


class WidgetData(TypedDict):
    """What a widget shows.

    Of the lists, those of its type are filled.

    `values`: last_value, gauge and image. `series`: chart. `columns` and `rows`: table. `devices`: map and status_grid.
    `bucket` is null if points are readings. `truncated`: more devices are selected than the widget can show.
    """

    type: Literal["last_value", "gauge", "chart", "table", "map", "status_grid", "image", "text", "command_button"]
    query: DataRange
    bucket: str | None
    values: list[WidgetValue]
    series: list[WidgetSeries]
    columns: list[WidgetColumn]
    rows: list[WidgetRow]
    devices: list[WidgetDevice]
    truncated: bool


class WidgetDevice(TypedDict):
    """The state of a device.

    `alerts`: how many are open; null if the caller must not see them. Units: degrees (WGS 84).
    """

    device_id: str | None
    device_name: str
    missing: bool
    latitude: float | None
    longitude: float | None
    connectivity: str | None
    last_seen_at: str | None
    alerts: int | None
    severity: str | None
    value: WidgetValue | None


class WidgetFault(TypedDict):
    """Why a widget cannot be shown: the code and the message of an error."""

    code: str
    detail: str


class WidgetList(TypedDict):
    """All widgets of a dashboard, oldest first."""

    data: list[Widget]


WidgetOptions = Union[
    "LastValueOptions | GaugeOptions | ChartOptions | TableOptions | MapOptions | StatusGridOptions | ImageOptions | TextOptions | CommandButtonOptions"
]


class WidgetPatch(TypedDict):
    """A change of a widget: omitted fields are unchanged.

    `options` are replaced as a whole, also by those of another type.
    """

    options: NotRequired[WidgetOptions]
    title: NotRequired[str]
    x: NotRequired[int]
    y: NotRequired[int]
    w: NotRequired[int]
    h: NotRequired[int]


class WidgetPlace(TypedDict):
    """Where a widget is.

    Units: columns and rows of a grid of 12 columns.
    """

    widget_id: str
    x: int
    y: int
    w: int
    h: int


class WidgetPoint(TypedDict):
    """A point of a line: the time of a reading, or the start of a bucket."""

    time: str
    value: bool | float | str | None


WidgetPreview = TypedDict(
    "WidgetPreview",
    {
        "options": "WidgetOptions",
        "dashboard_id": "NotRequired[str | None]",
        "range": "NotRequired[str | None]",
        "from": "NotRequired[str | datetime | None]",
        "to": "NotRequired[str | datetime | None]",
        "timezone": "NotRequired[str]",
        "variables": "NotRequired[dict[str, str]]",
    },
)
"""A widget that is not stored.

With `dashboard_id` it has the dashboard's variables, range and project.
"""


class WidgetRow(TypedDict):
    """A row of a table, with its values by field."""

    device_id: str | None
    device_name: str
    missing: bool
    time: str | None
    values: dict[str, bool | float | str | None]


class WidgetSeries(TypedDict):
    """A line of a chart."""

    device_id: str | None
    device_name: str
    missing: bool
    field: str
    function: str
    label: str
    unit: str
    color: str
    axis: str
    points: list[WidgetPoint]


class WidgetShown(TypedDict):
    """What a widget shows, or why it cannot be shown.

    One of `data` and `error` is null.
    """

    widget_id: str
    data: WidgetData | None
    error: WidgetFault | None


class WidgetThreshold(TypedDict):
    """A level from which on a value has another colour."""

    value: float
    color: NotRequired[str]
    label: NotRequired[str]


class WidgetValue(TypedDict):
    """The latest value of a field of a device.

    `missing`: the device does not exist. `x` and `y`: where it is on an image.

    `decimals`: how many to show, of the sensor; null: as many as were measured. Those of the widget go before.
    """

    device_id: str | None
    device_name: str
    missing: bool
    field: str
    label: str
    name: str
    unit: str
    decimals: int | None
    value: bool | float | str | None
    time: str | None
    x: float | None
    y: float | None


class Window(TypedDict):
    """A value computed from a sensor's values over the last minutes; expressions read it as `window.<name>`."""

    name: str
    sensor: str
    function: Literal["avg", "count", "max", "min", "sum"]
    minutes: int


class Withdrawal(TypedDict):
    """Why an edit is withdrawn."""

    reason: str


class WouldBeRaised(TypedDict):
    """One time that the alert would have been raised.

    Without `cleared_at` it would still be raised at the end.
    """

    raised_at: str
    value: float | bool | str | None
    cleared_at: str | None
    clear_reason: Literal["condition", "quiet", "manual", "changed", "alert_deleted", "device_deleted"] | None
    clear_value: float | bool | str | None


class WouldDo(TypedDict):
    """An action that would have been executed, or why it would have failed."""

    type: str
    fields: dict[str, Any]
    problem: str
