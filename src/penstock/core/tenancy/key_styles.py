"""The form of an API key's value: cosmetic, chosen when the key is created. Every style works on every surface.

Penstock's own style contains a checksum (kit/secret.py), so that scanners can recognise a real key. A dialect may add a style
that looks like its vendor's keys, for clients that check the form. Each style has at least 119 random bits.
"""

from __future__ import annotations

import math
import re
import secrets
from collections.abc import Iterable

import msgspec

from penstock.kit.errors import InvalidInput
from penstock.kit.secret import BASE62, SHOWN_PREFIX, new_credential, well_formed

OWN_STYLE = "penstock"
PENSTOCK_PREFIX = "psk_"
MIN_RANDOM_BITS = 119


class KeyStyle(msgspec.Struct, frozen=True, kw_only=True):
    """A prefix, and random characters of an alphabet. `shown` is how many characters of a value remain visible."""

    name: str
    digits: int
    shown: int
    prefix: str = ""
    alphabet: str = BASE62

    @property
    def pattern(self) -> bytes:
        """A regular expression that matches all values."""
        return b"%s[%s]{%d}" % (re.escape(self.prefix.encode()), re.escape(self.alphabet.encode()), self.digits)

    def new_value(self) -> str:
        """A new random value."""
        return self.prefix + "".join(secrets.choice(self.alphabet) for _ in range(self.digits))


class KeyStyles:
    """Penstock's own style and those of dialects.

    Raises:
        ValueError: two styles have the same name, or the values of one can be guessed.
    """

    def __init__(self, others: Iterable[KeyStyle] = ()) -> None:
        self._others: dict[str, KeyStyle] = {}
        for style in others:
            if style.name == OWN_STYLE or style.name in self._others:
                raise ValueError(f"key style {style.name} must not be defined twice")
            if style.digits * math.log2(len(set(style.alphabet))) < MIN_RANDOM_BITS:
                raise ValueError(f"values of key style {style.name} can be guessed")
            self._others[style.name] = style
        # One expression for all styles, because every call with an uncached key runs it. Without dialects' styles it matches
        # nothing.
        self._form = re.compile(b"|".join(style.pattern for style in self._others.values()) or b"(?!)")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all styles, Penstock's own first."""
        return OWN_STYLE, *self._others

    def new_value(self, name: str) -> str:
        """A new random value of a style.

        Raises:
            InvalidInput: the style does not exist.
        """
        return new_credential(PENSTOCK_PREFIX) if name == OWN_STYLE else self._get(name).new_value()

    def shown_prefix(self, name: str, value: str) -> str:
        """The visible part of a value: the style's prefix and a few characters."""
        return value[: SHOWN_PREFIX if name == OWN_STYLE else self._get(name).shown]

    def looks_like_key(self, value: bytes) -> bool:
        """Whether a value has the form of any style. The key may still be unknown."""
        if value.startswith(PENSTOCK_PREFIX.encode()):
            # Latin-1 decodes every byte, so a value that is not ASCII is rejected instead of raising an error.
            return well_formed(value.decode("latin-1"), PENSTOCK_PREFIX)
        return self._form.fullmatch(value) is not None

    def _get(self, name: str) -> KeyStyle:
        style = self._others.get(name)
        if style is None:
            raise InvalidInput.field("style", f"must be one of {', '.join(self.names)}")
        return style
