"""Typed ids: a prefix for people, 63 bits for the database, sortable by creation.

An id is an integer inside (`Id`) and text at every border (`dev_0c2k9fq7w3m1x`). The integer is 41 bits of milliseconds
since 2024-01-01 UTC and 22 random bits, forced upwards inside one process; the text is 13 lower-case Crockford base32
digits, so that text and integer sort alike.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from enum import StrEnum

_EPOCH_MS = 1_704_067_200_000
_RANDOM_BITS = 22
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [high + low for high in _DIGITS for low in _DIGITS]
_TO_PYTHON = str.maketrans(
    {chr(code): "!" for code in range(128)} | dict(zip(_DIGITS, "0123456789abcdefghijklmnopqrstuv", strict=True))
)
"""Crockford's digits to those of `int(text, 32)`; whatever is none of them becomes something that `int` refuses."""
_LENGTH = 13
MAX_ID = 2**63 - 1


class Prefix(StrEnum):
    """The kinds of things that have an id, by the word in front of it."""

    ORGANIZATION = "org"
    PROJECT = "prj"
    USER = "usr"
    SESSION = "ses"
    GROUP = "grp"
    INVITATION = "inv"
    KEY = "key"
    DEVICE = "dev"
    SENSOR = "sen"
    READING = "tel"
    EVENT = "evt"
    DEFINITION = "def"
    EXECUTION = "cmd"
    EVENT_TYPE = "ety"
    CUSTOMER = "cus"
    RESIDENT = "res"
    CONNECTION = "con"
    PROFILE = "prf"
    CODEC = "cdc"
    STATEMENT = "sta"
    ALERT = "alert"
    CHANNEL = "chn"
    WEBHOOK = "whe"
    WEBHOOK_MESSAGE = "msg"
    WEBHOOK_ATTEMPT = "att"
    RULE = "rul"
    VERSION = "rvn"
    RUN = "run"
    HOOK = "hok"
    REHEARSAL = "reh"


def made_us(number: int) -> int:
    """When an id was made, in microseconds since 1970."""
    return ((number >> _RANDOM_BITS) + _EPOCH_MS) * 1000


def encode(prefix: str, number: int) -> str:
    """The text of an id.

    Raises:
        ValueError: `number` is negative or needs more than 63 bits.
    """
    if not 0 <= number <= MAX_ID:
        raise ValueError("an id has 63 bits")
    pairs, ten_bits = _PAIRS, 1023
    return (
        f"{prefix}_{_DIGITS[number >> 60]}{pairs[number >> 50 & ten_bits]}{pairs[number >> 40 & ten_bits]}"
        f"{pairs[number >> 30 & ten_bits]}{pairs[number >> 20 & ten_bits]}{pairs[number >> 10 & ten_bits]}"
        f"{pairs[number & ten_bits]}"
    )


def decode(prefix: str, text: str) -> int | None:
    """The number of an id's text, or None when the text is no id of this kind."""
    head, _, digits = text.partition("_")
    if head != prefix or len(digits) != _LENGTH or not digits.isascii():
        return None
    try:
        number = int(digits.translate(_TO_PYTHON), 32)
    except ValueError:
        return None
    return number if number <= MAX_ID else None


def first_id_at(moment_us: int) -> int:
    """The lowest id that can be made from a moment on: the way from times to ids, which sort by creation."""
    return min(max(moment_us // 1000 - _EPOCH_MS, 0) << _RANDOM_BITS, MAX_ID)


def object_id(moment_us: int, number: int) -> str:
    """An id in the manner of MongoDB: 24 hex digits, of which the first eight are a moment's seconds."""
    return f"{moment_us // 1_000_000 & 0xFFFFFFFF:08x}{number:016x}"


class IdSource:
    """Makes ids: by the clock, never twice in one process, rarely (2^-22 per millisecond) in two."""

    def __init__(self, now_us: Callable[[], int]) -> None:
        self._now_us = now_us
        self._last = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        """A new id, greater than every one before it."""
        ms = max(self._now_us() // 1000 - _EPOCH_MS, 0)
        with self._lock:
            self._last = max(self._last + 1, ms << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS - 2))
            return self._last
