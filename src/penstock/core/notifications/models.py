"""Chat channels, quiet hours, and mails that wait."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType

from penstock.core.notifications.hours import ActiveHours
from penstock.kit.ids import ChannelId, OrgId
from penstock.kit.secret import hides


class Severity(StrEnum):
    """How bad it is."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


RANKS = {Severity.INFO: 0, Severity.WARNING: 1, Severity.CRITICAL: 2}
"""Severities in order."""


class ChannelKind(StrEnum):
    """Which service a chat channel is of."""

    SLACK = "slack"
    DISCORD = "discord"
    TELEGRAM = "telegram"
    TEAMS = "teams"


@hides("url", "token")
class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """What lets us write: Telegram has a bot's token and the chat's id, the others a URL that is a secret as a whole."""

    url: str = ""
    token: str = ""
    chat: str = ""


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A chat channel. `sealed` are its `Credentials`, `hint` is what is shown of them.

    `failures` are attempts that failed since the last message that was taken; `last_error` says why the last of them did.
    """

    id: ChannelId
    org_id: OrgId
    name: str
    kind: ChannelKind
    sealed: bytes
    hint: str
    created_us: int
    updated_us: int
    last_sent_us: int | None = None
    failures: int = 0
    last_error: str | None = None
    last_error_us: int | None = None


@hides("url", "token")
class NewChannel(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to make a chat channel."""

    name: str
    kind: ChannelKind
    url: str = ""
    token: str = ""
    chat: str = ""


@hides("url", "token")
class ChannelPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a chat channel: what is UNSET stays. Its name stays, as alerts and rules name it."""

    url: str | UnsetType = UNSET
    token: str | UnsetType = UNSET
    chat: str | UnsetType = UNSET


class ChatMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What is said in a chat. Both are plain text."""

    title: str
    text: str
    severity: Severity = Severity.INFO


class Quiet(msgspec.Struct, frozen=True, kw_only=True):
    """When a person wants no mail of what happened, but for what is at least as severe as `breaks_through`, if that is set."""

    hours: ActiveHours
    breaks_through: Severity | None = Severity.CRITICAL


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A mail of something that happened. `prompt`: it was asked for just now, and waits for nothing."""

    subject: str
    text: str
    severity: Severity = Severity.WARNING
    prompt: bool = False


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Mails to one address that wait, as many as have this subject and severity. `text` is that of the latest."""

    address: str
    severity: Severity
    subject: str
    text: str
    count: int
    first_us: int
    last_us: int
    due_us: int


class MailWindow(msgspec.Struct, frozen=True):
    """Since when mails to an address are counted, and how many went out."""

    since_us: int
    sent: int
