"""Chat channels and quiet hours over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.alerts.wire import ClockTime
from penstock.api.v2.wire import Name, Word
from penstock.core.notifications.models import ChannelKind, Severity
from penstock.kit.secret import hides
from penstock.kit.wire_types import one_of

Url = Annotated[str, Meta(min_length=1, max_length=2048)]
# Telegram's form of a bot token. It becomes part of a URL, so no other characters are accepted.
Token = Annotated[
    str,
    Meta(
        pattern=r"^([0-9]{1,20}:[A-Za-z0-9_-]{20,100}|secret://[A-Za-z0-9._-]{1,100})$(?!\n)",
        max_length=121,
        extra={"form": "a bot's token, or secret:// followed by the name of a secret"},
    ),
]
ChatId = Annotated[
    str,
    Meta(
        pattern=r"^(-?[0-9]{1,20}|@[A-Za-z0-9_]{3,64})$(?!\n)",
        max_length=65,
        extra={"form": "a number, or the name of a public channel with a leading @"},
    ),
]


@hides("url", "token")
class ChannelCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A chat channel to create.

    Slack, Discord and Teams have a `url` for incoming messages, Telegram a bot's `token` and a `chat`: a number, or the name of
    a public channel.
    """

    name: Name
    kind: Literal["slack", "discord", "telegram", "teams"]
    url: Url | None = None
    token: Token | None = None
    chat: ChatId | None = None


@hides("url", "token")
class ChannelPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a chat channel: omitted fields are unchanged. Its name and kind are fixed: alerts and rules refer to it."""

    url: Url | UnsetType = UNSET
    token: Token | UnsetType = UNSET
    chat: ChatId | UnsetType = UNSET


class Channel(Struct, frozen=True):
    """A chat channel. `target` is its address without the credential.

    `secret_references` are the names of the secrets that its fields refer to, by field.
    `failures` counts the messages that were not accepted since the last success; `last_error` states why the last one failed.
    """

    id: str
    name: str
    kind: Annotated[str, one_of(*ChannelKind)]
    target: str
    secret_references: dict[str, str]
    last_sent_at: str | None
    failures: int
    last_error: str | None
    last_error_at: str | None
    created_at: str
    updated_at: str


class ChannelTested(Struct, frozen=True):
    """Whether the chat service accepted the message, and the reason if not."""

    delivered: bool
    error: str | None


class QuietHoursSet(Struct, frozen=True, forbid_unknown_fields=True):
    """When a user receives no mails of alerts and rules: days (1 Monday to 7 Sunday) and local hours in a time zone.

    If the end is before the start, the span continues past midnight and belongs to the day on which it starts. Mails of at least
    the severity `breaks_through` are still sent; with null, none are.
    """

    time_zone: Word
    from_: ClockTime = msgspec.field(name="from")
    to: ClockTime
    days: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(min_length=1, max_length=7)] = msgspec.field(
        default_factory=lambda: [1, 2, 3, 4, 5, 6, 7]
    )
    breaks_through: Literal["critical", "warning"] | None = "critical"


class QuietHours(Struct, frozen=True):
    """The caller's quiet hours. If `enabled` is false there are none, and the other fields are empty."""

    enabled: bool
    time_zone: str | None
    from_: str | None = msgspec.field(name="from")
    to: str | None
    days: list[int]
    breaks_through: Annotated[str, one_of(*Severity)] | None
