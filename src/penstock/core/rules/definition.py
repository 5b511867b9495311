"""What a rule is, as a document: when it looks (trigger), whether it acts (condition), what it does (actions).

A version keeps its document as it was written, and export and import move it as it is; so it holds ids as texts. Each type of
trigger and action is a struct of its own with the fields that mean something to it. Documents that were stored before there were
such structs have the fields of every type, empty, which decoding leaves aside. `compiling.py` checks a document and makes it run.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeAlias, get_args

import msgspec

from penstock.kit.errors import InvalidInput


class WindowFunction(StrEnum):
    """What is made of the values of a window."""

    AVG = "avg"
    MIN = "min"
    MAX = "max"
    SUM = "sum"
    COUNT = "count"


class _Trigger(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every trigger has: `device_ids` and `device_type` narrow down whose it is; empty means every device."""

    device_ids: tuple[str, ...] = ()
    device_type: str = ""


class ReadingTrigger(_Trigger, frozen=True, kw_only=True, tag="reading"):
    """Looks at readings that have one of `sensors`, if any are named; with `backfill` also at those that came late."""

    sensors: tuple[str, ...] = ()
    backfill: bool = False


class ConnectivityTrigger(_Trigger, frozen=True, kw_only=True, tag="connectivity"):
    """Looks when a device comes into one of `states`, online or offline; empty means both."""

    states: tuple[str, ...] = ()


class ScheduleTrigger(_Trigger, frozen=True, kw_only=True, tag="schedule"):
    """Looks when its time has come. `cron` has five fields, in `time_zone`."""

    cron: str
    time_zone: str = "UTC"


class HookTrigger(_Trigger, frozen=True, kw_only=True, tag="hook"):
    """Looks when somebody calls the rule's hook."""


class EventTrigger(_Trigger, frozen=True, kw_only=True, tag="event"):
    """Looks at events. `topics` are their names, each of which may end in `*`."""

    topics: tuple[str, ...]


Trigger: TypeAlias = ReadingTrigger | ConnectivityTrigger | ScheduleTrigger | HookTrigger | EventTrigger
"""When a rule looks."""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A value made of a sensor's values over the last minutes of event time; expressions see it as `window.<name>`."""

    name: str
    sensor: str
    function: WindowFunction
    minutes: int


class CommandAction(msgspec.Struct, frozen=True, kw_only=True, tag="command", tag_field="type"):
    """Asks a device to do a command, called by its name. A device that is not named is the one that caused the run."""

    command: str
    parameters: dict[str, Any] = {}
    device_id: str = ""


class WebhookAction(msgspec.Struct, frozen=True, kw_only=True, tag="webhook", tag_field="type"):
    """Posts to a URL. `url` and `body` are templates."""

    url: str
    body: str = ""


class EmailAction(msgspec.Struct, frozen=True, kw_only=True, tag="email", tag_field="type"):
    """Mails to each of these addresses. `subject` and `text` are templates."""

    to: tuple[str, ...]
    subject: str
    text: str
    severity: str = ""


class SmsAction(msgspec.Struct, frozen=True, kw_only=True, tag="sms", tag_field="type"):
    """Sends an SMS to each of these numbers. `text` is a template."""

    to: tuple[str, ...]
    text: str


class ChatAction(msgspec.Struct, frozen=True, kw_only=True, tag="chat", tag_field="type"):
    """Writes to the chat channel of this name. `text` is a template."""

    channel: str
    text: str
    severity: str = ""


class LabelAction(msgspec.Struct, frozen=True, kw_only=True, tag="label", tag_field="type"):
    """Sets a label of a device. `value` is a template."""

    key: str
    value: str
    device_id: str = ""


class ReadingAction(msgspec.Struct, frozen=True, kw_only=True, tag="reading", tag_field="type"):
    """Writes a reading of a device. `value` is an expression."""

    key: str
    value: str
    device_id: str = ""


class RaiseAlertAction(msgspec.Struct, frozen=True, kw_only=True, tag="raise_alert", tag_field="type"):
    """Raises the alert of this name for a device. `text` is a template, and `value`, an expression, what it is raised with."""

    name: str
    text: str
    severity: str = ""
    value: str = ""
    device_id: str = ""


class ClearAlertAction(msgspec.Struct, frozen=True, kw_only=True, tag="clear_alert", tag_field="type"):
    """Clears the alert of this name for a device."""

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
"""One thing to do."""


def name_of(action: Action) -> str:
    """The word for an action's type, as it stands in documents and runs."""
    return str(action.__struct_config__.tag)


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's document. An empty condition is always true."""

    trigger: Trigger
    windows: tuple[Window, ...] = ()
    condition: str = ""
    actions: tuple[Action, ...] = ()


_TAGGED: dict[str, type[Action]] = {str(one.__struct_config__.tag): one for one in get_args(Action)}


def read_definition(sent: Mapping[str, Any], field: str = "definition") -> Definition:
    """The document of a sent one that has every field of every type.

    Raises:
        InvalidInput: an action has a field that means nothing to its type; it is named, as `definition.actions[0].url`.
    """
    for at, action in enumerate(sent["actions"]):
        known = _TAGGED[action["type"]].__struct_fields__
        for name, value in action.items():
            if value and name != "type" and name not in known:
                raise InvalidInput.field(f"{field}.actions[{at}].{name}", f"means nothing to {action['type']}")
    return msgspec.convert(sent, Definition)


Differences: TypeAlias = list[tuple[str, Any, Any]]
"""Path, before and after, of each value that differs."""


def differences(before: Definition, after: Definition) -> Differences:
    """Where two documents differ: (path, before, after), with None for what is not there."""
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
