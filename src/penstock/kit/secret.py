"""Secrets: values that must not be shown, and the random credentials that Penstock issues.

A credential is a typed prefix, 30 random base62 digits (178 bits) and a CRC-32 of all before it in 6 base62 digits. The checksum
allows a mistyped or forged value to be rejected without a look-up, and scanners to recognise a real one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

MASK = "•••"
"""The text shown instead of a secret."""
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_MASKED_FROM = 4
"""Length of a value from which it is masked in texts: shorter ones would be found in words."""
_RANDOM_DIGITS = 30
_CHECK_DIGITS = 6
SHOWN_PREFIX = 8
"""How many characters of a credential remain visible after it was created."""
_CREDENTIAL = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2,12}_(?=[0-9A-Za-z]{20})[0-9A-Za-z]+|eyJ[\w-]{8,}\.[\w.-]+")
"""A credential of any kind within a text: a prefix and many random digits, or a JSON web token. Ids have fewer digits."""


class Secret:
    """A string that is never shown in logs or `repr`; call `reveal` only where it leaves the process on purpose."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))


_MASKED = Secret("")
_HIDDEN = "__penstock_hidden__"
C = TypeVar("C", bound=type[Any])


def hides(*fields: str) -> Callable[[C], C]:
    """Mark a struct that contains plain secrets in a request or response: these fields are shown as dots.

    Then neither a log line nor a debugger prints them.
    """

    def mark(cls: C) -> C:
        def parts(self: Any) -> Iterator[tuple[str, Any]]:
            for name in cls.__struct_fields__:
                value = getattr(self, name)
                yield name, _MASKED if name in fields and value else value

        def shown(self: Any) -> str:
            return f"{cls.__name__}({', '.join(f'{name}={value!r}' for name, value in parts(self))})"

        assert set(fields) <= set(cls.__struct_fields__)
        cls.__repr__, cls.__rich_repr__ = shown, parts  # type: ignore[assignment]  # a class receives its methods
        setattr(cls, _HIDDEN, hidden_fields(cls) | set(fields))
        return cls

    return mark


def hidden_fields(struct: type[Any]) -> frozenset[str]:
    """The fields of a struct that contain plain secrets, as `hides` marked them."""
    found: frozenset[str] = getattr(struct, _HIDDEN, frozenset())
    return found


def _base62(number: int, digits: int) -> str:
    out = []
    for _ in range(digits):
        number, rest = divmod(number, 62)
        out.append(BASE62[rest])
    return "".join(reversed(out))


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), _CHECK_DIGITS)


def new_credential(prefix: str) -> str:
    """A new random credential, such as `psk_…` (`prefix` carries its underscore)."""
    body = prefix + "".join(secrets.choice(BASE62) for _ in range(_RANDOM_DIGITS))
    return body + _checksum(body)


def well_formed(text: str, prefix: str) -> bool:
    """Whether a text is a credential with this prefix by form and checksum. It may still be unknown."""
    if len(text) != len(prefix) + _RANDOM_DIGITS + _CHECK_DIGITS or not text.startswith(prefix):
        return False
    body, check = text[:-_CHECK_DIGITS], text[-_CHECK_DIGITS:]
    return body.isascii() and hmac.compare_digest(_checksum(body), check) if check.isascii() else False


def mask_credentials(text: str) -> str:
    """A text as sent, without the credentials in it: for logs, and for errors that others can read."""
    return _CREDENTIAL.sub(lambda found: found[0][: found[0].find("_") + 1] + MASK, text)


def mask_values(text: str, values: Iterable[str]) -> str:
    """A text from a receiver of secrets, without these: as they are, or escaped in JSON. Very short ones are kept."""
    forms = {form for value in values for form in (value, json.dumps(value)[1:-1]) if len(value) >= _MASKED_FROM}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, MASK)
    return text


def new_password() -> str:
    """A password for a user to change: 20 base62 digits, 119 bits."""
    return "".join(secrets.choice(BASE62) for _ in range(20))


def new_hex() -> str:
    """32 random hexadecimal digits, 128 bits: for values whose form a vendor prescribes."""
    return secrets.token_hex(16)


class Pepper:
    """The server's key for storing credentials: without it, the stored hashes cannot be tested."""

    __slots__ = ("_inner", "_key", "_outer")

    def __init__(self, key: bytes) -> None:
        if not 32 <= len(key) <= 64:
            raise ValueError("the pepper must have 32 to 64 bytes")
        self._key = key
        # HMAC's two keyed blocks are the same for every credential: hashed once here, copied on each use. This takes a third of
        # the time of a whole HMAC, and runs on every request.
        block = key.ljust(64, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def digest(self, credential: bytes) -> bytes:
        """HMAC-SHA-256 of a credential: the value that is stored and looked up.

        Source: ASVS 5.0, 6.5.2: a plain keyed hash is sufficient at or above 112 random bits.
        """
        inner = self._inner.copy()
        inner.update(credential)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for another purpose, from which the pepper cannot be computed."""
        return hashlib.blake2b(purpose.encode(), key=self._key[:64], digest_size=32).digest()
