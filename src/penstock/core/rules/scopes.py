"""The variables of a rule's expressions, by its trigger."""

from __future__ import annotations

from collections.abc import Collection

from penstock.core.expressions.engine import Kind
from penstock.core.expressions.scope import Scope
from penstock.core.rules.definition import (
    ConnectivityTrigger,
    Definition,
    EventTrigger,
    HookTrigger,
    ReadingTrigger,
    ScheduleTrigger,
    Trigger,
)

_ALWAYS = {"now": Kind.TIME, "rule.id": Kind.TEXT, "rule.name": Kind.TEXT, "rule.version": Kind.NUMBER}
_DEVICE = {
    "device.id": Kind.TEXT,
    "device.name": Kind.TEXT,
    "device.type": Kind.TEXT,
    "device.labels": Kind.TEXTS,
    "device.project_id": Kind.TEXT,
    "device.identifiers": Kind.TEXTS,
    "latest": Kind.VALUES,
    "window": Kind.NUMBERS,
}
_READING = {
    "reading.id": Kind.TEXT,
    "reading.values": Kind.VALUES,
    "reading.time": Kind.TIME,
    "reading.received": Kind.TIME,
    "reading.kind": Kind.TEXT,
    "reading.channel": Kind.TEXT,
    "reading.derived": Kind.BOOLEAN,
}
_EVENT = {"event.topic": Kind.TEXT, "event.time": Kind.TIME}
_CONNECTIVITY = {"event.state": Kind.TEXT, "event.reason": Kind.TEXT}
_BODY = {"event.body": Kind.ANY}

_SCOPES: dict[type[Trigger], Scope] = {
    ReadingTrigger: Scope(_ALWAYS | _DEVICE | _READING),
    ConnectivityTrigger: Scope(_ALWAYS | _DEVICE | _EVENT | _CONNECTIVITY),
    EventTrigger: Scope(_ALWAYS | _DEVICE | _EVENT | _BODY),
    ScheduleTrigger: Scope(_ALWAYS | _DEVICE | _EVENT),
    HookTrigger: Scope(_ALWAYS | _EVENT | _BODY | {"hook.body": Kind.ANY}),
}
_WITHOUT_DEVICE = Scope(_ALWAYS | _EVENT)
"""A schedule that is evaluated for no device."""


def scope_of(definition: Definition) -> Scope:
    """The variables that have a value when the trigger of a document starts an evaluation."""
    trigger = definition.trigger
    if isinstance(trigger, ScheduleTrigger) and not trigger.device_ids:
        return _WITHOUT_DEVICE
    return _with_windows(_SCOPES[type(trigger)], {one.name for one in definition.windows})


def scope_of_trigger(name: str, windows: Collection[str] | None) -> Scope:
    """The variables of a rule that does not exist yet, by the name of its trigger. Without `windows` any may be named."""
    scope = next(scope for kind, scope in _SCOPES.items() if kind.__struct_config__.tag == name)
    return scope if windows is None else _with_windows(scope, windows)


def _with_windows(scope: Scope, names: Collection[str]) -> Scope:
    return scope.with_keys({"window": frozenset(names)}) if "window" in scope.kinds else scope
