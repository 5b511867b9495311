"""Chat channels, quiet hours, and waiting mails."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType

from penstock.core.notifications.hours import ActiveHours
from penstock.core.vault.models import SecretPaths
from penstock.kit.ids import ChannelId, OrgId
from penstock.kit.secret import hides


class Severity(StrEnum):
    """The severity of an alert or a notification."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


RANKS = {Severity.INFO: 0, Severity.WARNING: 1, Severity.CRITICAL: 2}
"""Severities in order."""


class ChannelKind(StrEnum):
    """The service of a chat channel."""

    SLACK = "slack"
    DISCORD = "discord"
    TELEGRAM = "telegram"
    TEAMS = "teams"


@hides("url", "token")
class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """The credentials of a channel: Telegram has a bot token and a chat id, the others a URL that is secret as a whole."""

    url: str = ""
    token: str = ""
    chat: str = ""


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A chat channel. `secret_paths` are the paths of its `Credentials`, `hint` is the part of them that is shown.

    `failures` counts failed attempts since the last accepted message; `last_error` is the reason of the latest.
    """

    id: ChannelId
    org_id: OrgId
    name: str
    kind: ChannelKind
    secret_paths: SecretPaths
    hint: str
    created_us: int
    updated_us: int
    last_sent_us: int | None = None
    failures: int = 0
    last_error: str | None = None
    last_error_us: int | None = None


@hides("url", "token")
class NewChannel(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a new chat channel."""

    name: str
    kind: ChannelKind
    url: str = ""
    token: str = ""
    chat: str = ""


@hides("url", "token")
class ChannelPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a chat channel: an UNSET field is unchanged. The name cannot change, because alerts and rules refer to it."""

    url: str | UnsetType = UNSET
    token: str | UnsetType = UNSET
    chat: str | UnsetType = UNSET


class ChatMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message for a chat channel. Both strings are plain text."""

    title: str
    text: str
    severity: Severity = Severity.INFO


class Quiet(msgspec.Struct, frozen=True, kw_only=True):
    """When a user receives no notification mails, except those at least as severe as `breaks_through`, if it is set."""

    hours: ActiveHours
    breaks_through: Severity | None = Severity.CRITICAL


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A notification mail. `prompt`: a user has just requested it, so it is not delayed."""

    subject: str
    text: str
    severity: Severity = Severity.WARNING
    prompt: bool = False


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """The waiting mails to one address with this subject and severity. `text` is that of the latest."""

    address: str
    severity: Severity
    subject: str
    text: str
    count: int
    first_us: int
    last_us: int
    due_us: int


class MailWindow(msgspec.Struct, frozen=True):
    """When the current window of an address started, and how many mails were sent in it."""

    since_us: int
    sent: int
