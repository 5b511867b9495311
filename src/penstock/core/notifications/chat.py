"""Messages in the formats of chat services: pure functions, one per service.

Text from devices and users is always plain: nothing in it becomes a mention, a link or bold text. Lengths are counted in UTF-16
units, as by the strictest of the services.
Source, read 2026-11-21: Slack, incoming webhooks and Block Kit (docs.slack.dev); Discord, execute webhook and embed limits
(docs.discord.com); Telegram, sendMessage (core.telegram.org/bots/api); Teams, incoming webhooks with Workflows, which accept a
message with one Adaptive Card (learn.microsoft.com). Fixtures in tests/core/notifications/fixtures.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from penstock.core.notifications.models import ChannelKind, ChatMessage, Credentials, Severity
from penstock.core.outbound.ports import CallAnswer, OutgoingCall
from penstock.kit.clock import SECOND_US
from penstock.kit.quoting import one_line, visible
from penstock.kit.retry_after import BUSY, MAX_RETRY_AFTER_US, retry_after_us

SLACK_TITLE, SLACK_TEXT = 150, 3_000
DISCORD_TITLE, DISCORD_TEXT = 256, 4_096
TELEGRAM_TEXT = 4_096
TEAMS_TITLE, TEAMS_TEXT = 300, 8_000
"""A card can have 28 kB. With escapes and three bytes per character the message is below that."""
_COLORS = {Severity.INFO: 0x2F80ED, Severity.WARNING: 0xF2A900, Severity.CRITICAL: 0xD92D20}
_TEAMS_COLORS = {Severity.INFO: "Accent", Severity.WARNING: "Warning", Severity.CRITICAL: "Attention"}
_MARKDOWN = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_~|>#[]()<@"})


def call_of(kind: ChannelKind, credentials: Credentials, message: ChatMessage, telegram_url: str) -> OutgoingCall:
    """The request that posts a message to a channel."""
    shown = msgspec.structs.replace(message, title=one_line(message.title), text=visible(message.text))
    url, body = credentials.url, _SHAPES[kind](shown)
    if kind is ChannelKind.TELEGRAM:
        url = f"{telegram_url.rstrip('/')}/bot{credentials.token}/sendMessage"
        body = {"chat_id": credentials.chat, **body}
    headers = (("Content-Type", "application/json"), ("User-Agent", "Penstock"))
    return OutgoingCall(url=url, headers=headers, body=msgspec.json.encode(body))


def wait_of(answer: CallAnswer, now_us: int) -> int:
    """How long a busy service asks to wait, in microseconds: in its header, or as Telegram and Discord in the body too."""
    if answer.status not in BUSY:
        return 0
    try:
        body = msgspec.json.decode(answer.body, type=_Busy)
    except msgspec.DecodeError:
        body = _Busy()
    seconds = max(body.retry_after, body.parameters.retry_after)
    asked_us = int(min(max(seconds, 0), MAX_RETRY_AFTER_US / SECOND_US) * SECOND_US)
    return max(retry_after_us(answer.headers.get("retry-after"), now_us), asked_us)


class _Parameters(msgspec.Struct, frozen=True):
    retry_after: float = 0


class _Busy(msgspec.Struct, frozen=True):
    """The body of a 429: Discord's has the seconds itself, Telegram's in `parameters`."""

    retry_after: float = 0
    parameters: _Parameters = _Parameters()


def slack(message: ChatMessage) -> dict[str, Any]:
    """A header and a section, both plain text. `text` is shown in notifications, where `&`, `<` and `>` are markup."""
    title = _cut(_line(message.title), SLACK_TITLE)
    shown = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    blocks: list[dict[str, Any]] = [{"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}}]
    if message.text.strip():
        text = _cut(message.text, SLACK_TEXT)
        blocks.append({"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}})
    return {"text": shown, "blocks": blocks}


def discord(message: ChatMessage) -> dict[str, Any]:
    """One embed in the colour of the severity. Markdown is escaped and mentions are disabled."""
    embed = {
        "title": _cut(_line(message.title).translate(_MARKDOWN), DISCORD_TITLE),
        "description": _cut(message.text.translate(_MARKDOWN), DISCORD_TEXT),
        "color": _COLORS[message.severity],
    }
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def telegram(message: ChatMessage) -> dict[str, Any]:
    """Text without `parse_mode`, so that nothing in it is markup. `call_of` adds the chat's id."""
    text = _cut(f"{_line(message.title)}\n\n{message.text}".strip(), TELEGRAM_TEXT)
    return {"text": text, "link_preview_options": {"is_disabled": True}}


def teams(message: ChatMessage) -> dict[str, Any]:
    """A message with one Adaptive Card. Its text blocks support some Markdown, which is escaped."""
    title = {
        "type": "TextBlock",
        "text": _cut(_line(message.title).translate(_MARKDOWN), TEAMS_TITLE),
        "weight": "Bolder",
        "size": "Medium",
        "color": _TEAMS_COLORS[message.severity],
        "wrap": True,
    }
    lines = _cut(message.text.translate(_MARKDOWN), TEAMS_TEXT).replace("\n", "\n\n")  # Markdown ignores a single line break
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [title, {"type": "TextBlock", "text": lines, "wrap": True}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


_SHAPES: dict[ChannelKind, Callable[[ChatMessage], dict[str, Any]]] = {
    ChannelKind.SLACK: slack,
    ChannelKind.DISCORD: discord,
    ChannelKind.TELEGRAM: telegram,
    ChannelKind.TEAMS: teams,
}


def _line(text: str) -> str:
    return " ".join(text.split()) or "Penstock"


def _cut(text: str, limit: int) -> str:
    units = text.encode("utf-16-le", "replace")
    if len(units) <= 2 * limit:
        return text
    # A cut inside a surrogate pair leaves half a character, which `ignore` drops.
    return units[: 2 * (limit - 1)].decode("utf-16-le", "ignore") + "…"
