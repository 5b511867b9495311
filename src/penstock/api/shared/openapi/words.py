"""The prose of the OpenAPI document that belongs to no single operation."""

from __future__ import annotations

TITLE = "Penstock"
DESCRIPTION = """\
One IoT API for everything you build, on your own machine.

**Keys.** Send an API key as `X-API-Key`, as `Authorization: Bearer` or as `Authentication: bearer`; all three are equivalent.
Calls of the native API also name the organisation, in `X-Organization-Id`.

**Times** are RFC 3339 in UTC. **Ids** have a prefix that shows the type of the object (`dev_…`, `prj_…`, `tel_…`).

**Errors** of the native API are problem documents (RFC 9457) with a `code` for programs and a `detail` for people. The other
APIs return the same errors in their own format.
"""
NATIVE = "Native API"
SYSTEM = "System"
OTHERS = "Other vendors' APIs"
GROUPS = {"v2": NATIVE, "system": SYSTEM}
"""The group of a surface's tags. A surface without an entry is another vendor's API."""

TAGS = {
    "Devices": "Things that send readings or receive commands: identifiers, labels, location, access tokens, pause and resume.",
    "Sensors": "The named values of a device, declared or discovered in its readings.",
    "Telemetry": "Readings: ingestion, latest, history, aggregates, thinned series, exports.",
    "Agents": "penstock-agent on a device: pair codes, the paired agent, and unpairing.",
    "Alerts": "Conditions that are monitored on devices, their events, and the actions when an alert is raised.",
    "Notifications": "Chat channels that alerts and rules post to, and quiet hours.",
    "Commands": "The commands that devices support, and their executions.",
    "Rules": "Automations: rules, their versions, runs and rehearsals, and hooks that trigger them.",
    "Expressions": "Previews of conditions and templates.",
    "Streams": "Readings as they arrive, over Server-Sent Events and WebSocket.",
    "Organisation": "The caller, its organisation and the organisation's projects.",
    "Signing in": "Exchange e-mail, password and code for tokens; reset a password; accept an invitation.",
    "Oneself": "The signed-in user's own account: name, password, second factor, sessions. Not available to API keys.",
    "Members": "The users of the organisation, their roles and sessions; off-boarding.",
    "Groups": "Sets of members of the organisation.",
    "Invitations": "Invitations by e-mail, and their status.",
    "Connections": "Readings from external servers: LoRaWAN network servers, brokers, your own HTTP server.",
    "Device profiles": "The settings shared by devices of one model: expected interval, sensors, and codec.",
    "Webhooks": "Endpoints that receive events, their messages and delivery attempts, and replay.",
    "Customers": "The customers and residents an organisation measures for, and devices that report before they are registered.",
    "Meters": "Devices that count: consumption, balances against principal meters, leak hints.",
    "Meter alarms": "Alarms of meters, such as leaks, back-flow and low batteries, and their settings by device and profile.",
    "Billing": "The cost of the month to date, and the statements of completed months.",
    "Keys": "API keys: scopes, restrictions, rotation and revocation.",
    "Audit": "Who changed what, and from where; hash-chained, so that tampering is detected.",
    "Usage": "Calls and stored readings by hour or day, and the remaining limits.",
    "System": "Health and metrics of the server, for its operator, and this documentation.",
}

PARAMETERS = {
    "device_id": "A device's id (`dev_…`).",
    "project_id": "A project's id (`prj_…`).",
    "project_alias": "A project's alias: 24 hexadecimal digits.",
    "device_uuid": "A device's id as a UUID.",
    "archive": "The archive's name, as returned by `inspect`.",
    "event_type_id": "An event type's id (`ety_…`).",
    "license_id": "A licence's id: 32 hexadecimal digits.",
    "user_id": "A user's id (`usr_…`).",
    "session_id": "A session's id (`ses_…`).",
    "group_id": "A group's id (`grp_…`).",
    "invitation_id": "An invitation's id (`inv_…`).",
    "alert_id": "The id of an alert (`alert_…`).",
    "event_id": "The id of an alert event (`evt_…`).",
    "channel_id": "A chat channel's id (`chn_…`).",
    "definition_id": "A command's id (`def_…`).",
    "execution_id": "The id of an execution (`cmd_…`).",
    "rule_id": "A rule's id (`rul_…`).",
    "version_id": "The id of a version of the rule (`rvn_…`).",
    "run_id": "The id of a run (`run_…`).",
    "rehearsal_id": "The id of a rehearsal (`reh_…`).",
    "hook_id": "The id of a hook (`hok_…`).",
    "trashed": "Whether to list the rules in the trash instead of all others.",
    "CompareQuery.version_id": "The version to compare with (`rvn_…`); by default the previous one.",
    "ExportQuery.version_id": "The version to export (`rvn_…`); by default the newest.",
    "RunQuery.device_id": "Only runs caused by this device (`dev_…`).",
    "RunQuery.outcome": "Only runs with this outcome.",
    "RunQuery.from": "Only runs caused at or after this time: RFC 3339, or epoch seconds or milliseconds.",
    "RunQuery.to": "Only runs caused before this time: RFC 3339, or epoch seconds or milliseconds.",
    "AnyRunQuery.rule_id": "Only runs of this rule (`rul_…`).",
    "AnyRunQuery.device_id": "Only runs caused by this device (`dev_…`).",
    "AnyRunQuery.outcome": "Only runs with this outcome.",
    "AnyRunQuery.from": "Only runs caused at or after this time: RFC 3339, or epoch seconds or milliseconds.",
    "AnyRunQuery.to": "Only runs caused before this time: RFC 3339, or epoch seconds or milliseconds.",
    "state": "Only those in this state.",
    "device_type": "Only those of this device type.",
    "confirm": "Whether the device confirms each receipt itself.",
    "key_id": "A key's id (`key_…`).",
    "profile_id": "A device profile's id (`prf_…`).",
    "codec_id": "A codec version's id (`cdc_…`).",
    "webhook_id": "A webhook endpoint's id (`whe_…`).",
    "message_id": "A webhook message's id (`msg_…`).",
    "WebhookQuery.project_id": "Only endpoints of this project (`prj_…`).",
    "WebhookMessageQuery.webhook_id": "Only messages to this endpoint (`whe_…`).",
    "WebhookMessageQuery.topic": "A topic such as `device.offline`, or a prefix: `device.*`.",
    "WebhookMessageQuery.status": "Only messages with this status.",
    "customer_id": "A customer's id (`cus_…`).",
    "resident_id": "A resident's id (`res_…`).",
    "connection_id": "A connection's id (`con_…`).",
    "ConnectionQuery.type": "Only connections of this type.",
    "ConnectionQuery.status": "Only connections with this status: active or paused.",
    "DeviceEventsQuery.kind": "Only events of this kind, such as `join` or `ack`.",
    "alarm_id": "A meter alarm's id (`mal_…`).",
    "MeterAlarmQuery.customer_id": "Only alarms of devices that were this customer's (`cus_…`) when they were opened.",
    "statement_id": "A statement's id (`sta_…`).",
    "estimate": "Whether days since the last reading are estimated from a usual day.",
    "role": "Only meters with this role.",
    "waiting_eui": "The EUI of an unregistered device.",
    "dev_eui": "A device's EUI: 16 hexadecimal digits, in upper or lower case.",
    "customer_uuid": "A customer's UUID.",
    "UnregisteredQuery.customer_id": "Only devices routed to this customer (`cus_…`).",
    "IngestQuery.event": "The kind of ChirpStack's event, such as `up`; if omitted, it is detected from the keys of the body.",
    "action": "A dotted name such as `apikey.create`, or a prefix followed by `*`.",
    "actor": "The actor: an e-mail, a key's name, or an id.",
    "user": "The actor: an e-mail or a key's name.",
    "target": "The target: `type:name`, or an id.",
    "outcome": "Only actions with this outcome.",
    "since": "Start, included: a length before now such as `7d`, or a time.",
    "until": "End, excluded: a length before now such as `1d`, or a time.",
    "key": "A sensor's key: the dot path of its value in the readings. It can contain slashes.",
    "kind": "The kind of identifier.",
    "value": "The identifier.",
    "name": "A file's name.",
    "limit": "Maximum number of results.",
    "limit_name": "A limit's name, such as `plan_minute`.",
    "scope": "What the limit is shared by.",
    "subject": "The subject whose calls were rejected: the id of a key, user, device or organisation.",
    "cursor": "The `next_cursor` of the previous page.",
    "from": "Start, included: RFC 3339, or epoch seconds or milliseconds.",
    "to": "End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now.",
    "range": "A length such as `90m`, `24h` or `7d` that ends now or at `to`.",
    "status": "Only those with this status.",
    "connectivity": "Only devices with this connectivity: online, offline, or never seen.",
    "type": "Only those of this type.",
    "q": "A text to search for.",
    "identifier": "An identifier as `kind:value`.",
    "label": "A label as `key:value`, such as `site:harbour`. Can be repeated: a device must have all of them.",
    "sort": "The order; descending with a leading minus sign. Devices that were never seen count as seen before all others.",
    "by": "By event time, or by arrival time.",
    "order": "Oldest or newest first.",
    "bucket": "The length of a bucket.",
    "timezone": "An IANA time zone, such as `Europe/Brussels`.",
    "functions": "The functions to compute, separated by commas.",
    "empty": "Whether buckets without readings are returned.",
    "field": "A sensor's key.",
    "points": "The number of points.",
    "format": "The format of the file.",
    "devices": "Ids of devices, separated by commas; by default all devices.",
    "project": "A project's id (`prj_…`): only readings of its devices.",
    "kinds": "Kinds of readings, separated by commas; by default all kinds.",
    "keys": "Keys of sensors, separated by commas: only readings that contain one of them.",
    "ticket": "A ticket for this one stream, instead of a key in a header.",
    "CommandQuery.project_id": "Only commands of this project (`prj_…`).",
    "CommandQuery.device_id": "Only commands of this device (`dev_…`), without those of its type.",
    "ExecutionQuery.device_id": "Only executions on this device (`dev_…`).",
    "ExecutionQuery.definition_id": "Only executions of this command (`def_…`).",
    "ExecutionQuery.from": "Only executions requested at or after this time: RFC 3339, or epoch seconds or milliseconds.",
    "ExecutionQuery.to": "Only executions requested before this time: RFC 3339, or epoch seconds or milliseconds.",
    "ConnectivityQuery.from": "Only changes at or after this time: RFC 3339, or epoch seconds or milliseconds.",
    "ConnectivityQuery.to": "Only changes before this time: RFC 3339, or epoch seconds or milliseconds.",
    "StreamQuery.alerts": "Whether to report changes of alert events and meter alarms; requires the scope `alerts:read`.",
    "AlertQuery.status": "Only alerts that are `enabled`, `disabled`, or currently raised for a device (`active`).",
    "AlertQuery.severity": "Only alerts with this severity; high, medium and low are accepted too.",
    "AlertQuery.device_id": "Only alerts that name this device (`dev_…`).",
    "AlertQuery.project_id": "Only alerts that name this project (`prj_…`).",
    "AlertQuery.text": "Only alerts with this text in name or description.",
    "EventQuery.state": "Only events that are `raised`, `acknowledged`, either of them (`open`), or `cleared`.",
    "EventQuery.severity": "Only events with this severity; high, medium and low are accepted too.",
    "EventQuery.alert_id": "Only events of this alert (`alert_…`).",
    "EventQuery.device_id": "Only events of this device (`dev_…`).",
    "EventQuery.project_id": "Only events of this project's devices (`prj_…`).",
    "EventQuery.from": "Only events raised at or after this time: RFC 3339, or epoch seconds or milliseconds.",
    "EventQuery.to": "Only events raised before this time: RFC 3339, or epoch seconds or milliseconds.",
    "HistoryQuery.state": "Only events that are `raised`, `acknowledged`, either of them (`open`), or `cleared`.",
    "HistoryQuery.device_id": "Only events of this device (`dev_…`).",
    "StreamQuery.connectivity": "Whether to report when devices come online and go offline; requires the scope `devices:read`.",
    "events": "Whether to report device events of network servers; requires the scope `devices:read`.",
    "commands": "Whether to report changes of executions; requires the scope `commands:read`.",
    "StreamQuery.cursor": "The sequence number after which to resume.",
    "fields": "Keys of sensors, separated by commas; by default all sensors.",
    "fields_after": "The `next_fields_after` of the previous response, to continue with the fields after it.",
}
"""Descriptions of parameters by name, unless their wire struct has one. `Struct.name` applies to that struct alone."""

ORGANIZATION_HEADER = "The organisation's id (`org_…`). It must be the one the key belongs to."
NOT_MODIFIED = "The object is still the one that `If-None-Match` names."
ORGANIZATION_OPTIONAL = ORGANIZATION_HEADER + " Not required with a device's access token or a ticket."

TICKET = "ticket"
"""The query parameter in which an operation accepts a ticket instead of a key."""

SECURITY = {
    "ApiKeyHeader": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "An API key (`psk_…`).",
    },
    "BearerKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key (`psk_…`) in `Authorization: Bearer`.",
    },
    "AuthenticationBearer": {
        "type": "apiKey",
        "in": "header",
        "name": "Authentication",
        "description": "An API key (`psk_…`) as `bearer <key>`, for clients that cannot set `Authorization`.",
    },
    "DeviceToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "A device's own access token (`tok_…`) in `Authorization: Bearer`.",
    },
    "StreamTicket": {
        "type": "apiKey",
        "in": "query",
        "name": TICKET,
        "description": "A ticket for one stream, for browsers, which cannot set headers on streams.",
    },
}
KEY_SCHEMES = ("ApiKeyHeader", "BearerKey", "AuthenticationBearer")

ERRORS = {
    400: "The request is invalid.",
    401: "The credential is missing, unknown, revoked or expired.",
    403: "The credential is valid, but does not allow this call.",
    404: "The object does not exist in the caller's organisation.",
    409: "The call conflicts with an existing object or its state.",
    412: "The object was changed since it was read; `If-Match` names an older version.",
    413: "The body is larger than this endpoint accepts.",
    415: "This endpoint does not accept the type or encoding of the body.",
    422: "The `Idempotency-Key` was already used with a different request.",
    429: "A limit of the plan, the key or the address is exceeded. `Retry-After` states when to retry.",
    503: "The server is temporarily unavailable; `Retry-After` states when to retry.",
}
