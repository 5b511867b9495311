"""The variables of a rule's expressions, by its trigger."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from penstock.core.devices.connectivity import TOPICS as CONNECTIVITY_TOPICS
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
from penstock.core.rules.reach import EventFields, lacks_device, triggering_topics

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
    ConnectivityTrigger: Scope(_ALWAYS | _DEVICE | _EVENT | _CONNECTIVITY | _BODY),
    EventTrigger: Scope(_ALWAYS | _DEVICE | _EVENT | _BODY),
    ScheduleTrigger: Scope(_ALWAYS | _DEVICE | _EVENT),
    HookTrigger: Scope(_ALWAYS | _EVENT | _BODY | {"hook.body": Kind.ANY}),
}
_WITHOUT_DEVICE = Scope(_ALWAYS | _EVENT)
"""A schedule that is evaluated for no device."""
_EVENT_WITHOUT_DEVICE = Scope(_ALWAYS | _EVENT | _BODY)
"""Events that concern no device."""


def scope_of(definition: Definition, triggering: EventFields | None = None) -> Scope:
    """The variables that have a value when the trigger of a document starts an evaluation.

    With `triggering` the fields of `event.body` are those of the events that trigger it.
    """
    trigger = definition.trigger
    if isinstance(trigger, ScheduleTrigger) and not trigger.device_ids:
        return _WITHOUT_DEVICE
    scope = _with_windows(_SCOPES[type(trigger)], {one.name for one in definition.windows})
    return scope if triggering is None else _with_fields(scope, trigger, triggering)


def scope_of_trigger(name: str, topics: Sequence[str], triggering: EventFields, windows: Collection[str] | None) -> Scope:
    """The variables of a rule that does not exist yet, by the name of its trigger. Without `windows` any may be named."""
    kind, scope = next((kind, scope) for kind, scope in _SCOPES.items() if kind.__struct_config__.tag == name)
    if kind is ConnectivityTrigger or (kind is EventTrigger and topics):
        trigger = ConnectivityTrigger() if kind is ConnectivityTrigger else EventTrigger(topics=tuple(topics))
        scope = _with_fields(scope, trigger, triggering)
    return scope if windows is None else _with_windows(scope, windows)


def _with_windows(scope: Scope, names: Collection[str]) -> Scope:
    return scope.with_keys({"window": frozenset(names)}) if "window" in scope.kinds else scope


def _with_fields(scope: Scope, trigger: Trigger, triggering: EventFields) -> Scope:
    match trigger:
        case EventTrigger():
            topics = triggering_topics(trigger, triggering)
            scope = _EVENT_WITHOUT_DEVICE if lacks_device(trigger, triggering) else scope
        case ConnectivityTrigger():
            topics = list(CONNECTIVITY_TOPICS.values())
        case _:
            return scope
    return scope.with_keys({"event.body": frozenset().union(*(triggering[topic] for topic in topics))})
