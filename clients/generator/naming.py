"""The names of resources and methods: from paths and operation ids, with those that read badly written by hand.

They are the public names of the client libraries, so they are pinned (`methods.txt`): a change is a change of the libraries.
"""

from __future__ import annotations

import re

_OF_TAG = {
    "Agents": "agents",
    "Alerts": "alerts",
    "Audit": "audit",
    "Billing": "billing",
    "Commands": "commands",
    "Connections": "connections",
    "Customers": "customers",
    "Dashboards": "dashboards",
    "Device profiles": "device_profiles",
    "Devices": "devices",
    "Expressions": "expressions",
    "Groups": "groups",
    "Imports": "imports",
    "Inboxes": "inbox",
    "Invitations": "invitations",
    "Invoices": "invoices",
    "Keys": "keys",
    "Members": "members",
    "Meter alarms": "meter_alarms",
    "Meters": "meters",
    "Notifications": "chat_channels",
    "Oneself": "profile",
    "Organisation": "organization",
    "Rules": "rules",
    "Search": "search",
    "Secrets": "secrets",
    "Sensors": "sensors",
    "Signing in": "auth",
    "Streams": "streams",
    "System": "system",
    "Tariffs": "tariffs",
    "Telemetry": "telemetry",
    "Tokens": "tokens",
    "Usage": "usage",
    "Vault": "vault",
    "Webhooks": "webhooks",
}
_OF_PATH = (
    ("alert-events", "alert_events"),
    ("command-executions", "executions"),
    ("connectors", "connections"),
    ("dashboard-folders", "dashboard_folders"),
    ("dashboard-shares", "dashboard_shares"),
    ("dashboards/{dashboard_id}/shares", "dashboard_shares"),
    ("shared/dashboards", "shared_dashboards"),
    ("device/commands", "device_commands"),
    ("devices/{device_id}/command-queue", "device_queue"),
    ("devices/{device_id}/commands", "device_commands"),
    ("devices/{device_id}/maintenance", "maintenance"),
    ("devices/{device_id}/placement", "placements"),
    ("devices/{device_id}/standing", "placements"),
    ("event-types", "event_types"),
    ("inbox/accounts", "sms_accounts"),
    ("inbox/addresses", "addresses"),
    ("inbox/messages", "messages"),
    ("invoice-holds", "invoice_holds"),
    ("invoice-runs", "invoice_runs"),
    ("projects", "projects"),
    ("redecodes", "redecodes"),
    ("rehearsals", "rehearsals"),
    ("rule-executions", "rule_runs"),
    ("rules/{rule_id}/executions", "rule_runs"),
    ("seed-requests", "seed_requests"),
    ("sensor-templates", "sensor_templates"),
    ("unregistered-devices", "unregistered_devices"),
    ("webhook-messages", "webhook_messages"),
    ("dashboards/{dashboard_id}/widgets", "widgets"),
    ("widgets", "widgets"),
)
"""Paths whose tag holds several nouns. The first that the path begins with."""
_NOUNS = {
    "addresses": ("address",),
    "alert_events": ("alert event", "open alert event"),
    "audit": ("audit log", "audit"),
    "chat_channels": ("chat channel",),
    "connections": ("connection",),
    "dashboard_folders": ("folder of dashboards",),
    "device_commands": ("command",),
    "device_profiles": ("device profile", "profile"),
    "device_queue": ("device queue",),
    "executions": ("execution",),
    "maintenance": ("device maintenance",),
    "messages": ("message",),
    "meter_alarms": ("meter alarm",),
    "meters": ("meter",),
    "organization": ("organization",),
    "placements": ("placement of device", "placements of device"),
    "profile": ("profile", "own"),
    "rule_runs": ("run",),
    "sms_accounts": ("SMS account", "sms account"),
    "system": ("of server",),
    "telemetry": ("reading",),
    "webhook_messages": ("webhook message",),
    "webhooks": ("webhook endpoint", "webhook"),
}
"""The nouns of a resource, where they are not its name."""
_BY_HAND = {
    "addWidgetToDashboard": "create",
    "backUpServer": "back_up",
    "changeAlertEvents": "change_many",
    "closeHeldAccountPeriod": "release",
    "closePeriod": "start",
    "confirmThatAgentHasStoredItsToken": "confirm",
    "copyWidgetWithItsImage": "duplicate",
    "createCommandForDevice": "create",
    "createDashboardWithoutWidgets": "create",
    "createTokensFromPictureOfQRCodes": "create_from_picture",
    "deleteCommandOfDevice": "delete",
    "deleteEmptyFolderOfDashboards": "delete",
    "deleteSMSAccountWithItsCredentials": "delete",
    "deleteTariffThatIsNotAssigned": "delete",
    "deleteVersionThatBeginsOnDay": "delete_version",
    "destroyOrganizationKeys": "destroy_keys",
    "editValue": "create_edit",
    "executeCommandOnDevice": "execute",
    "exportDashboardAsDocument": "export",
    "exportTokensWithTheirSeeds": "export",
    "getAgentOfDevice": "get",
    "getAlarmSettingsOfMeter": "get_settings_of_meter",
    "getAlarmSettingsOfProfile": "get_settings_of_profile",
    "getAuditHead": "head",
    "getBillSummary": "summary",
    "getCaller": "caller",
    "getClosingRunWithItsProgress": "get",
    "getCommandOfDevice": "get",
    "getCurrentCodeOfToken": "code",
    "getCustomerAsBuyerOnInvoices": "get_customer_billing_party",
    "getDashboardData": "data",
    "getDashboardWithoutItsWidgets": "get",
    "getHowCustomerIsInvoiced": "get_customer_settings",
    "getImageOfWidgetOfSharedDashboard": "widget_image",
    "getInvoiceOrCreditNote": "get",
    "getLatestReading": "latest",
    "getLatestReadingsOfSeveralDevices": "latest_of_many",
    "getLimits": "limits",
    "getOneOfOwnInvoices": "get_invoice",
    "getOrganizationKey": "get_key",
    "getResidentAsBuyerOnInvoices": "get_resident_billing_party",
    "getSellerOnOrganizationInvoices": "get_organization_billing_party",
    "getSharedDashboardData": "data",
    "getSharedDashboardWithItsWidgets": "get",
    "getSharedWidgetData": "widget_data",
    "getStateOfServer": "get",
    "getVersionOfProfileCodec": "get_codec_version",
    "getWhatWidgetShows": "data",
    "getWhatWidgetWouldShow": "preview",
    "importDashboardFromDocument": "import",
    "importTokensFromFile": "import",
    "listClosingRunsNewestFirst": "list",
    "listCommandsOfDevice": "list",
    "listConsumptionByMeter": "list_consumption_of_customer",
    "listEditsOfMeterValues": "list_edits",
    "listFoldersOfDashboards": "list",
    "listHeldAccounts": "list",
    "listInvoicesAndCreditNotes": "list",
    "listSensorsOfDevice": "list",
    "listShareLinksOfDashboard": "list",
    "listTariffsOfResidentOwn": "list_of_resident",
    "listVersionsOfProfileCodec": "list_codec_versions",
    "listWhatUsesSecret": "list_uses",
    "listWidgetsOfDashboard": "list",
    "markMessageAsRead": "mark_read",
    "moveWidgetsOfDashboard": "set_layout",
    "previewExpressionOrTemplate": "preview",
    "readValueOfSecret": "get_value",
    "recordThatInvoiceWasPaid": "mark_paid",
    "renameOrMoveFolderOfDashboards": "update",
    "replaceSeedOfToken": "rotate_seed",
    "replaceValueOfSecret": "set_value",
    "restoreOlderValueOfSecret": "restore_value",
    "restoreVersionOfProfileCodec": "restore_codec_version",
    "revokeShareLink": "revoke",
    "rotateOrganizationKey": "rotate_key",
    "search": "find",
    "sendReadingsOfDevice": "send_for_device",
    "sendSMS": "send",
    "setAlarmSettingsOfMeter": "set_settings_of_meter",
    "setAlarmSettingsOfProfile": "set_settings_of_profile",
    "setCustomerAsBuyerOnInvoices": "set_customer_billing_party",
    "setHowCustomerIsInvoiced": "set_customer_settings",
    "setImageOfWidgetOfTypeImage": "set_image",
    "setResidentAsBuyerOnInvoices": "set_resident_billing_party",
    "setSellerOnOrganizationInvoices": "set_organization_billing_party",
    "setStandingOfDevice": "set_standing",
    "setTariffsOfResidentOwn": "set_of_resident",
    "setUpNewServer": "set_up",
    "shareDashboardByLink": "create",
    "showSeedOfToken": "get_seed",
    "stopClosingRun": "cancel",
    "streamReadings": "readings",
    "streamReadingsOverWebSocket": "websocket",
    "takeAddressIntoUse": "create",
    "takeBackThatInvoiceWasPaid": "mark_unpaid",
    "unpairAgentOfDevice": "unpair",
    "updateCommandOfDevice": "update",
    "updateDescriptionOfSecret": "update",
    "updateNameOfTariff": "update",
    "updatePricesFromDayOn": "add_version",
}
"""Names that read badly when they are derived, by operation id."""
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


def resource_name(path: str, tag: str) -> str:
    """The attribute of the client that has an operation."""
    inside = path.removeprefix("/api/v2/")
    for start, name in _OF_PATH:
        if inside.startswith(start):
            return name
    return _OF_TAG.get(tag) or re.sub(r"\W+", "_", tag).lower()


def method_name(operation_id: str, resource: str) -> str:
    """The name of an operation in its resource, in snake_case: `listDevices` is `list`, `pauseDevice` is `pause`."""
    if operation_id in _BY_HAND:
        return _BY_HAND[operation_id]
    words = " ".join(word.lower() for word in _WORD.findall(operation_id))
    for noun in _NOUNS.get(resource, (resource.replace("_", " ").removesuffix("s"),)):
        forms = "|".join(sorted({noun.lower(), plural(noun.lower())}, key=len, reverse=True))
        words = re.sub(rf" (?:of|to|from|for|on) (?:{forms})\b", "", words)
        words = re.sub(rf"(?<=\w) (?:{forms})\b", "", words)
    return re.sub(r"\W+", "_", words.strip())


def plural(noun: str) -> str:
    """The plural of a noun."""
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith("s") else f"{noun}s"
