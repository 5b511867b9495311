"""A rule's document exactly as on the wire: each type of trigger and action has its own fields, and no others."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from penstock.api.v2.wire import Id, Name, Word

Expression = Annotated[str, Meta(max_length=1_000)]
Template = Annotated[str, Meta(max_length=4_000)]
DeviceType = Annotated[str, Meta(max_length=64)]
ActionName = Annotated[str, Meta(max_length=200)]
"""The name of a chat channel or an alert, or the key of a label or sensor."""
ActionDevice = Annotated[str, Meta(max_length=64)]
"""The id of a device; empty is the device that caused the run."""
Recipients = Annotated[list[Annotated[str, Meta(min_length=1, max_length=254)]], Meta(max_length=10)]
SeverityName = Literal["", "critical", "high", "medium", "low", "info"]


class _Trigger(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """The fields of every trigger."""

    device_ids: Annotated[list[Id], Meta(max_length=500)] = []
    device_type: DeviceType = ""


class ReadingTrigger(_Trigger, frozen=True, kw_only=True, tag="reading"):
    """At each reading, or at those with one of `sensors`; with `backfill` also at backfill.

    `device_ids` and `device_type` limit a rule to some devices.
    """

    sensors: Annotated[list[Name], Meta(max_length=64)] = []
    backfill: bool = False


class ConnectivityTrigger(_Trigger, frozen=True, kw_only=True, tag="connectivity"):
    """When a device comes online or goes offline, or only one of the two (`states`)."""

    states: Annotated[list[Literal["online", "offline"]], Meta(max_length=2)] = []


class ScheduleTrigger(_Trigger, frozen=True, kw_only=True, tag="schedule"):
    """On a schedule: `cron` has five fields, in `time_zone`."""

    cron: Annotated[str, Meta(max_length=100)]
    time_zone: Annotated[str, Meta(max_length=64)] = "UTC"


class HookTrigger(_Trigger, frozen=True, kw_only=True, tag="hook"):
    """When the rule's hook is called."""


class EventTrigger(_Trigger, frozen=True, kw_only=True, tag="event"):
    """At events with one of these `topics`, such as `alert.*`."""

    topics: Annotated[list[Name], Meta(max_length=64)]


Trigger: TypeAlias = Annotated[
    ReadingTrigger | ConnectivityTrigger | ScheduleTrigger | HookTrigger | EventTrigger, Meta(title="RuleTrigger")
]


WindowName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z_][a-z0-9_]{0,31}$(?!\n)",
        max_length=32,
        extra={"form": "a name of lower-case letters, digits and underscores that does not start with a digit"},
    ),
]


class Window(Struct, frozen=True, forbid_unknown_fields=True):
    """A value computed from a sensor's values over the last minutes; expressions read it as `window.<name>`."""

    name: WindowName
    sensor: Name
    function: Literal["avg", "min", "max", "sum", "count"]
    minutes: Annotated[int, Meta(ge=1, le=1_440)]


class _Action(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """An action; strings can contain `{{ expressions }}`."""


class CommandAction(_Action, frozen=True, kw_only=True, tag="command"):
    """A command, by name, for the device that caused the run, or for the device in `device_id`."""

    command: Annotated[str, Meta(max_length=64)]
    parameters: Annotated[dict[Word, object], Meta(max_length=64)] = {}
    device_id: ActionDevice = ""


class WebhookAction(_Action, frozen=True, kw_only=True, tag="webhook"):
    """A POST to a URL. `url` and `body` are templates; without `body` the rule's variables are sent."""

    url: Annotated[str, Meta(max_length=2_000)]
    body: Template = ""


class EmailAction(_Action, frozen=True, kw_only=True, tag="email"):
    """A mail to each of these addresses. `subject` and `text` are templates."""

    to: Recipients
    subject: Annotated[str, Meta(max_length=200)]
    text: Template
    severity: SeverityName = ""


class SmsAction(_Action, frozen=True, kw_only=True, tag="sms"):
    """A text message to each of these numbers. `text` is a template."""

    to: Recipients
    text: Template


class ChatAction(_Action, frozen=True, kw_only=True, tag="chat"):
    """A message in the chat channel with this name. `text` is a template."""

    channel: ActionName
    text: Template
    severity: SeverityName = ""


class LabelAction(_Action, frozen=True, kw_only=True, tag="label"):
    """A label of the device that caused the run, or of the device in `device_id`. `value` is a template."""

    key: ActionName
    value: Expression
    device_id: ActionDevice = ""


class ReadingAction(_Action, frozen=True, kw_only=True, tag="reading"):
    """A derived reading of the device that caused the run, or of the device in `device_id`. `value` is an expression."""

    key: ActionName
    value: Expression
    device_id: ActionDevice = ""


class RaiseAlertAction(_Action, frozen=True, kw_only=True, tag="raise_alert"):
    """Raises the alert with this name. `text` is a template, `value` an expression for the value of the alert event.

    The alert event belongs to the device that caused the run, or to the device in `device_id`.
    """

    name: ActionName
    text: Template
    severity: SeverityName = ""
    value: Expression = ""
    device_id: ActionDevice = ""


class ClearAlertAction(_Action, frozen=True, kw_only=True, tag="clear_alert"):
    """Clears the alert with this name for the device that caused the run, or for the device in `device_id`."""

    name: ActionName
    device_id: ActionDevice = ""


Action: TypeAlias = Annotated[
    CommandAction
    | WebhookAction
    | EmailAction
    | SmsAction
    | ChatAction
    | LabelAction
    | ReadingAction
    | RaiseAlertAction
    | ClearAlertAction,
    Meta(title="RuleAction"),
]


class Definition(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule's document: its trigger, its condition and its actions, in order. An empty condition is always true."""

    trigger: Trigger
    windows: Annotated[list[Window], Meta(max_length=8)] = []
    condition: Expression = ""
    actions: Annotated[list[Action], Meta(max_length=16)] = []
