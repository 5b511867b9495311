"""What a rule is, as a document: when it looks (trigger), whether it acts (condition), what it does (actions).

A version keeps its document as it was written, and export and import move it as it is; so it holds ids as texts, and every
field that its type does not use is empty. `compiling.py` checks it and makes it run.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeAlias

import msgspec


class TriggerType(StrEnum):
    """What makes a rule look."""

    READING = "reading"
    CONNECTIVITY = "connectivity"
    SCHEDULE = "schedule"
    HOOK = "hook"
    EVENT = "event"


class WindowFunction(StrEnum):
    """What is made of the values of a window."""

    AVG = "avg"
    MIN = "min"
    MAX = "max"
    SUM = "sum"
    COUNT = "count"


class ActionType(StrEnum):
    """What a rule can do."""

    COMMAND = "command"
    WEBHOOK = "webhook"
    EMAIL = "email"
    SMS = "sms"
    CHAT = "chat"
    LABEL = "label"
    READING = "reading"
    RAISE_ALERT = "raise_alert"
    CLEAR_ALERT = "clear_alert"


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """When a rule looks.

    `device_ids` and `device_type` narrow down whose readings, connectivity or schedule it is; empty means every device.
    `sensors`: only readings that have one of these. `backfill`: also readings that came late. `states`: online, offline.
    `cron` has five fields, in `time_zone`. `topics` are names of events, each of which may end in `*`.
    """

    type: TriggerType
    device_ids: tuple[str, ...] = ()
    device_type: str = ""
    sensors: tuple[str, ...] = ()
    backfill: bool = False
    states: tuple[str, ...] = ()
    cron: str = ""
    time_zone: str = "UTC"
    topics: tuple[str, ...] = ()


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A value made of a sensor's values over the last minutes of event time; expressions see it as `window.<name>`."""

    name: str
    sensor: str
    function: WindowFunction
    minutes: int


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do. Texts are templates.

    `device_id` empty means the device that caused the run. `command` is a command's name. `value` is an expression for a
    `reading` and for the value that an alert is raised with, and a template for a `label`. `name` is the alert's,
    `channel` a chat channel's.
    """

    type: ActionType
    device_id: str = ""
    command: str = ""
    parameters: dict[str, Any] = {}
    url: str = ""
    body: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    channel: str = ""
    key: str = ""
    value: str = ""
    name: str = ""
    severity: str = ""


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's document. An empty condition is always true."""

    trigger: Trigger
    windows: tuple[Window, ...] = ()
    condition: str = ""
    actions: tuple[Action, ...] = ()


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
