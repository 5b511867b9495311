"""A rule as a document: what starts an evaluation (trigger), whether the rule runs (condition), what it does (actions).

A version stores its document unchanged, and export and import transfer it unchanged, so it contains ids as strings. Each type
of trigger and action is a separate struct with only its own fields. Documents stored before these structs existed have the fields
of every type, most of them empty; decoding ignores the rest. `compiling.py` validates a document and compiles it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeAlias

import msgspec


class WindowFunction(StrEnum):
    """How a window's value is computed from its values."""

    AVG = "avg"
    MIN = "min"
    MAX = "max"
    SUM = "sum"
    COUNT = "count"


class _Trigger(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """The fields of every trigger: `device_ids` and `device_type` restrict the devices; empty means every device."""

    device_ids: tuple[str, ...] = ()
    device_type: str = ""


class ReadingTrigger(_Trigger, frozen=True, kw_only=True, tag="reading"):
    """Triggered by readings that contain one of `sensors`, or any reading if empty; with `backfill` also by old readings."""

    sensors: tuple[str, ...] = ()
    backfill: bool = False


class ConnectivityTrigger(_Trigger, frozen=True, kw_only=True, tag="connectivity"):
    """Triggered when a device enters one of `states`, online or offline; empty means both."""

    states: tuple[str, ...] = ()


class ScheduleTrigger(_Trigger, frozen=True, kw_only=True, tag="schedule"):
    """Triggered on a schedule. `cron` has five fields, in `time_zone`."""

    cron: str
    time_zone: str = "UTC"


class HookTrigger(_Trigger, frozen=True, kw_only=True, tag="hook"):
    """Triggered by a call to the rule's hook."""


class EventTrigger(_Trigger, frozen=True, kw_only=True, tag="event"):
    """Triggered by events. `topics` are their names, each of which may end in `*`."""

    topics: tuple[str, ...]


Trigger: TypeAlias = ReadingTrigger | ConnectivityTrigger | ScheduleTrigger | HookTrigger | EventTrigger
"""What starts an evaluation."""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A value computed from a sensor's values over the last minutes of event time; in expressions it is `window.<name>`."""

    name: str
    sensor: str
    function: WindowFunction
    minutes: int


class CommandAction(msgspec.Struct, frozen=True, kw_only=True, tag="command", tag_field="type"):
    """Requests a command, by name, from a device. Without `device_id` it is the device that triggered the run."""

    command: str
    parameters: dict[str, Any] = {}
    device_id: str = ""


class WebhookAction(msgspec.Struct, frozen=True, kw_only=True, tag="webhook", tag_field="type"):
    """Posts to a URL. `url` and `body` are templates."""

    url: str
    body: str = ""


class EmailAction(msgspec.Struct, frozen=True, kw_only=True, tag="email", tag_field="type"):
    """Sends a mail to each of these addresses. `subject` and `text` are templates."""

    to: tuple[str, ...]
    subject: str
    text: str
    severity: str = ""


class SmsAction(msgspec.Struct, frozen=True, kw_only=True, tag="sms", tag_field="type"):
    """Sends an SMS to each of these numbers. `text` is a template."""

    to: tuple[str, ...]
    text: str


class ChatAction(msgspec.Struct, frozen=True, kw_only=True, tag="chat", tag_field="type"):
    """Posts to the chat channel with this name. `text` is a template."""

    channel: str
    text: str
    severity: str = ""


class LabelAction(msgspec.Struct, frozen=True, kw_only=True, tag="label", tag_field="type"):
    """Sets a label of a device. `value` is a template."""

    key: str
    value: str
    device_id: str = ""


class ReadingAction(msgspec.Struct, frozen=True, kw_only=True, tag="reading", tag_field="type"):
    """Writes a reading for a device. `value` is an expression."""

    key: str
    value: str
    device_id: str = ""


class RaiseAlertAction(msgspec.Struct, frozen=True, kw_only=True, tag="raise_alert", tag_field="type"):
    """Raises the alert with this name for a device. `text` is a template, `value` an expression for the value of the alert
    event.
    """

    name: str
    text: str
    severity: str = ""
    value: str = ""
    device_id: str = ""


class ClearAlertAction(msgspec.Struct, frozen=True, kw_only=True, tag="clear_alert", tag_field="type"):
    """Clears the alert with this name for a device."""

    name: str
    device_id: str = ""


Action: TypeAlias = (
    CommandAction
    | WebhookAction
    | EmailAction
    | SmsAction
    | ChatAction
    | LabelAction
    | ReadingAction
    | RaiseAlertAction
    | ClearAlertAction
)
"""One action."""


def name_of(action: Action) -> str:
    """The name of an action's type, as in documents and runs."""
    return str(action.__struct_config__.tag)


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's document. An empty condition is always true."""

    trigger: Trigger
    windows: tuple[Window, ...] = ()
    condition: str = ""
    actions: tuple[Action, ...] = ()


Differences: TypeAlias = list[tuple[str, Any, Any]]
"""Path, before and after, of each value that differs."""


def differences(before: Definition, after: Definition) -> Differences:
    """The differences between two documents: (path, before, after), with None for a missing value."""
    old, new = _leaves(msgspec.to_builtins(before), ""), _leaves(msgspec.to_builtins(after), "")
    return [(path, old.get(path), new.get(path)) for path in sorted(old.keys() | new.keys()) if old.get(path) != new.get(path)]


def _leaves(value: Any, path: str) -> dict[str, Any]:
    if isinstance(value, dict):
        parts = [(f"{path}.{key}" if path else str(key), entry) for key, entry in value.items()]
    elif isinstance(value, list) and value:
        parts = [(f"{path}[{index}]", entry) for index, entry in enumerate(value)]
    else:
        return {path: value}
    found: dict[str, Any] = {}
    for name, entry in parts:
        found |= _leaves(entry, name)
    return found
