"""Turns the forms of SMS accounts into the settings of their kinds, and back. Fields have the names of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.api.console.shared.forms import Form

KINDS = {"twilio": "Twilio", "smpp": "SMPP 3.4", "log": "For development"}
TEXTS = {"twilio": ("account_sid", "base_url"), "smpp": ("host", "system_id", "system_type", "ca_pem", "alphabet", "receipt_ids")}
NUMBERS = {"smpp": ("port", "window")}
SECRET = {"twilio": "auth_token", "smpp": "password"}
CLEARED = ("base_url", "ca_pem", "port", "system_type", "window")
"""What has a default, to which a change with an emptied field returns."""


def settings_of(kind: str, form: Form, *, is_change: bool) -> dict[str, Any]:
    """The settings in a form. In a change, an empty secret is left out, so that the stored one stays."""
    found: dict[str, Any] = {name: form.value(f"settings.{name}").strip() for name in TEXTS.get(kind, ())}
    found |= {name: form.number(f"settings.{name}") for name in NUMBERS.get(kind, ())}
    if kind == "smpp":
        found["tls"] = form.flag("settings.tls")
    if kind in SECRET and form.value(f"settings.{SECRET[kind]}"):
        found[SECRET[kind]] = form.value(f"settings.{SECRET[kind]}")
    filled = {name: value for name, value in found.items() if value not in ("", None)}
    if is_change:
        filled |= {name: None for name in CLEARED if name in found and name not in filled}
    return filled


def shown(account: Mapping[str, Any]) -> Form:
    """The form that shows an account. Its secret is empty."""
    return Form.showing({"name": account["name"]} | {f"settings.{name}": value for name, value in account["settings"].items()})


def refused(form: Form, problem: Mapping[str, Any]) -> Form:
    """A form that was refused, without its secret: that is typed again."""
    for name in SECRET.values():
        form.drop(f"settings.{name}")
    return form.failed(problem)
