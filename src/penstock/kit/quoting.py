"""Names chosen by one person, in a text that another one reads: a mail, a message, a terminal.

A name must not pass for the text around it. In `quoted` it is one short line in quotation marks without anything that a program
turns into a link: "Your account is blocked, see http://…" remains a strange name and becomes no call to action.
"""

from __future__ import annotations

import re
import unicodedata

MAX_QUOTED = 80
_DOTS = "\\.\u3002\uff0e\uff61"
"""Domain names are split at these. Source: UTS #46, section 2.3."""
_LINK = re.compile(
    rf"[a-z][a-z0-9+.-]*:/+\S*|\b(?:mailto|tel|sms|data|javascript):\S*|\bwww[{_DOTS}]\S*|[\w-]+(?:[{_DOTS}][\w-]+)+(?::\d+)?/\S*",
    re.IGNORECASE,
)
_DOT_IN_DOMAIN = re.compile(rf"(?<=\w)[{_DOTS}](?=\w)")
_QUOTES = str.maketrans(dict.fromkeys('"“”„‟«»', "'"))
_KEPT = "\n\t"


def visible(text: str) -> str:
    """A text without characters that control a program or reorder the text around them; lines and tabs are kept.

    A text from outside can contain escape sequences of terminals, and marks that make the reader see another order of letters.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(one for one in unified if one in _KEPT or not _is_control(one))


def one_line(text: str) -> str:
    """The visible text on one line, for subjects and titles."""
    return " ".join(visible(text).split())


def quoted(text: str) -> str:
    """A name in quotation marks: one line of at most 80 characters, without links."""
    # Compatibility forms such as full-width letters are unified first, so that a link written in them is found.
    bare = one_line(unicodedata.normalize("NFKC", text)).translate(_QUOTES)
    bare = " ".join(_DOT_IN_DOMAIN.sub(" ", _LINK.sub(" ", bare)).split())
    return f'"{bare if len(bare) <= MAX_QUOTED else bare[: MAX_QUOTED - 1].rstrip() + "…"}"'


def _is_control(character: str) -> bool:
    # Cc and Cf: control characters, zero-width and bidirectional marks; Cs, Co and Cn: no characters at all.
    return unicodedata.category(character)[0] == "C"
