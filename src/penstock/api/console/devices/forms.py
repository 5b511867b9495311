"""Reads the forms of devices into bodies of the API. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.api.console.devices import view
from penstock.api.console.shared.forms import Form

PARAMETER = "parameters."


DETAILS = ("name", "type", "description", "project_id", "profile_id", "firmware_version", "expected_interval_s")


def shown(device: Mapping[str, Any], placement: Mapping[str, Any]) -> dict[str, Form]:
    """The forms of a device's settings, as they are stored."""
    texts = {"labels": view.labels_text(device["labels"]), "identifiers": view.identifiers_text(device["identifiers"])}
    return {
        "details": Form.showing({name: device[name] for name in DETAILS} | texts),
        "location": Form.showing(device["location"] or {}),
        "sensor": Form(),
        "placement": Form.showing({name: placement.get(name) for name in ("customer_id", "resident_id")}),
    }


def new_device(form: Form) -> dict[str, Any]:
    """The body that creates a device."""
    return form.body(
        "name",
        "type",
        "description",
        "project_id",
        "profile_id",
        "firmware_version",
        labels=form.pairs("labels") or None,
        identifiers=identifiers(form) or None,
        location=location(form),
        expected_interval_s=form.number("expected_interval_s"),
    )


def changed_device(form: Form) -> dict[str, Any]:
    """The body that changes a device's details: all fields of the form, so that emptied ones are cleared."""
    body: dict[str, Any] = {name: form.value(name).strip() for name in ("name", "type", "description", "firmware_version")}
    if form.value("project_id"):
        body["project_id"] = form.value("project_id")
    return body | {
        "profile_id": form.value("profile_id") or None,
        "labels": form.pairs("labels"),
        "identifiers": identifiers(form),
        "expected_interval_s": form.number("expected_interval_s"),
    }


def identifiers(form: Form) -> list[dict[str, str]]:
    """Lines of `kind=value`. A line without a kind is an EUI if it looks like one, else an external id."""
    found = []
    for line in form.lines("identifiers"):
        kind, equals, value = line.partition("=")
        if not equals:
            kind, value = ("eui", line) if _is_eui(line) else ("external", line)
        found.append({"kind": kind.strip().lower(), "value": value.strip()})
    return found


def _is_eui(text: str) -> bool:
    digits = text.replace(":", "").replace("-", "")
    return len(digits) == 16 and all(one in "0123456789abcdefABCDEF" for one in digits)


def location(form: Form) -> dict[str, Any] | None:
    """A location; None if neither coordinate is given."""
    latitude, longitude = form.number("latitude"), form.number("longitude")
    if latitude is None and longitude is None:
        return None
    found = {"latitude": latitude, "longitude": longitude, "altitude_m": form.number("altitude_m")}
    return {name: value for name, value in found.items() if value is not None}


LOCATION_NAMES = {name: f"location.{name}" for name in ("latitude", "longitude", "altitude_m")}
"""The fields of a location in the API, by their names in forms."""


def arguments(form: Form, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    """The values of a command's parameters, each of its type. Empty ones are left out, boxes that are not checked are false."""
    found: dict[str, Any] = {}
    for parameter in parameters:
        name, kind = parameter["name"], parameter["type"]
        field = PARAMETER + name
        if kind == "boolean":
            if form.value(field):
                found[name] = form.value(field) == "true"
        elif form.value(field) != "":
            found[name] = _argument(form, field, kind)
    return found


def _argument(form: Form, field: str, kind: str) -> Any:
    if kind in ("integer", "number"):
        return form.number(field)
    return form.json(field) if kind == "object" else form.value(field)


def definition(form: Form) -> dict[str, Any]:
    """The body that creates or changes a command.

    Raises:
        InvalidInput: the parameters are not JSON.
    """
    return form.body(
        "name",
        "transport",
        "verification",
        description=form.value("description").strip() or None,
        parameters=form.json("parameters") or [],
        timeout_s=form.number("timeout_s"),
        repeatable=form.flag("repeatable"),
    )


def sensor(form: Form) -> dict[str, Any]:
    """The body that declares a sensor."""
    return form.body("key", "name", "unit", "value_type", "template_id", decimals=form.number("decimals"))
