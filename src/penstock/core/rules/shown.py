"""The stored inputs of a run, as far as a caller may read their sources. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.core.actor import Actor
from penstock.core.rules.trigger_events import SCHEDULE_TOPIC
from penstock.core.tenancy.event_scopes import GRANTED, scopes_of

SCOPES = {
    "reading": "telemetry:read",
    "latest": "telemetry:read",
    "window": "telemetry:read",
    "device": "devices:read",
}
"""By variable. An event has the scope of its topic; the others show nothing but the rule and the call that triggered it."""


def shown_inputs(actor: Actor, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs by variable: None in place of a variable whose source the caller must not read."""
    return {name: value if _is_shown(actor, name, value) else None for name, value in inputs.items()}


def _is_shown(actor: Actor, name: str, value: Any) -> bool:
    if not all(map(actor.allows, _needed(name, value))):
        return False
    return name != "event" or not actor.granted_only or not _topic(value).startswith(GRANTED)


def _needed(name: str, value: Any) -> frozenset[str]:
    if name != "event":
        return frozenset({SCOPES[name]} if name in SCOPES else ())
    topic = _topic(value)
    return frozenset() if topic == SCHEDULE_TOPIC else scopes_of([topic])


def _topic(value: Any) -> str:
    return str(value.get("topic", "")) if isinstance(value, dict) else ""
