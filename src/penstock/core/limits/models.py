"""A limit, its state, and what came of asking for a share of it."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Window(StrEnum):
    """Over which time a limit counts: a minute slides, a day ends at midnight UTC."""

    MINUTE = "minute"
    DAY = "day"


class LimitScope(StrEnum):
    """Who shares a limit."""

    ACCOUNT = "account"
    KEY = "key"
    GROUP = "group"
    ADDRESS = "address"


class Limit(msgspec.Struct, frozen=True, gc=False):
    """So many in a window, for each subject of a scope. `name` tells limits apart that share subject and window."""

    name: str
    scope: LimitScope
    count: int
    window: Window


class State(msgspec.Struct, frozen=True, gc=False):
    """What is left of a limit. `reset_s` is how long until all of it is there again, in seconds."""

    limit: Limit
    remaining: int
    reset_s: float


class Verdict(msgspec.Struct, frozen=True):
    """Whether something may pass. `refused` is the limit in the way and `retry_after_s` when it will not be."""

    states: tuple[State, ...] = ()
    refused: State | None = None
    retry_after_s: int = 0


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """How often a limit refused something in an hour: a line of the ledger."""

    hour_us: int
    limit: str
    scope: str
    subject: str
    count: int
