"""The prose of the OpenAPI document that no operation carries: what is said once for all of them."""

from __future__ import annotations

TITLE = "Penstock"
DESCRIPTION = """\
One IoT API for everything you build, on your own machine.

**Keys.** Show an API key as `X-API-Key`, as `Authorization: Bearer` or as `Authentication: bearer`; they mean the same.
Calls of the native API also name the organisation, in `X-Organization-Id`.

**Times** are RFC 3339 in UTC. **Ids** carry a prefix that tells what they are of (`dev_…`, `prj_…`, `tel_…`).

**Errors** of the native API are problem documents (RFC 9457) with a `code` to decide by and a `detail` to read. The other
APIs word the same errors in their own shape.
"""
NATIVE = "Native API"
SYSTEM = "System"
OTHERS = "Other vendors' APIs"
GROUPS = {"v2": NATIVE, "system": SYSTEM}
"""What a surface's tags are shown under; a surface that is not here is somebody else's API."""

TAGS = {
    "Devices": "What reports: identifiers, labels, location, access tokens, pause and resume.",
    "Sensors": "The named values of a device, declared or discovered from its readings.",
    "Telemetry": "Readings in, and readings out: latest, history, aggregates, charts, files.",
    "Agents": "penstock-agent on a device: pair codes, which agent speaks for a device, and the end of it.",
    "Alerts": "What is watched on devices, what was raised, and what is done about it.",
    "Notifications": "How people hear of alerts and rules: chat channels, what they took, and trying them out.",
    "Commands": "What devices can be asked to do, what they were asked, and what became of it.",
    "Rules": "What happens by itself: rules, their versions, what they did, and what they would have done.",
    "Streams": "Readings as they come in, over Server-Sent Events and WebSocket.",
    "Organisation": "Whom a credential stands for, the organisation and its projects.",
    "Signing in": "From e-mail, password and code to tokens; by mail when the password is forgotten, or one is invited.",
    "Oneself": "The person who signed in: name, password, second factor, sessions. No API key can do this.",
    "Members": "People of the organisation, their roles and sessions; off-boarding.",
    "Groups": "Sets of members, to whom things are granted together.",
    "Invitations": "Invitations by e-mail, and what became of them.",
    "Connections": "How readings come in through somebody else's server: network servers of LoRaWAN, brokers.",
    "Device profiles": "What devices of one model have in common: expected interval, sensors, and the codec of their payloads.",
    "Webhooks": "Who is told of what: endpoints, the messages to them, what came of each attempt, and sending again.",
    "Customers": "For whom an organisation measures: customers, residents, and devices that report before they are registered.",
    "Meters": "What devices count: consumption, balances against principal meters, hints at leaks.",
    "Billing": "What the month costs so far, and the statements of those before.",
    "Keys": "API keys: scopes, restrictions, rotation, and their end.",
    "Audit": "Who did what to what, from where; chained, so that any change shows.",
    "Usage": "What was called and stored, by hour or day, and what limits leave.",
    "System": "Health and metrics of the server, for whoever runs it, and this documentation.",
}

PARAMETERS = {
    "device_id": "A device's id (`dev_…`).",
    "project_id": "A project's id (`prj_…`).",
    "project_alias": "A project's alias: 24 hex digits.",
    "device_uuid": "A device's id at Iottly: a UUID.",
    "archive": "The archive's name, as `inspect` tells it.",
    "event_type_id": "An event type's id (`ety_…`).",
    "license_id": "A licence's token: 32 hex digits.",
    "user_id": "A person's id (`usr_…`).",
    "session_id": "A session's id (`ses_…`).",
    "group_id": "A group's id (`grp_…`).",
    "invitation_id": "An invitation's id (`inv_…`).",
    "alert_id": "The id of an alert (`alert_…`).",
    "event_id": "The id of an alert event (`evt_…`).",
    "channel_id": "A chat channel's id (`chn_…`).",
    "definition_id": "The id of a command's definition (`def_…`).",
    "execution_id": "The id of an execution (`cmd_…`).",
    "rule_id": "A rule's id (`rul_…`).",
    "version_id": "The id of a version of the rule (`rvn_…`).",
    "run_id": "The id of a run (`run_…`).",
    "rehearsal_id": "The id of a rehearsal (`reh_…`).",
    "hook_id": "The id of a hook (`hok_…`).",
    "trashed": "Whether to list those in the trash instead of the others.",
    "CompareQuery.version_id": "The version to compare with (`rvn_…`); the one before when it is left out.",
    "ExportQuery.version_id": "The version to export (`rvn_…`); the newest when it is left out.",
    "RunQuery.device_id": "Only those that this device caused (`dev_…`).",
    "RunQuery.outcome": "Only those that came to this.",
    "RunQuery.from": "Caused at or after: RFC 3339, or epoch seconds or milliseconds.",
    "RunQuery.to": "Caused before: RFC 3339, or epoch seconds or milliseconds.",
    "RunOfAllQuery.rule_id": "Only those of this rule (`rul_…`).",
    "RunOfAllQuery.device_id": "Only those that this device caused (`dev_…`).",
    "RunOfAllQuery.outcome": "Only those that came to this.",
    "RunOfAllQuery.from": "Caused at or after: RFC 3339, or epoch seconds or milliseconds.",
    "RunOfAllQuery.to": "Caused before: RFC 3339, or epoch seconds or milliseconds.",
    "state": "Only those in this state.",
    "device_type": "Only those of this type of device.",
    "confirm": "Whether the device confirms each receipt by itself.",
    "key_id": "A key's id (`key_…`).",
    "profile_id": "A device profile's id (`prf_…`).",
    "codec_id": "The id of a version of a codec (`cdc_…`).",
    "webhook_id": "A webhook endpoint's id (`whe_…`).",
    "message_id": "A webhook message's id (`msg_…`).",
    "WebhookQuery.project_id": "Only those of this project (`prj_…`).",
    "WebhookMessageQuery.webhook_id": "Only those to this endpoint (`whe_…`).",
    "WebhookMessageQuery.topic": "A topic such as `device.offline`, or all that begin alike: `device.*`.",
    "WebhookMessageQuery.status": "Only those in this state.",
    "customer_id": "A customer's id (`cus_…`).",
    "resident_id": "A resident's id (`res_…`).",
    "connection_id": "A connection's id (`con_…`).",
    "ConnectionQuery.type": "Only those of this type.",
    "ConnectionQuery.status": "Only those that are active, or paused.",
    "DeviceEventsQuery.kind": "Only those of this kind, such as `join` or `ack`.",
    "statement_id": "A statement's id (`sta_…`).",
    "estimate": "Whether days since the last reading are taken to be usual ones.",
    "role": "Only meters of this role.",
    "waiting_eui": "The EUI of a device that is not registered.",
    "dev_eui": "A device's EUI: 16 hex digits, in any case.",
    "customer_uuid": "A customer's UUID.",
    "UnregisteredQuery.customer_id": "Only those that were routed to this customer (`cus_…`).",
    "IngestQuery.event": "ChirpStack's kind of event, such as `up`; without it the body's keys tell.",
    "action": "A dotted word such as `apikey.create`, or the beginning of some and a `*`.",
    "actor": "Who acted: an e-mail, a key's name, or an id.",
    "user": "Who acted: an e-mail or a key's name.",
    "target": "What it was about: `type:name`, or an id.",
    "outcome": "Whether it was done.",
    "since": "Begin: a length before now such as `7d`, or a time.",
    "until": "End, not included: a length before now such as `1d`, or a time.",
    "key": "A sensor's key: the dot path of its value in the readings. It may hold slashes.",
    "kind": "The kind of identifier.",
    "value": "The identifier.",
    "name": "A file's name.",
    "limit": "How many at most.",
    "limit_name": "A limit's name, such as `plan_minute`.",
    "scope": "Who shares the limit.",
    "subject": "Who was refused: the id of a key, person or device, or the organisation's.",
    "cursor": "Where to go on: the `next_cursor` of the page before.",
    "from": "Begin, included: RFC 3339, or epoch seconds or milliseconds.",
    "to": "End, not included: RFC 3339, or epoch seconds or milliseconds. Now when it is left out.",
    "range": "A length such as `90m`, `24h` or `7d` that ends now or at `to`.",
    "status": "Only those of this status.",
    "connectivity": "Only those that are heard of lately, no longer, or never were.",
    "type": "Only those of this type.",
    "q": "A text to look for.",
    "identifier": "An identifier as `kind:value`.",
    "by": "By when it was measured, or by when it came in.",
    "order": "Oldest or newest first.",
    "bucket": "The length of a bucket.",
    "timezone": "An IANA time zone, such as `Europe/Brussels`.",
    "functions": "What to calculate, separated by commas.",
    "empty": "Whether buckets without readings are shown.",
    "field": "A sensor's key.",
    "points": "How many points.",
    "format": "The format of the file.",
    "devices": "Ids of devices, separated by commas; all when it is left out.",
    "project": "A project's id (`prj_…`): only its devices.",
    "kinds": "Kinds of readings, separated by commas; all when it is left out.",
    "keys": "Keys of sensors, separated by commas: only readings that hold one of them.",
    "ticket": "A ticket for this one stream, instead of a key in a header.",
    "CommandQuery.project_id": "Only those of this project (`prj_…`).",
    "CommandQuery.device_id": "Only those of this device (`dev_…`), without those of its type.",
    "ExecutionQuery.device_id": "Only those of this device (`dev_…`).",
    "ExecutionQuery.definition_id": "Only those of this definition (`def_…`).",
    "ExecutionQuery.from": "Asked for at or after: RFC 3339, or epoch seconds or milliseconds.",
    "ExecutionQuery.to": "Asked for before: RFC 3339, or epoch seconds or milliseconds.",
    "ConnectivityQuery.from": "At or after: RFC 3339, or epoch seconds or milliseconds.",
    "ConnectivityQuery.to": "Before: RFC 3339, or epoch seconds or milliseconds.",
    "StreamQuery.alerts": "Whether to tell what becomes of alerts; needs the scope `alerts:read`.",
    "AlertQuery.status": "Only those that are `enabled`, `disabled`, or raised for some device now (`active`).",
    "AlertQuery.severity": "Only those of this severity; Kilo's words are taken too.",
    "AlertQuery.device_id": "Only those that name this device (`dev_…`).",
    "AlertQuery.project_id": "Only those that name this project (`prj_…`).",
    "AlertQuery.text": "Only those with this text in name or description.",
    "EventQuery.state": "Only those that are `raised`, `acknowledged`, either of them (`open`), or `cleared`.",
    "EventQuery.severity": "Only those of this severity; Kilo's words are taken too.",
    "EventQuery.alert_id": "Only those of this alert (`alert_…`).",
    "EventQuery.device_id": "Only those of this device (`dev_…`).",
    "EventQuery.project_id": "Only those of this project's devices (`prj_…`).",
    "EventQuery.from": "Raised at or after: RFC 3339, or epoch seconds or milliseconds.",
    "EventQuery.to": "Raised before: RFC 3339, or epoch seconds or milliseconds.",
    "HistoryQuery.state": "Only those that are `raised`, `acknowledged`, either of them (`open`), or `cleared`.",
    "HistoryQuery.device_id": "Only those of this device (`dev_…`).",
    "StreamQuery.connectivity": "Whether to tell when devices come online and go offline; needs the scope `devices:read`.",
    "events": "Whether to tell what network servers tell of devices; needs the scope `devices:read`.",
    "commands": "Whether to tell of commands too; needs the scope `commands:read`.",
    "StreamQuery.cursor": "The sequence number after which to resume.",
    "fields": "Keys of sensors, separated by commas; all when it is left out.",
}
"""What a parameter is, by its name, where its wire struct does not say. With a struct before the name, only there."""

ORGANIZATION_HEADER = "The organisation's id (`org_…`). It has to be the key's own."
ORGANIZATION_OPTIONAL = ORGANIZATION_HEADER + " A call with a device's access token or with a ticket needs none."

TICKET = "ticket"
"""The query field by which an operation takes a ticket instead of a key."""

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
        "description": "A ticket for one stream, for browsers, which can set no headers there.",
    },
}
KEY_SCHEMES = ("ApiKeyHeader", "BearerKey", "AuthenticationBearer")

ERRORS = {
    400: "The request does not have the promised form.",
    401: "The credential is missing, unknown, revoked or expired.",
    403: "The credential is good, but does not allow this.",
    404: "There is no such thing in the caller's organisation.",
    409: "Something that is there already stands in the way.",
    413: "The body is larger than this endpoint takes.",
    415: "The body is of a type or encoding that this endpoint does not read.",
    422: "The `Idempotency-Key` was used before with another request.",
    429: "A limit of the plan, the key or the address is used up. `Retry-After` says when to come back.",
    503: "The server cannot do this now; `Retry-After` says when to try again.",
}
