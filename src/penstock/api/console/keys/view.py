"""How scopes are shown: by area, as reading, writing and others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

FEW = 4
ACTIONS = {"read": "Read", "write": "Write"}
_NAMES = {"sms": "SMS", "org": "Administration", "organization": "Organisation"}


def scope_label(scope: str) -> str:
    """A scope as a person reads it, such as `Devices · Read`."""
    area, _, action = scope.partition(":")
    return f"{area_label(area)} · {action.capitalize()}"


def area_label(area: str) -> str:
    """The name of an area, such as `Sensor templates`."""
    return _NAMES.get(area, area.replace("_", " ").capitalize())


def scope_chips(scopes: Sequence[str], known: int) -> tuple[list[str], list[str]]:
    """The labels to show in a list, and those for which there is no room. `known` is the number of scopes that exist."""
    if known and len(scopes) >= known:
        return ["All"], []
    labels = [scope_label(scope) for scope in sorted(scopes)]
    return labels[:FEW], labels[FEW:]


def areas_of(catalogue: Iterable[dict[str, str]]) -> list[dict[str, Any]]:
    """The scopes of a catalogue by area, each area with its read, its write and its other scopes.

    Shape: [{label, read: scope or "", write: scope or "", others: [{name, label}], description}].
    """
    found: dict[str, dict[str, Any]] = {}
    for one in catalogue:
        area, _, action = one["name"].partition(":")
        row = found.setdefault(area, {"label": area_label(area), "read": "", "write": "", "others": [], "description": ""})
        if action in ACTIONS:
            row[action] = one["name"]
        else:
            row["others"].append({"name": one["name"], "label": action.capitalize(), "description": one["description"]})
        if action == "read" or not row["description"]:
            row["description"] = one["description"]
    return [found[area] for area in sorted(found)]
