"""What a document asks for and can never get: an event that triggers no rule, a device where there is none.

Only a document that is saved or deployed is checked; a version that runs keeps running.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from penstock.core.rules.definition import (
    Action,
    Definition,
    EventTrigger,
    HookTrigger,
    LabelAction,
    ScheduleTrigger,
    Trigger,
    name_of,
)
from penstock.kit.errors import InvalidInput

EventFields: TypeAlias = Mapping[str, frozenset[str]]
"""The events that trigger rules, with the fields of their data."""
_WHY = {
    "reading.": "; a trigger of type reading is for readings",
    "audit.": "; entries of the audit log are sent to webhooks only",
    "rule.f": "; the runs of rules trigger no rule",
    "sms.d": "; the states of sent SMS trigger no rule",
}
MAX_LABEL_KEY = 64
MAX_LABEL_VALUE = 256
_TEMPLATES = frozenset({"url", "body", "subject", "text", "value"})


def names(pattern: str, topic: str) -> bool:
    """Whether a topic of a trigger, which may end in `*`, names this event."""
    return topic == pattern or (pattern.endswith("*") and topic.startswith(pattern[:-1]))


def triggering_topics(trigger: EventTrigger, triggering: EventFields) -> list[str]:
    """The events that trigger a rule."""
    return [topic for topic in triggering if any(names(one, topic) for one in trigger.topics)]


def check_reach(definition: Definition, triggering: EventFields, field: str = "definition") -> None:
    """Check that the trigger can start an evaluation, and that the actions have a device.

    Raises:
        InvalidInput: they cannot; the field is named.
    """
    trigger = definition.trigger
    if isinstance(trigger, EventTrigger):
        _check_topics(trigger.topics, triggering, f"{field}.trigger.topics")
    for at, action in enumerate(definition.actions):
        _check_names(action, f"{field}.actions[{at}]")
        if isinstance(action, LabelAction):
            _check_label(action, f"{field}.actions[{at}]")
    lacks = lacks_device(trigger, triggering)
    if not lacks:
        return
    needless = {f"trigger.{name}": getattr(trigger, name) for name in ("device_ids", "device_type")}
    for name, value in (needless | {"windows": definition.windows}).items():
        if value:
            raise InvalidInput.field(f"{field}.{name}", f"must be empty, because {lacks}")
    for at, action in enumerate(definition.actions):
        if not getattr(action, "device_id", "not needed"):
            raise InvalidInput.field(f"{field}.actions[{at}].device_id", f"is required for {name_of(action)}, because {lacks}")


def _check_topics(topics: Sequence[str], triggering: EventFields, field: str) -> None:
    for at, one in enumerate(topics):
        if not any(names(one, topic) for topic in triggering):
            why = next((why for prefix, why in _WHY.items() if one.startswith(prefix)), "")
            raise InvalidInput.field(f"{field}[{at}]", f"{one[:64]} names no event that triggers rules{why}", "unknown")


def lacks_device(trigger: Trigger, triggering: EventFields) -> str:
    """Why no evaluation has a device; empty if one can have it."""
    match trigger:
        case HookTrigger():
            return "a hook concerns no device"
        case ScheduleTrigger(device_ids=()):
            return "a schedule without device_ids concerns no device"
        case EventTrigger() if not any("device_id" in triggering[topic] for topic in triggering_topics(trigger, triggering)):
            return "these events concern no device"
        case _:
            return ""


def _check_label(action: LabelAction, field: str) -> None:
    if len(action.key) > MAX_LABEL_KEY:
        raise InvalidInput.field(f"{field}.key", f"must have at most {MAX_LABEL_KEY} characters")
    if len(action.value) > MAX_LABEL_VALUE and "{{" not in action.value:
        raise InvalidInput.field(f"{field}.value", f"must have at most {MAX_LABEL_VALUE} characters")


def _check_names(action: Action, field: str) -> None:
    """Names are used as they are: braces in one would be sent and stored."""
    for one in msgspec.structs.fields(action):
        value: Any = getattr(action, one.name)
        texts = [value] if isinstance(value, str) else value if isinstance(value, tuple) else []
        if one.name not in _TEMPLATES and any("{{" in text for text in texts):
            raise InvalidInput.field(f"{field}.{one.name}", "must not contain {{, because it is not a template")
