"""The credentials of chat channels in the vault, each under the name of its field."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from penstock.core.notifications.models import ChannelKind, Credentials
from penstock.core.vault.conversion import OldBox
from penstock.core.vault.fields import SCHEME
from penstock.core.vault.models import Owner
from penstock.core.vault.owners import CHANNEL
from penstock.kit.ids import ChannelId
from penstock.kit.secret import MASK

KIND = CHANNEL
TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{20,100}", re.ASCII)
"""Telegram's form of a bot token. It becomes part of a URL, so no other characters are accepted."""
_SHOWN = 4
"""Number of a URL's last characters that are shown."""
_SECRET = 20
"""Minimum length of a path for which showing its last characters does not reveal the secret."""


def owner_of(channel_id: ChannelId) -> Owner:
    """A channel as the owner of its credentials."""
    return Owner(KIND, channel_id)


def needed(kind: ChannelKind) -> tuple[str, ...]:
    """The credentials that a service requires."""
    return ("token", "chat") if kind is ChannelKind.TELEGRAM else ("url",)


def hint_of(credentials: Credentials, names: Mapping[str, str]) -> str:
    """The part of the credentials that is shown: the host and last characters of a URL, or the public part of a token and the
    chat. Of a reference it is the name of the secret, of which nothing else is shown.
    """
    shown = {path: f"{SCHEME}{name}" for path, name in names.items() if name}
    if credentials.url:
        return shown.get("url") or _url_hint(credentials.url)
    token = shown.get("token") or f"{credentials.token.partition(':')[0]}:{MASK}"
    return f"{token} in {shown.get('chat') or credentials.chat}"


def secret_parts(credentials: Credentials, names: Mapping[str, str]) -> list[str]:
    """What must not be shown of the credentials: of a URL also the path, and each long part of it. The chat is shown, unless it
    is a reference.
    """
    path = "/" + credentials.url.partition("://")[2].partition("/")[2]
    words = [word for word in re.split(r"[/?&=]", path) if len(word) >= _SECRET]
    chat = credentials.chat if names.get("chat") else ""
    return [credentials.url, path if len(path) > _SHOWN else "", *words, credentials.token, chat]


def open_old(box: OldBox, number: int, sealed: bytes) -> dict[str, str]:
    """The credentials of a channel as they were stored before there was a vault.

    Raises:
        ValueError: they were sealed for another owner, or by another server.
    """
    found = msgspec.json.decode(box.open(sealed, f"{KIND}:{number}"), type=Credentials)
    return {path: value for path, value in msgspec.structs.asdict(found).items() if value}


def old_paths(sealed: bytes, hint: str) -> list[str]:
    """Which credentials a channel has that are still stored in that form. `hint` is its kind."""
    return list(needed(ChannelKind(hint)))


def _url_hint(url: str) -> str:
    scheme, _, rest = url.partition("://")
    host, _, path = rest.partition("/")
    return f"{scheme}://{host}/{MASK}{path[-_SHOWN:] if len(path) >= _SECRET else ''}"
