"""Turns the form of a webhook into the body of its calls, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.api.console.shared.forms import Form

NAMES = {
    "device_ids": "filters.device_ids",
    "labels": "filters.labels",
    "actions": "filters.actions",
    "channel": "filters.channel",
    "origin": "filters.origin",
    "condition": "filters.condition",
    "batch_readings": "batch.readings",
    "batch_wait_s": "batch.wait_s",
}
"""The names of fields here, and in the API."""


def new_body(form: Form) -> dict[str, Any]:
    """The endpoint to create."""
    body = form.body("name", "url", "format", "project_id", "secret")
    return body | _common(form) | {"headers": _headers(form)}


def changed_body(form: Form) -> dict[str, Any]:
    """The change of an endpoint: all that the form shows. Headers stay, because their values are never shown, unless replaced."""
    texts = {name: form.value(name).strip() for name in ("name", "url")}
    body = texts | {"project_id": form.value("project_id") or None} | _common(form)
    return body | {"headers": _headers(form)} if form.flag("replace_headers") else body


def shown(webhook: Mapping[str, Any]) -> Form:
    """The form that shows an endpoint."""
    filters, batch = webhook["filters"], webhook["batch"] or {}
    plain = {name: webhook[name] for name in ("name", "url", "format", "project_id", "topics", "ordered", "payload_only")}
    batch_values = {"batch_readings": batch.get("readings"), "batch_wait_s": batch.get("wait_s")}
    return Form.showing(plain | {name: filters[name] for name in filters} | batch_values)


def _common(form: Form) -> dict[str, Any]:
    readings, wait_s = form.number("batch_readings"), form.number("batch_wait_s")
    wait = {} if wait_s is None else {"wait_s": wait_s}
    return {
        "topics": form.all("topics"),
        "filters": _filters(form),
        "ordered": form.flag("ordered"),
        "payload_only": form.flag("payload_only"),
        "batch": None if readings is None else {"readings": readings} | wait,
    }


def _filters(form: Form) -> dict[str, Any]:
    return {
        "device_ids": words(form, "device_ids"),
        "labels": form.pairs("labels"),
        "actions": words(form, "actions"),
        **form.body("channel", "origin", "condition"),
    }


def words(form: Form, name: str) -> list[str]:
    """Words that were typed with commas or line ends between them."""
    return [word.strip() for text in form.all(name) for word in text.replace("\n", ",").split(",") if word.strip()]


def _headers(form: Form) -> dict[str, str]:
    """Lines such as `Authorization: Bearer …`."""
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in form.lines("headers"))}
