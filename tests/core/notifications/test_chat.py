"""Messages as Slack, Discord, Telegram and Teams take them, against bodies made by hand from their documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from penstock.core.notifications.chat import call_of
from penstock.core.notifications.models import ChannelKind, ChatMessage, Credentials, Severity

FIXTURES = Path(__file__).parent / "fixtures"
TOKEN = "123456:" + "A" * 35
SAID = ChatMessage(
    title="[CRITICAL] Too warm - Room <!channel>\n& hall", text="Value: 7 > *6*\n@everyone", severity=Severity.CRITICAL
)
HOOK = Credentials(url="https://hooks.example.org/in")
BOT = Credentials(token=TOKEN, chat="-100200300")


def body(kind: ChannelKind, message: ChatMessage) -> Any:
    credentials = BOT if kind is ChannelKind.TELEGRAM else HOOK
    return msgspec.json.decode(call_of(kind, credentials, message, "https://api.telegram.org").body)


@pytest.mark.parametrize("kind", ChannelKind)
def test_body(kind: ChannelKind) -> None:
    assert body(kind, SAID) == msgspec.json.decode((FIXTURES / f"{kind.value}.json").read_bytes())


def test_where_it_goes() -> None:
    call = call_of(ChannelKind.TELEGRAM, BOT, SAID, "https://api.telegram.org/")
    assert (call.method, call.url) == ("POST", f"https://api.telegram.org/bot{TOKEN}/sendMessage")
    assert call_of(ChannelKind.TEAMS, HOOK, SAID, "").url == HOOK.url
    assert TOKEN not in repr(BOT)
    assert HOOK.url not in repr(HOOK)


@pytest.mark.parametrize("letter", ["x", "€", "🌡", "*"])
def test_nothing_is_longer_than_the_services_take(letter: str) -> None:
    """Counted in UTF-16 units, in which a picture is two."""

    def units(text: str) -> int:
        return len(text.encode("utf-16-le")) // 2

    long = ChatMessage(title=letter * 5_000, text=letter * 50_000)
    slack, discord, telegram = (body(kind, long) for kind in (ChannelKind.SLACK, ChannelKind.DISCORD, ChannelKind.TELEGRAM))
    assert [units(one["text"]["text"]) <= limit for one, limit in zip(slack["blocks"], (150, 3_000), strict=True)] == [True] * 2
    (embed,) = discord["embeds"]
    assert units(embed["title"]) <= 256
    assert units(embed["title"]) + units(embed["description"]) <= 6_000
    assert 4_000 < units(telegram["text"]) <= 4_096
    assert len(msgspec.json.encode(body(ChannelKind.TEAMS, long))) < 28_000


def test_an_empty_text_is_a_message_all_the_same() -> None:
    for kind in ChannelKind:
        assert "Penstock" in str(body(kind, ChatMessage(title=" ", text="")))


@pytest.mark.parametrize("kind", ChannelKind)
def test_no_text_controls_the_program_that_shows_it(kind: ChannelKind) -> None:
    hostile = "Frost\x1b[2J\x00\u202e\u200b \u2028in"
    sent = call_of(
        kind, BOT if kind is ChannelKind.TELEGRAM else HOOK, msgspec.structs.replace(SAID, title=hostile, text=hostile), ""
    )
    for mark in ("\x1b", "\x00", "\u202e", "\u200b", "\u2028"):
        assert mark not in strings_in(msgspec.json.decode(sent.body or b""))


def strings_in(value: Any) -> str:
    """All strings of a body, one after the other."""
    if isinstance(value, dict):
        return "".join(strings_in(one) for one in value.values())
    return "".join(strings_in(one) for one in value) if isinstance(value, list) else str(value)
