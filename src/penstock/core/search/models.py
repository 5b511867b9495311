"""What is searched for, and what is found."""

from __future__ import annotations

import re
from enum import IntEnum, StrEnum
from typing import Any

import msgspec

from penstock.kit.ids import IdKind, decode

MAX_PER_KIND = 10
MAX_HITS = 50
MAX_TEXT = 100
_ID_DIGITS = 13


class HitKind(StrEnum):
    """The types of things that are found, in the order in which equally good hits are listed."""

    DEVICE = "device"
    DASHBOARD = "dashboard"
    ALERT = "alert"
    RULE = "rule"
    CONNECTION = "connection"
    CUSTOMER = "customer"
    PROFILE = "profile"
    WEBHOOK = "webhook"
    TOKEN = "token"  # noqa: S105  (a type, not a secret)
    PERSON = "person"


class Rank(IntEnum):
    """How well a name fits, the best first."""

    EXACT = 0
    PREFIX = 1
    WORD = 2
    REST = 3


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was found: its number, name, and one line about it."""

    id: int
    name: str
    detail: str


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that was found. `id` is its public id, or for a token its name."""

    kind: HitKind
    id: str
    name: str
    detail: str
    rank: Rank


class SearchRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is searched for: a text without spaces around it, and how many hits of one kind are useful."""

    text: str
    limit: int = MAX_PER_KIND


def rank_of(name: str, text: str) -> Rank:
    """How well a name fits a text, in any case. What was found by another field than its name fits least."""
    name, text = name.casefold(), text.casefold()
    if name == text:
        return Rank.EXACT
    if name.startswith(text):
        return Rank.PREFIX
    return Rank.WORD if re.search(rf"\b{re.escape(text)}", name) else Rank.REST


def id_range(kind: IdKind[Any], text: str) -> tuple[int, int] | None:
    """The lowest and the highest id that begin with a text such as `dev_0c2k`; None if no id of this kind does."""
    head, _, digits = text.lower().partition("_")
    if head != kind or not digits or len(digits) > _ID_DIGITS:
        return None
    lowest, highest = (decode(kind, f"{head}_{digits.ljust(_ID_DIGITS, end)}") for end in ("0", "z"))
    # The first of the digits has few values, so the highest id can be above all numbers.
    return None if lowest is None else (lowest, 2**63 - 1 if highest is None else highest)
