"""Turns the forms of connections into the settings of their types, and back. Fields have the names of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from penstock.api.console.connections.presets import PRESETS
from penstock.api.console.shared.forms import Form

SPARE_ROWS = 2
"""Empty rows after the subscriptions that there are."""
MAX_ROWS = 32
SUBSCRIPTION = ("topic", "device_id_path", "time_path")
TEXTS = ("host", "username", "client_id", "command_topic")
CERTIFICATES = ("ca_certificate", "client_certificate")
SECRETS = ("password", "client_key")
NUMBERS = ("port", "keep_alive_s", "session_expiry_s")
CHOICES = ("protocol", "command_payload")
DOWNLINK = {
    "api": ("url", "token"),
    "rest": ("url", "token"),
    "mqtt": ("connection_id", "topic"),
    "things_stack": ("url", "application_id", "webhook_id", "api_key"),
}
"""The fields of downlinks, by the way they are sent."""


def settings_of(kind: str, form: Form, *, keep_secrets: bool) -> dict[str, Any]:
    """The settings in a form. With `keep_secrets` an empty secret is left out, so that the stored one stays."""
    if kind == "mqtt":
        return _broker(form, keep_secrets=keep_secrets)
    if kind in ("chirpstack", "things_stack"):
        return {"downlink": _downlink(form)}
    return {}


def names_of(kind: str, form: Form) -> dict[str, str]:
    """The names of fields here and in the API: there the empty rows of subscriptions are not counted."""
    if kind != "mqtt":
        return {}
    fields = (*SUBSCRIPTION, "qos", "payload", "online_values", "offline_values")
    rows = enumerate(_filled_rows(form))
    return {f"{_row(row)}.{field}": f"{_row(number)}.{field}" for number, row in rows for field in fields}


def rows_of(form: Form) -> range:
    """The rows of subscriptions that a form shows."""
    filled = _filled_rows(form)
    return range(min(MAX_ROWS, (filled[-1] + 1 if filled else 0) + SPARE_ROWS))


def shown(connection: Mapping[str, Any]) -> Form:
    """The form that shows a connection. Secrets are empty: an empty field keeps them."""
    settings = connection["settings"]
    plain = {f"settings.{name}": value for name, value in settings.items() if not isinstance(value, (dict, list))}
    found = {"name": connection["name"], "project_id": connection["project_id"]} | plain
    found |= {f"settings.downlink.{name}": value for name, value in (settings.get("downlink") or {}).items()}
    if settings.get("downlink") and connection["type"] == "things_stack":
        found["settings.downlink.by"] = "things_stack"
    return Form.showing(found | _rows(settings.get("subscriptions", ())))


def preset(name: str) -> Form:
    """The form of a new broker of a usual kind; with plain topics if the kind is unknown."""
    chosen = PRESETS.get(name, PRESETS["topics"])
    defaults = {"settings.protocol": "5", "settings.command_payload": "command", "settings.tls": True}
    return Form.showing(defaults | chosen.values | _rows(chosen.subscriptions))


def _rows(subscriptions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, one in enumerate(subscriptions):
        for name, value in one.items():
            found[f"{_row(number)}.{name}"] = ", ".join(value) if isinstance(value, list) else value
    return found


def _row(number: int) -> str:
    return f"settings.subscriptions[{number}]"


def _filled_rows(form: Form) -> list[int]:
    return [number for number in range(MAX_ROWS) if form.value(f"{_row(number)}.topic").strip()]


def _broker(form: Form, *, keep_secrets: bool) -> dict[str, Any]:
    """The settings of a broker; a cleared field is null, which clears it."""
    found: dict[str, Any] = {name: form.value(f"settings.{name}").strip() or None for name in (*TEXTS, *CERTIFICATES)}
    found |= {name: value for name in CHOICES if (value := form.value(f"settings.{name}"))}
    found |= {name: number for name in NUMBERS if (number := form.number(f"settings.{name}")) is not None}
    found |= {name: form.value(f"settings.{name}") or None for name in SECRETS}
    found |= {"tls": form.flag("settings.tls"), "subscriptions": [_subscription(form, row) for row in _filled_rows(form)]}
    if keep_secrets:
        return {name: value for name, value in found.items() if name not in SECRETS or value is not None}
    return {name: value for name, value in found.items() if value is not None}


def _subscription(form: Form, row: int) -> dict[str, Any]:
    at = _row(row)
    found: dict[str, Any] = {name: form.value(f"{at}.{name}").strip() for name in (*SUBSCRIPTION, "payload")}
    found |= {"qos": form.number(f"{at}.qos")}
    found |= {name: _words(form.value(f"{at}.{name}")) for name in ("online_values", "offline_values")}
    return {name: value for name, value in found.items() if value not in ("", None, [])}


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _downlink(form: Form) -> dict[str, Any] | None:
    by = form.value("settings.downlink.by")
    if by not in DOWNLINK:
        return None
    named = {"by": by} if by != "things_stack" else {}
    values = {name: form.value(f"settings.downlink.{name}").strip() for name in DOWNLINK[by]}
    return named | {name: value for name, value in values.items() if value}
