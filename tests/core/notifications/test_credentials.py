"""Credentials of channels: what is shown of them, and their form before the vault."""

from __future__ import annotations

import msgspec
import pytest

from penstock.adapters.sealing import SealedBox
from penstock.core.notifications.credentials import hint_of, needed, old_paths, open_old, secret_parts
from penstock.core.notifications.models import ChannelKind, Credentials
from penstock.kit.secret import MASK, Pepper

URL = "https://hooks.slack.com/services/T0000/B0000/x7Qd"
TOKEN = "123456:abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("credentials", "names", "hint"),
    [
        (Credentials(url=URL), {"url": ""}, f"https://hooks.slack.com/{MASK}x7Qd"),
        (Credentials(url="https://x.example/short"), {"url": ""}, f"https://x.example/{MASK}"),
        (Credentials(url=URL), {"url": "slack"}, "secret://slack"),
        (Credentials(token=TOKEN, chat="-100"), {"token": "", "chat": ""}, f"123456:{MASK} in -100"),
        (Credentials(token=TOKEN, chat="-100"), {"token": "bot", "chat": ""}, "secret://bot in -100"),
    ],
)
def test_a_hint_reveals_nothing(credentials: Credentials, names: dict[str, str], hint: str) -> None:
    assert hint_of(credentials, names) == hint


def test_the_old_form_opens_for_its_own_channel_alone() -> None:
    box = SealedBox(Pepper(b"p" * 32))
    sealed = box.seal(msgspec.json.encode(Credentials(token=TOKEN, chat="1")), "channel:7")
    assert open_old(box, 7, sealed) == {"token": TOKEN, "chat": "1"}
    with pytest.raises(ValueError, match="another owner"):
        open_old(box, 8, sealed)


@pytest.mark.parametrize("kind", list(ChannelKind))
def test_which_credentials_a_channel_had_is_known_by_its_kind(kind: ChannelKind) -> None:
    assert old_paths(b"", kind.value) == list(needed(kind))


def test_what_is_secret_of_credentials() -> None:
    url, word = "https://hooks.example.org/in/", "q" * 20
    parts = secret_parts(Credentials(url=url + word), {"url": ""})

    assert {url + word, f"/in/{word}", word} <= set(parts)
    assert "/" not in secret_parts(Credentials(url="https://x.example/"), {"url": ""})
    assert secret_parts(Credentials(token=TOKEN, chat="-100"), {"token": "", "chat": ""})[-2:] == [TOKEN, ""]
    assert secret_parts(Credentials(token=TOKEN, chat="-100"), {"token": "", "chat": "room"})[-1] == "-100"
