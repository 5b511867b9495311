"""The actions of an alert: typed requests, executed by the runners that are registered under their names."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

from penstock.kit.ids import DefinitionId, DeviceId


class WebhookAction(msgspec.Struct, frozen=True, tag="webhook", tag_field="type"):
    """Webhooks receive every alert that they subscribe to; this action only documents it."""

    on_clear: bool = False


class EmailAction(msgspec.Struct, frozen=True, tag="email", tag_field="type"):
    """A mail to each of these addresses, by default the organisation's owners. `subject` and `text` are templates."""

    to: tuple[str, ...] = ()
    on_clear: bool = False
    subject: str = ""
    text: str = ""


class CommandAction(msgspec.Struct, frozen=True, tag="command", tag_field="type"):
    """A command for the alert's device, or for another device if `device_id` is set."""

    definition_id: DefinitionId
    device_id: DeviceId | None = None
    parameters: dict[str, Any] = {}
    on_clear: bool = False


class SmsAction(msgspec.Struct, frozen=True, tag="sms", tag_field="type"):
    """An SMS to each of these numbers (E.164). `text` is a template."""

    to: tuple[str, ...]
    on_clear: bool = False
    text: str = ""


class ChatAction(msgspec.Struct, frozen=True, tag="chat", tag_field="type"):
    """A message in the chat channel with this name. `text` is a template."""

    channel: str
    on_clear: bool = False
    text: str = ""


Action: TypeAlias = WebhookAction | EmailAction | CommandAction | SmsAction | ChatAction


def name_of(action: Action) -> str:
    """The name under which the action's runner is registered."""
    return str(action.__struct_config__.tag)


class EscalationStep(msgspec.Struct, frozen=True):
    """Additional actions if the alert is not acknowledged within `after_us` of being raised."""

    after_us: int
    actions: tuple[Action, ...]
