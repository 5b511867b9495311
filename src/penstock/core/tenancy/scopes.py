"""The catalogue of scopes: every permission an API key can carry, in one place. Nearly all are an area with read or write."""

from __future__ import annotations

from collections.abc import Iterable

from penstock.kit.errors import InvalidInput

_READ_WRITE = {
    "devices": "devices, their identifiers, labels and tokens",
    "sensors": "the sensors of devices",
    "sensor_templates": "templates that name and type sensors",
    "telemetry": "readings and live streams",
    "dashboards": "dashboards and their widgets",
    "rules": "rules, their versions and builds",
    "commands": "command definitions and executions",
    "connections": "connections to brokers and network servers",
    "alarms": "alarms, as other platforms call alerts",
    "alerts": "alert definitions and events",
    "notifications": "notification settings",
    "webhooks": "webhook endpoints and deliveries",
    "customers": "customers and residents",
    "organization": "projects, members and invitations",
    "stations": "base stations",
}
_OTHER = {
    "connectors:read": "See the catalogue of connectors",
    "subscription:read": "See the plan and its limits",
    "logs:read": "See the log of actions",
    "profile:read": "See who the key belongs to",
    "billing:read": "See bills, statements, tariffs and invoices",
    "billing:write": "Create and change tariffs, and issue, pay and cancel invoices",
    "usage:read": "See usage counts",
    "audit:read": "Read the audit log",
    "tokens:read": "List vault tokens, without codes or seeds",
    "tokens:code": "Get the current code of a vault token",
    "tokens:write": "Create, change and delete vault tokens",
    "tokens:seed": "Read or rotate the seed of a vault token",
    "secrets:read": "List secrets and what uses them, without their values",
    "secrets:write": "Create, change and delete secrets, and rotate the keys that encrypt them",
    "secrets:reveal": "Read the values of secrets, and let connections, channels and webhooks use them",
    "sms:read": "Read the messages of inboxes",
    "sms:send": "Send SMS",
    "sms:write": "Manage the numbers, mail addresses and SMS accounts of inboxes",
    "org:admin": "Manage the organisation, its users, keys and billing",
}

CATALOGUE: dict[str, str] = {
    **{f"{area}:read": f"See {what}" for area, what in _READ_WRITE.items()},
    **{f"{area}:write": f"Create, change and delete {what}" for area, what in _READ_WRITE.items()},
    **_OTHER,
}
CATALOGUE["telemetry:write"] = "Send readings for devices"
ALL = frozenset(CATALOGUE)

REACHES_ALL = "tokens:write"
"""The scope of roles that reach every token and every address of an inbox. All others reach only what is granted to them."""


def parse_scopes(names: Iterable[str]) -> frozenset[str]:
    """Validate scopes from a request.

    Raises:
        InvalidInput: one of them is not in the catalogue; the error names it.
    """
    scopes = frozenset(names)
    unknown = sorted(scopes - ALL)
    if unknown:
        raise InvalidInput.field("scopes", f"{unknown[0][:64]} is not a known scope", "unknown")
    return scopes
