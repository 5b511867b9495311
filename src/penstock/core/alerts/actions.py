"""What is done when an alert is raised: typed wishes, carried out by runners that are registered under their names."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

from penstock.kit.ids import DefinitionId, DeviceId


class WebhookAction(msgspec.Struct, frozen=True, tag="webhook", tag_field="type"):
    """Webhooks hear of every alert by their subscription; naming it here only says so."""

    on_clear: bool = False


class EmailAction(msgspec.Struct, frozen=True, tag="email", tag_field="type"):
    """A mail to each of these addresses; none means the organisation's owners. `subject` and `text` are templates."""

    to: tuple[str, ...] = ()
    on_clear: bool = False
    subject: str = ""
    text: str = ""


class CommandAction(msgspec.Struct, frozen=True, tag="command", tag_field="type"):
    """A command that the device of the alert is asked to do, or another device that is named."""

    definition_id: DefinitionId
    device_id: DeviceId | None = None
    parameters: dict[str, Any] = {}
    on_clear: bool = False


class SmsAction(msgspec.Struct, frozen=True, tag="sms", tag_field="type"):
    """A text message to each of these numbers (E.164). `text` is a template."""

    to: tuple[str, ...]
    on_clear: bool = False
    text: str = ""


class ChatAction(msgspec.Struct, frozen=True, tag="chat", tag_field="type"):
    """A message in a chat channel that was set up under this name. `text` is a template."""

    channel: str
    on_clear: bool = False
    text: str = ""


Action: TypeAlias = WebhookAction | EmailAction | CommandAction | SmsAction | ChatAction


def name_of(action: Action) -> str:
    """The word by which an action's runner is registered."""
    return str(action.__struct_config__.tag)


class EscalationStep(msgspec.Struct, frozen=True):
    """What more is done when an alert was not acknowledged for so long after it was raised."""

    after_us: int
    actions: tuple[Action, ...]
