"""How an API key's value looks: cosmetic, chosen at creation. Every style works on every surface.

`penstock` carries a checksum (kit/secret.py), so that scanners can tell a real key; the other styles copy the vendors' own
keys, for integrations that look at the form. Each has at least 119 random bits.
Sources: surfaces/kilo.md 2.1, siliconwit.md 3.1 (`swk_` and 24 base62), datakubo.md 2, kaito.md 1; Iottly shows 32 hex.
"""

from __future__ import annotations

import re
import secrets
from enum import StrEnum

from penstock.kit.secret import BASE62, new_credential, well_formed

PENSTOCK_PREFIX = "psk_"


class KeyStyle(StrEnum):
    """Whose keys a value looks like."""

    PENSTOCK = "penstock"
    KILO = "kilo"
    DATAKUBO = "datakubo"
    KAITO = "kaito"
    SILICONWIT = "siliconwit"
    IOTTLY = "iottly"


_PREFIXES = {
    KeyStyle.KILO: ("kilo_", 32),
    KeyStyle.DATAKUBO: ("dk_live_", 32),
    KeyStyle.KAITO: ("kto_live_", 32),
    KeyStyle.SILICONWIT: ("swk_", 24),
}
_IOTTLY = re.compile(rb"[0-9a-f]{32}")
_OTHERS = re.compile(b"|".join(b"%s[0-9A-Za-z]{%d}" % (prefix.encode(), digits) for prefix, digits in _PREFIXES.values()))
_SHOWN = {KeyStyle.PENSTOCK: 8, KeyStyle.IOTTLY: 6}


def new_value(style: KeyStyle) -> str:
    """A new random value of this style."""
    if style is KeyStyle.PENSTOCK:
        return new_credential(PENSTOCK_PREFIX)
    if style is KeyStyle.IOTTLY:
        return secrets.token_hex(16)
    prefix, digits = _PREFIXES[style]
    return prefix + "".join(secrets.choice(BASE62) for _ in range(digits))


def shown_prefix(style: KeyStyle, value: str) -> str:
    """The part of a value that stays visible: the style's prefix and a few characters."""
    if style in _SHOWN:
        return value[: _SHOWN[style]]
    return value[: len(_PREFIXES[style][0]) + 4]


def looks_like_key(value: bytes) -> bool:
    """Whether a text has the form of any style; says nothing of its being known."""
    if value.startswith(PENSTOCK_PREFIX.encode()):
        return well_formed(value.decode("latin-1"), PENSTOCK_PREFIX)
    return (_OTHERS.fullmatch(value) or _IOTTLY.fullmatch(value)) is not None
