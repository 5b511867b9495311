"""The names of operations in generated clients: `listDevices`, `updateAlert`.

A name follows from the summary of the operation. `_SHORT` has the operations whose summary says more than a name should. All
names are pinned in `tests/api/shared/openapi/operation_ids.txt`: a client that was generated before must still compile, so an
operation keeps its name by an entry here when its summary is reworded.
"""

from __future__ import annotations

import re

from penstock.kit.operation import Operation

_WORD = re.compile(r"[A-Za-z0-9]+")
_VENDOR = re.compile(r" \([^)]*\)$(?!\n)")
_LEFT_OUT = frozenset({"a", "an", "the"})
_SPELLED = {"Change": "Update", "Your": "Own", "Organisation": "Organization", "Licence": "License", "Licences": "Licenses"}
"""Names in code are spelled as on the wire, prose is not."""
_UNPREFIXED = ("v2", "system")
_SHORT: dict[tuple[str, str], str] = {
    ("DELETE", "/api/v2/dashboards/{dashboard_id}"): "deleteDashboard",
    ("GET", "/api/v2/dashboards/{dashboard_id}/variables/{variable}/options"): "listVariableOptions",
    ("GET", "/api/v2/search"): "search",
    ("GET", "/api/v2/shared/dashboards/{share_token}/widgets/{widget_id}/data"): "getSharedWidgetData",
    ("POST", "/api/v2/alert-events/bulk"): "changeAlertEvents",
    ("POST", "/api/v2/dashboards/{dashboard_id}/duplicate"): "duplicateDashboard",
    ("GET", "/docs"): "openSwaggerUi",
    ("GET", "/redoc"): "openRedoc",
    ("GET", "/docs/static/{name:path}"): "getDocumentationFile",
    ("GET", "/openapi.json"): "getOpenApiDocument",
    ("GET", "/health"): "getHealth",
    ("GET", "/ready"): "getReadiness",
    ("GET", "/metrics"): "getMetrics",
    ("GET", "/.well-known/jwks.json"): "getPublicKeys",
    ("GET", "/.well-known/audit-head"): "getServerAuditHead",
    ("PATCH", "/api/v2/organization"): "updateOrganization",
    ("PATCH", "/api/v2/members/{user_id}"): "updateMember",
    ("DELETE", "/api/v2/members/{user_id}/sessions"): "endSessionsOfMember",
    ("PATCH", "/api/v2/groups/{group_id}"): "updateGroup",
    ("POST", "/api/v2/invitations"): "createInvitation",
    ("GET", "/api/v2/profile"): "getProfile",
    ("PATCH", "/api/v2/profile"): "updateProfile",
    ("POST", "/api/v2/profile/password"): "changePassword",
    ("POST", "/api/v2/profile/mfa"): "startSecondFactor",
    ("POST", "/api/v2/profile/mfa/confirm"): "confirmSecondFactor",
    ("POST", "/api/v2/profile/mfa/remove"): "removeSecondFactor",
    ("DELETE", "/api/v2/profile/sessions/{session_id}"): "endOwnSession",
    ("POST", "/api/v2/auth/sign-in/code"): "completeSignIn",
    ("POST", "/api/v2/auth/refresh"): "refreshTokens",
    ("POST", "/api/v2/auth/sign-out"): "signOut",
    ("POST", "/api/v2/auth/password/forgot"): "requestPasswordReset",
    ("POST", "/api/v2/auth/password/reset"): "resetPassword",
    ("POST", "/api/v2/auth/switch"): "switchOrganization",
    ("GET", "/api/v2/command-executions/{execution_id}"): "getExecution",
    ("POST", "/api/v2/command-executions/{execution_id}/cancel"): "cancelExecution",
    ("PATCH", "/api/v2/devices/{device_id}/command-queue"): "updateDeviceQueue",
    ("POST", "/api/v2/commands"): "createCommand",
    ("GET", "/api/v2/devices/{device_id}/commands/{definition_id}"): "getCommandOfDevice",
    ("PATCH", "/api/v2/devices/{device_id}/commands/{definition_id}"): "updateCommandOfDevice",
    ("DELETE", "/api/v2/devices/{device_id}/commands/{definition_id}"): "deleteCommandOfDevice",
    ("GET", "/api/v2/device/commands"): "fetchCommands",
    ("POST", "/api/v2/device/commands/{execution_id}/ack"): "acknowledgeCommand",
    ("POST", "/api/v2/devices/{device_id}/pair-code"): "createPairCode",
    ("GET", "/api/v2/devices/{device_id}/agent"): "getAgentOfDevice",
    ("GET", "/api/v2/dashboards/{dashboard_id}/data"): "getDashboardData",
    ("GET", "/api/v2/dashboards/{dashboard_id}/layout"): "getDashboardLayout",
    ("GET", "/api/v2/shared/dashboards/{share_token}/data"): "getSharedDashboardData",
    ("DELETE", "/api/v2/devices/{device_id}/agent"): "unpairAgentOfDevice",
    ("POST", "/api/v2/agents/provision"): "provisionAgent",
    ("GET", "/api/v2/logs/head"): "getAuditHead",
    ("DELETE", "/api/v2/devices/{device_id}"): "deleteDevice",
    ("POST", "/api/v2/devices/{device_id}/resume"): "resumeDevice",
    ("POST", "/api/v2/devices/{device_id}/token"): "issueDeviceToken",
    ("PATCH", "/api/v2/alerts/{alert_id}"): "updateAlert",
    ("POST", "/api/v2/alerts/{alert_id}/test"): "testAlert",
    ("POST", "/api/v2/alert-events/{event_id}/clear"): "clearAlertEvent",
    ("GET", "/api/v2/devices/{device_id}/maintenance"): "getDeviceMaintenance",
    ("POST", "/api/v2/notification-channels/{channel_id}/test"): "testChatChannel",
    ("GET", "/api/v2/billing/summary"): "getBillSummary",
    ("GET", "/api/v2/billing/statements/{statement_id}/file"): "getStatementFile",
    ("GET", "/api/v2/invoices/{invoice_id}/file"): "getInvoiceFile",
    ("GET", "/api/v2/invoices/{invoice_id}/mails"): "listInvoiceMails",
    ("POST", "/api/v2/invoices/{invoice_id}/send"): "sendInvoice",
    ("GET", "/api/v2/profile/invoices/{invoice_id}/file"): "getOwnInvoiceFile",
    ("GET", "/api/v2/connectors"): "listConnectors",
    ("GET", "/api/v2/redecodes"): "listRedecodes",
    ("POST", "/api/v2/imports"): "startImport",
    ("GET", "/api/v2/imports/template"): "getImportTemplate",
    ("GET", "/api/v2/imports/{import_id}"): "getImport",
    ("GET", "/api/v2/seed-requests"): "listSeedRequests",
    ("GET", "/api/v2/token-grants"): "listGrantsOfSubject",
    ("GET", "/api/v2/tokens/{token}/grants"): "listGrants",
    ("POST", "/api/v2/tokens/{token}/grants"): "createGrant",
    ("PATCH", "/api/v2/tokens/{token}/grants/{grant_id}"): "updateGrant",
    ("POST", "/api/v2/tokens/{token}/grants/{grant_id}/elevate"): "elevateGrant",
    ("POST", "/api/v2/tokens/{token}/seed-requests"): "createSeedRequest",
    ("POST", "/api/v2/tokens/{token}/seed-requests/{request_id}/approve"): "approveSeedRequest",
    ("POST", "/api/v2/tokens/{token}/seed-requests/{request_id}/deny"): "denySeedRequest",
    ("GET", "/api/v2/imports/{import_id}/faults"): "listImportFaults",
    ("GET", "/api/v2/imports/{import_id}/faults/file"): "getImportFaultsFile",
    ("POST", "/api/v2/customers/{customer_id}/managers/invitation"): "inviteCustomerManager",
    ("POST", "/api/v2/redecodes"): "startRedecode",
    ("GET", "/api/v2/redecodes/{redecode_id}"): "getRedecode",
    ("POST", "/api/v2/redecodes/{redecode_id}/cancel"): "cancelRedecode",
    ("POST", "/api/v2/connections/{connection_id}/resume"): "resumeConnection",
    ("POST", "/api/v2/ingest/{connection_id}"): "ingestMessage",
    ("PUT", "/api/v2/devices/{device_id}/placement"): "setPlacementOfDevice",
    ("POST", "/api/v2/customers/{customer_id}/residents/{resident_id}/invitation"): "inviteResident",
    ("GET", "/api/v2/profile/devices"): "listOwnDevices",
    ("GET", "/api/v2/profile/meter-alarms"): "listOwnMeterAlarms",
    ("POST", "/api/v2/customers/{customer_id}/register-unregistered-devices"): "registerUnregisteredDevices",
    ("POST", "/api/v2/projects/{project_id}/licenses"): "addLicensesToProject",
    ("DELETE", "/api/v2/projects/{project_id}/licenses/{license_id}"): "withdrawLicense",
    ("GET", "/api/v2/devices/{device_id}/meter"): "getMeter",
    ("PUT", "/api/v2/devices/{device_id}/meter"): "setMeter",
    ("DELETE", "/api/v2/devices/{device_id}/meter"): "resetMeter",
    ("GET", "/api/v2/customers/{customer_id}/consumption/devices"): "listConsumptionByMeter",
    ("GET", "/api/v2/customers/{customer_id}/balance"): "getBalanceOfCustomer",
    ("DELETE", "/api/v2/rules/{rule_id}"): "deleteRule",
    ("POST", "/api/v2/rules/{rule_id}/recover"): "recoverRule",
    ("PATCH", "/api/v2/rules/{rule_id}/versions/{version_id}"): "updateVersionOfRule",
    ("GET", "/api/v2/rules/{rule_id}/versions/{version_id}/differences"): "compareVersionsOfRule",
    ("GET", "/api/v2/rule-executions"): "listRuns",
    ("GET", "/api/v2/rule-executions/{run_id}"): "getRun",
    ("POST", "/api/v2/rules/{rule_id}/rehearse"): "rehearseRule",
    ("POST", "/api/v2/rules/{rule_id}/hook"): "createRuleHook",
    ("GET", "/api/v2/devices/{device_id}/telemetry/latest"): "getLatestReading",
    ("GET", "/api/v2/devices/{device_id}/telemetry"): "listReadings",
    ("GET", "/api/v2/devices/{device_id}/telemetry/aggregate"): "aggregateReadings",
    ("GET", "/api/v2/devices/{device_id}/telemetry/thin"): "thinReadings",
    ("GET", "/api/v2/devices/{device_id}/telemetry/export"): "exportReadings",
    ("GET", "/api/v2/devices/{device_id}/telemetry/quarantined"): "listQuarantinedReadingsOfDevice",
    ("GET", "/api/v2/telemetry/quarantined"): "listQuarantinedReadings",
    ("POST", "/api/v2/devices/{device_id}/telemetry"): "sendReadingsOfDevice",
    ("POST", "/api/v2/telemetry"): "sendReadings",
    ("GET", "/api/v2/scopes"): "listScopes",
    ("PATCH", "/api/v2/keys/{key_id}"): "updateKey",
    ("GET", "/api/v2/me"): "getCaller",
    ("GET", "/api/v2/webhook-messages/{message_id}"): "getWebhookMessage",
    ("GET", "/api/v2/webhook-messages/{message_id}/attempts"): "listAttemptsOfWebhookMessage",
    ("POST", "/api/v2/webhook-messages/{message_id}/replay"): "replayWebhookMessage",
    ("POST", "/api/v2/webhooks/{webhook_id}/rotate-secret"): "rotateWebhookSecret",
    ("POST", "/api/v2/webhooks/{webhook_id}/test"): "testWebhookEndpoint",
    ("POST", "/api/v2/webhooks/{webhook_id}/replay"): "replayWebhookEndpoint",
    ("GET", "/api/v2/webhook-topics"): "listWebhookTopics",
    ("POST", "/api/v2/streams/tickets"): "createStreamTicket",
    ("GET", "/api/v2/streams/sse"): "streamReadings",
    ("GET", "/api/v2/streams/ws"): "streamReadingsOverWebSocket",
    ("GET", "/api/v2/usage"): "listUsage",
    ("GET", "/api/v2/keys/{key_id}/usage"): "listUsageOfKey",
    ("GET", "/api/v2/limits"): "getLimits",
}


def operation_name(operation: Operation) -> str:
    """The name of an operation; those of another vendor's API start with the surface."""
    short = _SHORT.get((operation.method, operation.path))
    if short is not None:
        return short
    summary = _VENDOR.sub("", operation.summary).replace("'s", "")
    words = [word[0].upper() + word[1:] for word in _WORD.findall(summary) if word.lower() not in _LEFT_OUT]
    words = [_SPELLED.get(word, word) for word in words]
    first, *rest = words if operation.surface in _UNPREFIXED else [operation.surface, *words]
    return "".join([first[0].lower() + first[1:], *rest])
